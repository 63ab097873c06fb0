import { inTransaction } from '../background-transaction.ts';
import type { ConnectionPool } from '../connection-pool.ts';

const DAY_MS = 86_400_000;
/** Bars that are removed in one transaction. */
const MOST = 5_000;

/**
 * Removes bars that are more than so many days before the last of their series; market time may be another than the time
 * of day. Answers with how many were removed. Rejects with DatabaseError, after what has been removed so far.
 */
export async function forgetOldBars(
  pool: ConnectionPool,
  days: number,
  signal: AbortSignal,
): Promise<number> {
  const old = await pool.query<{ id: string }>(
    {
      text: 'SELECT id FROM stored_bar_series WHERE rows > 0 AND first_at < last_at - $1::bigint ORDER BY id',
      values: [days * DAY_MS],
    },
    signal,
  );
  let removed = 0;
  for (const { id } of old) {
    for (;;) {
      signal.throwIfAborted();
      const some = await forgetSome(pool, id, days, signal);
      removed += some;
      if (some < MOST) break;
    }
  }
  return removed;
}

const forgetSome = (pool: ConnectionPool, id: string, days: number, signal: AbortSignal): Promise<number> =>
  inTransaction(pool, 'old bars', signal, async (client) => {
    const { rows } = await client.query<{ last_at: string }>(
      'SELECT last_at FROM stored_bar_series WHERE id = $1 FOR UPDATE',
      [id],
    );
    const before = Number(rows[0]?.last_at ?? Number.NEGATIVE_INFINITY) - days * DAY_MS;
    if (!Number.isFinite(before)) return 0;
    const { rowCount } = await client.query(
      `DELETE FROM stored_bar WHERE series_id = $1
          AND at IN (SELECT at FROM stored_bar WHERE series_id = $1 AND at < $2 ORDER BY at LIMIT $3)`,
      [id, before, MOST],
    );
    await client.query(
      `UPDATE stored_bar_series
          SET rows = rows - $2, first_at = (SELECT min(at) FROM stored_bar WHERE series_id = $1)
        WHERE id = $1`,
      [id, rowCount ?? 0],
    );
    return rowCount ?? 0;
  });
