import type { Clock } from '../ports/clock.ts';
import { pause } from './deadline.ts';

/** Keeps work that never waits for anything from having the event loop to itself. */
export interface LoopTurns {
  /** Null while others have had their turn lately; else what to wait for before going on. */
  due(): Promise<void> | null;
}

const SLICE_MS = 2;
/** As long as the work itself: a flood gets half of the process at most. */
const REST_MS = 2;
/** Where the clock stands still while work is done, as in a simulation. */
const SLICE_STEPS = 1_000;

export function createLoopTurns(clock: Clock, signal: AbortSignal): LoopTurns {
  let isWaiting = false;
  let begun = 0;
  let steps = 0;
  return {
    due() {
      if (!isWaiting) {
        isWaiting = true;
        begun = clock.monotonic();
        steps = 0;
        // Runs as soon as the loop turns, be it by itself: then nobody was kept waiting.
        clock.after(0, () => (isWaiting = false));
        return null;
      }
      steps += 1;
      return steps >= SLICE_STEPS || clock.monotonic() - begun >= SLICE_MS
        ? pause(clock, REST_MS, signal)
        : null;
    },
  };
}
