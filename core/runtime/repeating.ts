import type { Clock, Timer } from '../ports/clock.ts';

/** Tasks that are done again and again until they are closed. */
export interface Repeating {
  every(ms: number, task: () => void): void;
  close(): void;
}

export function createRepeating(clock: Clock): Repeating {
  const timers = new Set<Timer>();
  let isClosed = false;

  function every(ms: number, task: () => void): void {
    const timer = clock.after(ms, () => {
      timers.delete(timer);
      if (!isClosed) {
        task();
        every(ms, task);
      }
    });
    timers.add(timer);
  }

  return {
    every,
    close() {
      isClosed = true;
      for (const timer of timers) {
        timer.cancel();
      }
    },
  };
}
