import type { ServerResponse } from 'node:http';

import { UnavailableError } from '../../../core/runtime/command-reply.ts';

/** How long an aborted request may take to say so itself. */
const GRACE_MS = 1_000;

export interface RequestDeadline {
  readonly signal: AbortSignal;
  /** The work's result; rejects with UnavailableError for work that does not heed the signal. */
  within<T>(work: Promise<T>): Promise<T>;
}

/** Aborts when the client is gone and when the time is over. What was under way then has an unknown end. */
export function startDeadline(response: ServerResponse, timeoutMs: number): RequestDeadline {
  const controller = new AbortController();
  const giveUp = (why: string): void => {
    controller.abort(new UnavailableError('UNKNOWN', why));
  };
  response.once('close', () => {
    if (!response.writableEnded) giveUp('the client is gone');
  });
  return {
    signal: controller.signal,
    within: (work) =>
      new Promise((resolve, reject) => {
        let timer = setTimeout(() => {
          giveUp('the request took too long');
          timer = setTimeout(() => {
            reject(new UnavailableError('UNKNOWN', 'the request took too long'));
          }, GRACE_MS);
        }, timeoutMs);
        work.then(resolve, reject).finally(() => {
          clearTimeout(timer);
        });
      }),
  };
}
