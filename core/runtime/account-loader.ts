import { EVENT_SCHEMA } from '../engine/account-event.ts';
import type { AccountState } from '../engine/account-state.ts';
import { apply } from '../engine/apply.ts';
import { createAccountState } from '../engine/initial-state.ts';
import { SchemaError, upcast } from '../engine/schema.ts';
import { restoreState } from '../engine/snapshot.ts';
import type { Clock } from '../ports/clock.ts';
import { type Journal, JournalError } from '../ports/journal.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { withDeadline } from './deadline.ts';

/** The account's journal cannot be folded: trying again does not help, a person has to look. */
export class BrokenAccountError extends Error {
  readonly code = 'ACCOUNT_BROKEN';

  constructor(accountId: string, cause: unknown) {
    super(
      `the journal of account ${accountId} cannot be loaded: ${cause instanceof Error ? cause.message : 'unknown'}`,
      {
        cause,
      },
    );
    this.name = 'BrokenAccountError';
  }
}

export interface LoadedAccount {
  readonly state: AccountState;
  /** Sequence of the snapshot that it started from; 0 without one. */
  readonly snapshotSeq: number;
}

export interface AccountLoaderOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** For the snapshot, and between two pages of events. */
  readonly timeoutMs: number;
}

export type AccountLoader = (accountId: string, signal: AbortSignal) => Promise<LoadedAccount>;

/**
 * Brings an account into memory: its latest snapshot and the events since. Throws BrokenAccountError
 * when the journal is damaged or newer than the program, and whatever the journal throws when it cannot
 * be reached.
 */
export function createAccountLoader(options: AccountLoaderOptions): AccountLoader {
  const { clock, journal, telemetry, timeoutMs } = options;

  async function startOf(accountId: string, signal: AbortSignal): Promise<LoadedAccount> {
    const snapshot = await withDeadline(
      clock,
      timeoutMs,
      'the snapshot',
      (s) => journal.latestSnapshot(accountId, s),
      signal,
    );
    if (snapshot !== null) {
      try {
        return { state: restoreState(snapshot.state), snapshotSeq: snapshot.seq };
      } catch (error) {
        // Snapshots only make restarts quick: the journal has everything.
        telemetry.log('warn', 'a snapshot could not be used', {
          account: accountId,
          seq: snapshot.seq,
          error,
        });
      }
    }
    return { state: createAccountState(accountId), snapshotSeq: 0 };
  }

  return async (accountId, signal) => {
    const started = clock.monotonic();
    const loaded = await startOf(accountId, signal);
    const { state } = loaded;
    const pages = journal.read(accountId, state.seq, signal)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const page = await withDeadline(clock, timeoutMs, 'the journal', () => pages.next(), signal);
        if (page.done === true) {
          break;
        }
        for (const event of page.value) {
          apply(
            state,
            event.schema === EVENT_SCHEMA ? event : upcast({ ...event, event: { ...event.event } }),
          );
        }
      }
    } catch (error) {
      throw isDamage(error) ? new BrokenAccountError(accountId, error) : error;
    } finally {
      await pages.return?.();
    }
    telemetry.observe('account_load_seconds', (clock.monotonic() - started) / 1_000);
    return loaded;
  };
}

/** What reading again will not mend: everything but a journal that cannot be reached. */
function isDamage(error: unknown): boolean {
  if (error instanceof JournalError) {
    return error.code === 'CORRUPT' || error.code === 'NEWER_SCHEMA';
  }
  if (error instanceof SchemaError) {
    return true;
  }
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'OUT_OF_SEQUENCE' || code === 'INVALID_TRANSITION' || code === 'INVALID_DECIMAL';
}
