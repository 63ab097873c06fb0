import { NotOwnerError } from '../ports/forwarder.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { UnavailableError } from './command-reply.ts';
import type { Work } from './work.ts';

/** Tells whoever waits for works of an account that they came to nothing here. */
export interface Rejections {
  readonly refuse: (
    works: readonly Work[],
    outcome: UnavailableError['outcome'],
    why: string,
    cause?: unknown,
  ) => void;
  /** The account is not ours (any more): the next owner may be asked. */
  readonly disown: (works: readonly Work[]) => void;
}

export function createRejections(accountId: string, telemetry: Telemetry): Rejections {
  function reject(works: readonly Work[], error: Error, cause: string): void {
    for (const work of works) {
      if (work.kind === 'system') {
        work.settled?.(false);
      } else {
        work.reject(error);
        telemetry.count('commands_refused_total', { cause });
      }
    }
  }
  return {
    refuse(works, outcome, why, cause) {
      reject(works, new UnavailableError(outcome, why, { cause }), outcome);
    },
    disown(works) {
      reject(works, new NotOwnerError(accountId), 'NOT_OWNER');
    },
  };
}
