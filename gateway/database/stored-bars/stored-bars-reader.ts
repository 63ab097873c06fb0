import type { BarInterval, VenueInstrument } from '@omniquant/plugin-sdk';

import { type BarColumns, columnsOf } from '../../../core/backtest/bar-source.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { openWorkspaceTransaction } from '../workspace-transaction.ts';
import type { StoredBarPage, StoredBarSeries } from './stored-series.ts';

/** Bars that gateways have kept, as a workspace may use them: those of all, and those of its own connections. */
export interface StoredBarsReader {
  series(workspaceId: string, signal: AbortSignal): Promise<readonly StoredBarSeries[]>;
  /** In ascending order; fewer than `limit` are the last. None of a series that is not the workspace's to read. */
  page(workspaceId: string, page: StoredBarPage, signal: AbortSignal): Promise<BarColumns>;
}

interface SeriesRow {
  readonly id: string;
  readonly workspace_id: string | null;
  readonly source: string;
  readonly symbol: string;
  readonly bar_interval: BarInterval;
  readonly instrument: string;
  readonly rows: string;
  readonly first_at: string;
  readonly last_at: string;
}

interface BarRowText {
  readonly at: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number | null;
}

/** Of `pool`, which is the app's. Rejects with DatabaseError. */
export function createStoredBarsReader(pool: ConnectionPool): StoredBarsReader {
  async function ask<R extends object>(
    workspaceId: string,
    query: { readonly name: string; readonly text: string; readonly values: unknown[] },
    signal: AbortSignal,
  ): Promise<readonly R[]> {
    const transaction = openWorkspaceTransaction(pool, { workspaceId, mode: 'READ ONLY' }, signal);
    try {
      return await transaction.query<R>(query);
    } finally {
      await transaction.rollback();
    }
  }

  return {
    async series(workspaceId, signal) {
      const rows = await ask<SeriesRow>(
        workspaceId,
        {
          name: 'stored-bar-series',
          text: `SELECT id, workspace_id, source, symbol, bar_interval, instrument, rows, first_at, last_at
                   FROM stored_bar_series WHERE rows > 0 ORDER BY symbol, bar_interval, source, id`,
          values: [],
        },
        signal,
      );
      return rows.map((row) => ({
        ...{ id: row.id, symbol: row.symbol, interval: row.bar_interval, source: row.source },
        ...{ rows: Number(row.rows), first: Number(row.first_at), last: Number(row.last_at) },
        instrument: JSON.parse(row.instrument) as VenueInstrument,
        isOwn: row.workspace_id !== null,
      }));
    },

    async page(workspaceId, { after, limit, series, to }, signal) {
      const rows = await ask<BarRowText>(
        workspaceId,
        {
          name: 'stored-bar-page',
          text: `SELECT at, open::double precision AS open, high::double precision AS high,
                        low::double precision AS low, close::double precision AS close,
                        volume::double precision AS volume
                   FROM stored_bar
                  WHERE series_id = $1 AND at > coalesce($2::bigint, -9223372036854775808)
                    AND at < coalesce($3::bigint, 9223372036854775807)
                  ORDER BY at LIMIT $4`,
          values: [series, after, to === null ? null : Math.ceil(to), limit],
        },
        signal,
      );
      return columnsOf(rows.map((row) => ({ ...row, at: Number(row.at) })));
    },
  };
}
