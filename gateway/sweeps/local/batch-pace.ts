/** A batch takes about as long, so that the way to its thread and back does not count, and progress is seen. */
const BATCH_MS = 400;
const MOST_OF_BATCH = 64;

/** How many runs a thread is given at a time. */
export interface BatchPace {
  /** Of so many that wait, with so many threads that want some. */
  size(waiting: number, threads: number): number;
  /** A run took so long in its thread. */
  took(ms: number): void;
}

export function createBatchPace(): BatchPace {
  let runs = 0;
  let ms = 0;
  return {
    size(waiting, threads) {
      const affordable = runs === 0 ? 1 : Math.floor((BATCH_MS * runs) / Math.max(ms, 1));
      const share = Math.ceil(waiting / threads);
      return Math.max(1, Math.min(affordable, share, MOST_OF_BATCH));
    },
    took(more) {
      runs += 1;
      ms += more;
    },
  };
}
