import type { AccountDirectory, AccountEntry } from '../../core/ports/account-directory.ts';
import type { MemoryStore } from './memory-store.ts';

export function createMemoryDirectory(store: MemoryStore): AccountDirectory {
  return {
    async find(accountIds) {
      await Promise.resolve();
      const found: AccountEntry[] = [];
      for (const id of accountIds) {
        const entry = store.directory.get(id);
        if (entry !== undefined) {
          found.push(entry);
        }
      }
      return found;
    },
    async add(entry) {
      await Promise.resolve();
      const stored = store.directory.get(entry.accountId) ?? entry;
      store.directory.set(entry.accountId, stored);
      return stored;
    },
  };
}
