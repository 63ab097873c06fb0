/** The entry of a sandboxed process: one job of a stranger's code; started by sandbox-process.ts. */
import { Socket } from 'node:net';

import { createFrameReader, encodeFrame } from './frames.ts';
import { limitOutput } from './limit-output.ts';
import { closeFences } from './process-fences.ts';
import { runProbe } from './process-probe.ts';
import {
  CHANNEL_FD,
  FIRST_CREDITS,
  fromPlainRequest,
  type FromProcess,
  LARGEST_FROM_PROCESS,
  LARGEST_TO_PROCESS,
  type ProcessJob,
  PROTOCOL_VERSION,
  type ToProcess,
} from './process-protocol.ts';
import { checkOptimizer, checkStrategy, describePlugin, usesOfStrategy } from './read-plugin.ts';
import { failureOf, serveStrategy } from './serve-strategy.ts';
import type { NumberedRequest } from './strategy-protocol.ts';

const channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
// Without its gateway it has nothing to do.
const end = (): void => process.exit(0);
channel.on('close', end).on('end', end).on('error', end);

const waiting: Buffer[] = [];
let credits = FIRST_CREDITS;
let listener: ((request: NumberedRequest) => void) | null = null;

/** What may not be sent yet waits for the next credit. */
function send(): void {
  for (; credits > 0; credits -= 1) {
    const next = waiting.shift();
    if (next === undefined) return;
    channel.write(next);
  }
}

function tell(message: FromProcess): void {
  waiting.push(frameOf(message));
  send();
}

function frameOf(message: FromProcess): Buffer {
  try {
    return encodeFrame(message, LARGEST_FROM_PROCESS);
  } catch (error) {
    const code = 'STRATEGY_MESSAGE_TOO_LARGE';
    const failure = {
      code,
      message: `its effects and its snapshot are too large: ${failureOf(error).message}`,
    };
    return encodeFrame(
      { kind: 'failed', id: 'id' in message ? message.id : null, failure },
      LARGEST_FROM_PROCESS,
    );
  }
}

async function work(job: ProcessJob): Promise<void> {
  switch (job.kind) {
    case 'serve':
      await serveStrategy(job.assignment, {
        tell,
        onRequest: (asked) => {
          listener = asked;
        },
      });
      return;
    case 'describe':
      tell({ kind: 'result', value: await describePlugin(job.specifier) });
      return;
    case 'checkStrategy':
      tell({ kind: 'result', value: await checkStrategy(job) });
      return;
    case 'uses':
      tell({ kind: 'result', value: await usesOfStrategy(job) });
      return;
    case 'checkOptimizer':
      tell({ kind: 'result', value: await checkOptimizer(job) });
      return;
    case 'probe':
      tell({ kind: 'result', value: await runProbe(job) });
  }
}

function take(message: ToProcess): void {
  credits += message.credit;
  send();
  if (message.kind === 'request') {
    listener?.({ id: message.id, request: fromPlainRequest(message.request) });
    return;
  }
  if (message.version !== PROTOCOL_VERSION) end();
  limitOutput();
  if (message.job.kind !== 'probe') closeFences();
  work(message.job).catch((error: unknown) => {
    tell({ kind: 'failed', id: null, failure: failureOf(error) });
  });
}

const read = createFrameReader(LARGEST_TO_PROCESS, (message) => {
  // From the gateway, which is trusted.
  take(message as ToProcess);
});
channel.on('data', read);
tell({ kind: 'hello', version: PROTOCOL_VERSION });
