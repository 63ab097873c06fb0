import type { JournalHeads } from '../../core/ports/journal-heads.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';

/** Under the writer's role, which sees all workspaces. */
export function createPostgresJournalHeads(pool: ConnectionPool): JournalHeads {
  return {
    async heads(accountIds, signal) {
      try {
        const rows = await pool.query<{ account_id: string; seq: number }>(
          {
            name: 'journal-heads',
            text: 'SELECT account_id, seq FROM account_head WHERE account_id = ANY ($1)',
            values: [accountIds],
          },
          signal,
        );
        return new Map(rows.map((row) => [row.account_id, row.seq]));
      } catch (cause) {
        throw unavailable('the journal heads', cause);
      }
    },
  };
}
