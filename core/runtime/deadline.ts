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
  return withDeadlineAt(clock, clock.monotonic() + ms, what, work, parent);
}

/**
 * The same with an instant of the monotonic clock. `signal.aborted` compares with the clock whenever it is
 * looked at: in a process that was stopped and goes on after the deadline, no timer has run yet, and
 * whoever looks before it sends must not send.
 */
export function withDeadlineAt<T>(
  clock: Clock,
  due: number,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const begun = clock.monotonic();
  return new Promise<T>((resolve, reject) => {
    let isAborted = false;
    let isOver = false;
    const abort = (reason: unknown): void => {
      isAborted = true;
      controller.abort(reason);
    };
    const tooLate = (): DeadlineError => new DeadlineError(what, Math.max(0, due - begun));
    const expire = (): void => {
      const error = tooLate();
      abort(error);
      // Gives the work a turn to answer for itself: it knows better what has happened.
      void Promise.resolve().then(() => {
        reject(error);
      });
    };
    Object.defineProperty(signal, 'aborted', {
      get() {
        // The timer, which is overdue then, gives up the work: it may still answer for itself.
        if (!isAborted && !isOver && clock.monotonic() >= due) abort(tooLate());
        return isAborted;
      },
    });
    const onParent = (): void => {
      abort(parent?.reason);
    };
    const timer = clock.after(Math.max(0, due - begun), expire);
    const finish = (): void => {
      isOver = true;
      timer.cancel();
      parent?.removeEventListener('abort', onParent);
    };
    if (parent?.aborted === true) {
      onParent();
    } else {
      parent?.addEventListener('abort', onParent, { once: true });
    }
    work(signal).then(
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
