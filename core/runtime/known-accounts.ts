import type { AccountDirectory, AccountEntry } from '../ports/account-directory.ts';
import type { Clock } from '../ports/clock.ts';
import { UnavailableError } from './command-reply.ts';
import { withDeadline } from './deadline.ts';

/** The directory with what has been asked of it kept, since entries never change. */
export interface KnownAccounts {
  /** Without asking; undefined when it has not been asked for. */
  peek(accountId: string): AccountEntry | undefined;
  /** Throws UnavailableError when the directory cannot be reached. */
  find(accountId: string): Promise<AccountEntry | null>;
  add(entry: AccountEntry): Promise<AccountEntry>;
}

/** Entries are small; beyond this many the oldest are asked for again. */
const MOST = 100_000;

export function createKnownAccounts(
  directory: AccountDirectory,
  clock: Clock,
  timeoutMs: number,
): KnownAccounts {
  const known = new Map<string, AccountEntry>();

  function keep(entry: AccountEntry): AccountEntry {
    known.set(entry.accountId, entry);
    if (known.size > MOST) {
      const [oldest = ''] = known.keys();
      known.delete(oldest);
    }
    return entry;
  }

  async function ask<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await withDeadline(clock, timeoutMs, 'the account directory', work);
    } catch (cause) {
      throw new UnavailableError('NOT_PLACED', 'the account directory cannot be reached', { cause });
    }
  }

  return {
    peek: (accountId) => known.get(accountId),
    async find(accountId) {
      const kept = known.get(accountId);
      if (kept !== undefined) {
        return kept;
      }
      const [entry] = await ask((signal) => directory.find([accountId], signal));
      return entry === undefined ? null : keep(entry);
    },
    add: async (entry) => keep(await ask((signal) => directory.add(entry, signal))),
  };
}
