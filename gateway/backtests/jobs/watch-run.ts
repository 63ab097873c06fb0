import type { Clock, Timer } from '../../../core/ports/clock.ts';

export interface RunWatchOptions {
  readonly clock: Clock;
  /** Between two looks, and two writes of the progress. */
  readonly everyMs: number;
  /** Whether the run is to go on; with progress that is to be written, null for none. Rejects where nobody can tell. */
  readonly goOn: (progress: number | null) => Promise<boolean>;
  readonly onFailure: (error: unknown) => void;
}

/** Looks after a run while it is under way. */
export interface RunWatch {
  /** Aborted when it is not to go on. */
  readonly signal: AbortSignal;
  /** From 0 to 1; written with the next look. */
  progress(value: number): void;
  /** Looks at once: something has changed. */
  look(): void;
  /** Resolves when nothing is being written any more. */
  close(): Promise<void>;
}

export function watchRun({ clock, everyMs, goOn, onFailure }: RunWatchOptions): RunWatch {
  const ending = new AbortController();
  let waiting: number | null = null;
  let looking: Promise<void> | null = null;
  let timer: Timer | null = null;
  let isClosed = false;

  async function ask(): Promise<void> {
    const progress = waiting;
    waiting = null;
    try {
      if (!(await goOn(progress))) ending.abort(new Error('the backtest is not wanted from this process'));
    } catch (error) {
      onFailure(error);
    }
  }

  function look(): void {
    timer?.cancel();
    timer = null;
    if (isClosed || looking !== null || ending.signal.aborted) return;
    looking = ask().finally(() => {
      looking = null;
      if (!isClosed) timer = clock.after(everyMs, look);
    });
  }

  timer = clock.after(everyMs, look);

  return {
    signal: ending.signal,
    progress(value) {
      waiting = value;
    },
    look,
    async close() {
      isClosed = true;
      timer?.cancel();
      await looking;
    },
  };
}
