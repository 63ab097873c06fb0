import type { AnswerSlot } from './answer-slot.ts';
import type { FromStrategy } from './strategy-protocol.ts';

/** About as long as being woken takes: longer takes the processor from a strategy that waits for one. */
const LOOK_MS = 0.1;
/** Most requests in a row that nobody looks for: twice as many after each look in vain, until one is not. */
const MOST_PASSED = 31;

/**
 * Has the gateway look for the answer to a request once in each turn of its event loop, which goes on with all else
 * that it has to do. Call what is returned with each request whose answer may be there at once.
 */
export function lookForAnswers(slot: AnswerSlot, listener: (message: FromStrategy) => void): () => void {
  let isLooking = false;
  let until = 0;
  let passes = 0;
  let toPass = 0;

  function look(): void {
    const answer = slot.take();
    if (answer === undefined && performance.now() < until) {
      setImmediate(look);
      return;
    }
    isLooking = false;
    slot.setLooking(false);
    const last = slot.take();
    passes = answer === undefined && last === undefined ? Math.min(passes * 2 + 1, MOST_PASSED) : 0;
    toPass = passes;
    if (answer !== undefined) listener(answer);
    if (last !== undefined) listener(last);
  }

  return () => {
    if (toPass > 0) {
      toPass -= 1;
      return;
    }
    until = performance.now() + LOOK_MS;
    if (isLooking) return;
    isLooking = true;
    slot.setLooking(true);
    setImmediate(look);
  };
}
