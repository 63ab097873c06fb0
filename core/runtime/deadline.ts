import type { Clock } from '../ports/clock.ts';

/** Nothing came in time: says nothing about whether the work was done. */
export class DeadlineError extends Error {
  readonly code = 'DEADLINE_EXCEEDED';

  constructor(what: string, ms: number) {
    super(`${what} did not answer within ${String(ms)} ms`);
    this.name = 'DeadlineError';
  }
}

/**
 * Runs an I/O with a deadline on the monotonic clock. The signal is aborted at the deadline or when
 * `parent` is; at the deadline the answer is a DeadlineError even if the work ignores its signal.
 */
export function withDeadline<T>(
  clock: Clock,
  ms: number,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const onParent = (): void => {
      controller.abort(parent?.reason);
    };
    const timer = clock.after(ms, () => {
      const error = new DeadlineError(what, ms);
      controller.abort(error);
      // Gives the work a turn to answer for itself: it knows better what has happened.
      void Promise.resolve().then(() => {
        reject(error);
      });
    });
    const finish = (): void => {
      timer.cancel();
      parent?.removeEventListener('abort', onParent);
    };
    if (parent?.aborted === true) {
      onParent();
    } else {
      parent?.addEventListener('abort', onParent, { once: true });
    }
    work(controller.signal).then(
      (value) => {
        finish();
        resolve(value);
      },
      (error: unknown) => {
        finish();
        reject(error instanceof Error ? error : new Error(`${what} failed`, { cause: error }));
      },
    );
  });
}

/** Resolves after `ms`, or at once when the signal is aborted. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
