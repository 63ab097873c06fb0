import type { ConnectionPool } from '../connection-pool.ts';
import { type RemoveEnded, removeEndedOf } from '../remove-ended.ts';

/** What is done to backtests of all workspaces when nobody asks for it. Every method rejects with DatabaseError. */
export interface BacktestUpkeep {
  /** With all that came of them. */
  readonly removeEnded: RemoveEnded;
  /** Removes what was saved of runs that were called off or given up: nobody goes on with them. */
  removeSaves(signal: AbortSignal): Promise<void>;
  /** How many wait, of all workspaces. */
  queued(signal: AbortSignal): Promise<number>;
}

/** Of `pool`, which is the writer's. */
export function createBacktestUpkeep(pool: ConnectionPool): BacktestUpkeep {
  return {
    removeEnded: removeEndedOf(pool, 'backtest'),

    async removeSaves(signal) {
      await pool.query(
        {
          name: 'backtest-saves-remove',
          text: `DELETE FROM backtest_save s USING backtest b
                  WHERE b.id = s.backtest_id AND b.status NOT IN ('QUEUED', 'RUNNING')`,
        },
        signal,
      );
    },

    async queued(signal) {
      const [row] = await pool.query<{ queued: number }>(
        { name: 'backtests-queued', text: `SELECT count(*) AS queued FROM backtest WHERE status = 'QUEUED'` },
        signal,
      );
      return row?.queued ?? 0;
    },
  };
}
