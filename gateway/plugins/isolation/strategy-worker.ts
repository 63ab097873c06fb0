/** A worker thread that runs one strategy; started by worker-strategies.ts. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

import { AnswerSlot } from './answer-slot.ts';
import { GoOnSignal } from './go-on-signal.ts';
import { serveStrategy } from './serve-strategy.ts';
import type { FromStrategy, NumberedRequest, ThreadAssignment } from './strategy-protocol.ts';

/**
 * A strategy that catches up is asked again as soon as its step is committed. To be woken for that takes longer than the
 * step: it looks for itself, for no longer than being woken would take.
 */
const LOOK_MS = 0.1;
/** A look at the port takes longer than one at the signal. */
const LOOKS_BETWEEN = 16;

const { answers, assignment, goOn } = workerData as ThreadAssignment;
const signal = new GoOnSignal(goOn);
const slot = new AnswerSlot(answers);

function nextRequest(): NumberedRequest | undefined {
  signal.setLooking(true);
  const until = performance.now() + LOOK_MS;
  do {
    for (let looks = 0; looks < LOOKS_BETWEEN; looks += 1) {
      const given = signal.take();
      if (given !== undefined) return given;
    }
    const sent = sentRequest();
    if (sent !== undefined) return sent;
  } while (performance.now() < until);
  signal.setLooking(false);
  return signal.take();
}

function sentRequest(): NumberedRequest | undefined {
  if (parentPort === null) return undefined;
  const received = receiveMessageOnPort(parentPort) as { message: NumberedRequest } | undefined;
  return received !== undefined && signal.isNew(received.message) ? received.message : undefined;
}

function withText(message: FromStrategy): FromStrategy {
  if (message.kind !== 'answer' || message.answer === null || message.answer.saved === null) return message;
  return { ...message, answer: { ...message.answer, saved: JSON.stringify(message.answer.saved) } };
}

await serveStrategy(assignment, {
  tell(message) {
    const told = withText(message);
    if (!slot.give(told)) parentPort?.postMessage(told);
  },
  onRequest(listener) {
    parentPort?.on('message', (first: NumberedRequest) => {
      if (!signal.isNew(first)) return;
      for (let request: NumberedRequest | undefined = first; request !== undefined; request = nextRequest()) {
        listener(request);
      }
    });
  },
});
