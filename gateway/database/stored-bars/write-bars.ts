import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../../../core/market/bar.ts';
import { inTransaction } from '../background-transaction.ts';
import type { ConnectionPool } from '../connection-pool.ts';

export interface WrittenBar {
  /** Its id. */
  readonly series: string;
  readonly bar: Bar;
}

const UPSERT = `
WITH written AS (
  INSERT INTO stored_bar AS old (series_id, at, open, high, low, close, volume, revision)
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[],
                       $7::numeric[], $8::integer[])
  ON CONFLICT (series_id, at) DO UPDATE
     SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
         volume = excluded.volume, revision = excluded.revision
   WHERE old.revision < excluded.revision
  RETURNING series_id, at, (xmax = 0) AS is_new
), summed AS (
  SELECT series_id, count(*) AS written, count(*) FILTER (WHERE is_new) AS added, min(at) AS first_at, max(at) AS last_at
    FROM written GROUP BY series_id
)
UPDATE stored_bar_series AS series
   SET rows = series.rows + summed.added,
       first_at = least(series.first_at, summed.first_at),
       last_at = greatest(series.last_at, summed.last_at)
  FROM summed WHERE series.id = summed.series_id
RETURNING summed.written`;

/**
 * Writes bars of series that are there, each (series, start) at most once: a bar that is there already stays unless its
 * revision is lower. Gateways that write the same series take turns. Answers with how many were written.
 */
export function writeBars(
  pool: ConnectionPool,
  bars: readonly WrittenBar[],
  signal: AbortSignal,
): Promise<number> {
  const column = <T>(value: (bar: Bar) => T): T[] => bars.map(({ bar }) => value(bar));
  return inTransaction(pool, 'the bars', signal, async (client) => {
    const ids = [...new Set(bars.map(({ series }) => series))];
    const locked = await client.query({
      name: 'stored-series-lock',
      text: 'SELECT FROM stored_bar_series WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE',
      values: [ids],
    });
    if (locked.rowCount !== ids.length) throw new Error('a series of stored bars was removed');
    const { rows } = await client.query<{ written: string }>({
      name: 'stored-bars-write',
      text: UPSERT,
      values: [
        bars.map(({ series }) => series),
        ...[column(({ at }) => at), column(({ open }) => formatDecimal(open))],
        ...[column(({ high }) => formatDecimal(high)), column(({ low }) => formatDecimal(low))],
        column(({ close }) => formatDecimal(close)),
        column(({ volume }) => (volume === null ? null : formatDecimal(volume))),
        column(({ revision }) => revision),
      ],
    });
    return rows.reduce((sum, { written }) => sum + Number(written), 0);
  });
}
