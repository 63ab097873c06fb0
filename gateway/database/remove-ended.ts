import { inTransaction } from './background-transaction.ts';
import type { ConnectionPool } from './connection-pool.ts';

/**
 * Removes those that ended before an instant (wall clock, ms), with all that came of them, the oldest first and no more
 * than `most`. Answers how many; null when another process is at it. Rejects with DatabaseError.
 */
export type RemoveEnded = (before: number, most: number, signal: AbortSignal) => Promise<number | null>;

/** Of backtests or sweeps of all workspaces. `pool` is the writer's. */
export const removeEndedOf =
  (pool: ConnectionPool, table: 'backtest' | 'sweep'): RemoveEnded =>
  (before, most, signal) =>
    inTransaction(pool, `old ${table}s`, signal, async (client) => {
      const lock = await client.query<{ mine: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtext('${table} upkeep')) AS mine`,
      );
      if (lock.rows[0]?.mine !== true) return null;
      // Only what has ended has a time at which it did.
      const removed = await client.query(
        `WITH old AS (
           SELECT id FROM ${table} WHERE finished_at < $1 ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED
         )
         DELETE FROM ${table} USING old WHERE ${table}.id = old.id`,
        [before, most],
      );
      return removed.rowCount ?? 0;
    });
