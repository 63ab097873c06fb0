import type { Clock } from '../../../core/ports/clock.ts';

export interface RunSaverOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Stores it in place of the one before. Rejects where the database cannot be reached. */
  readonly store: (content: Uint8Array) => Promise<unknown>;
  readonly onFailure: (error: unknown) => void;
  /** Aborted when the process is about to end. */
  readonly stopping: AbortSignal;
  /** How long a last snapshot is waited for then. */
  readonly patienceMs: number;
}

/** Stores the snapshots of a run, one at a time, the latest in place of one that waits. */
export interface RunSaver {
  /** Null: there was none to be had. */
  take(content: Uint8Array | null): void;
  /** Aborted when the process is about to end and the last snapshot is stored, or was not to be had in time. */
  readonly left: AbortSignal;
  /** Resolves when nothing is being stored any more. */
  close(): Promise<void>;
}

export function createRunSaver(options: RunSaverOptions): RunSaver {
  const { clock, onFailure, patienceMs, stopping, store } = options;
  const leaving = new AbortController();
  let waiting: Uint8Array | null = null;
  let storing: Promise<void> | null = null;
  let isClosed = false;

  async function storeAll(): Promise<void> {
    while (waiting !== null) {
      const content = waiting;
      waiting = null;
      await store(content).catch(onFailure);
    }
    storing = null;
  }

  function leave(): void {
    leaving.abort(stopping.reason);
  }

  const patience = (): void => {
    const timer = clock.after(patienceMs, leave);
    leaving.signal.addEventListener('abort', () => {
      timer.cancel();
    });
  };
  if (stopping.aborted) leave();
  else stopping.addEventListener('abort', patience, { once: true });

  return {
    left: leaving.signal,
    take(content) {
      if (isClosed) return;
      if (content !== null) {
        waiting = content;
        storing ??= storeAll();
      }
      if (stopping.aborted) void (storing ?? Promise.resolve()).then(leave);
    },
    async close() {
      isClosed = true;
      waiting = null;
      stopping.removeEventListener('abort', patience);
      await storing;
    },
  };
}
