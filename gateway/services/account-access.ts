import { LRUCache } from 'lru-cache';

import type { AccountDirectory, AccountEntry } from '../../core/ports/account-directory.ts';
import type { RequestContext } from '../../schema/context.ts';
import { notFound } from '../../schema/errors/api-error.ts';

/** Entries never change, so they are kept for as long as there is room. */
const CACHED_ENTRIES = 100_000;

/** Whose an account is. What is not the caller's is as if it did not exist. */
export interface AccountAccess {
  /** Throws UNAUTHENTICATED. */
  find(context: RequestContext, accountId: string): Promise<AccountEntry | null>;
  /** Throws NOT_FOUND, with the argument's path. */
  require(context: RequestContext, accountId: string, field: string): Promise<AccountEntry>;
  /** Has the entries at hand for `known`; asks for all that are missing at once. */
  learn(context: RequestContext, accountIds: readonly string[]): Promise<void>;
  /** Without a look at the directory. */
  known(accountId: string): AccountEntry | null;
}

export function createAccountAccess(directory: Pick<AccountDirectory, 'find'>): AccountAccess {
  const entries = new LRUCache<string, AccountEntry>({ max: CACHED_ENTRIES });

  const learn = async ({ signal }: RequestContext, accountIds: readonly string[]): Promise<void> => {
    const missing = accountIds.filter((id) => !entries.has(id));
    if (missing.length === 0) return;
    for (const entry of await directory.find(missing, signal)) entries.set(entry.accountId, entry);
  };

  const find = async (context: RequestContext, accountId: string): Promise<AccountEntry | null> => {
    const { workspaceId } = context.requirePrincipal();
    if (!entries.has(accountId)) await learn(context, [accountId]);
    const entry = entries.get(accountId);
    return entry?.workspaceId === workspaceId ? entry : null;
  };

  return {
    find,
    learn,
    known: (accountId) => entries.get(accountId) ?? null,
    async require(context, accountId, field) {
      const entry = await find(context, accountId);
      if (entry === null) throw notFound('account', accountId, field);
      return entry;
    },
  };
}
