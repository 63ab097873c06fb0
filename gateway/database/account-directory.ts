import type { AccountDirectory, AccountEntry } from '../../core/ports/account-directory.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';

interface StoredEntry {
  readonly account_id: string;
  readonly workspace_id: string;
  readonly shard: number;
  readonly broker: string;
  readonly connection: string;
}

const COLUMNS = 'account_id, workspace_id, shard, broker, connection';

/** Where accounts live, under the writer's role; entries never change, so what was found once is kept. */
export function createPostgresAccountDirectory(pool: ConnectionPool): AccountDirectory {
  const known = new Map<string, AccountEntry>();

  function keep(rows: readonly StoredEntry[]): readonly AccountEntry[] {
    return rows.map((row) => {
      const entry: AccountEntry = {
        accountId: row.account_id,
        workspaceId: row.workspace_id,
        shard: row.shard,
        broker: row.broker,
        connection: row.connection,
      };
      known.set(entry.accountId, entry);
      return entry;
    });
  }

  async function select(
    accountIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly AccountEntry[]> {
    const rows = await pool.query<StoredEntry>(
      {
        name: 'directory-find',
        text: `SELECT ${COLUMNS} FROM account WHERE account_id = ANY ($1)`,
        values: [accountIds],
      },
      signal,
    );
    return keep(rows);
  }

  return {
    async find(accountIds, signal) {
      const entries = accountIds.map((id) => known.get(id));
      const missing = accountIds.filter((_, index) => entries[index] === undefined);
      const kept = entries.filter((entry) => entry !== undefined);
      if (missing.length === 0) return kept;
      try {
        return [...kept, ...(await select(missing, signal))];
      } catch (cause) {
        throw unavailable('the account directory', cause);
      }
    },

    async add(entry, signal) {
      try {
        await pool.query(
          {
            text: `INSERT INTO account (${COLUMNS}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
            values: [entry.accountId, entry.workspaceId, entry.shard, entry.broker, entry.connection],
          },
          signal,
        );
        const [stored] = await select([entry.accountId], signal);
        if (stored === undefined) throw new Error(`account ${entry.accountId} was not stored`);
        return stored;
      } catch (cause) {
        throw unavailable('the account directory', cause);
      }
    },
  };
}
