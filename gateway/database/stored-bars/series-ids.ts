import type { BarInterval, VenueInstrument } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Instrument } from '../../../core/market/instrument.ts';
import type { BarOrigin } from '../../../core/ports/bar-sink.ts';
import type { ConnectionPool } from '../connection-pool.ts';

/** Ids of series, which are made when their first bar is written. */
export interface SeriesIds {
  /** Rejects where the database cannot be reached, or the connection is of no account. */
  idOf(
    origin: BarOrigin,
    instrument: Instrument,
    interval: BarInterval,
    signal: AbortSignal,
  ): Promise<string>;
  /** What is known is looked up anew. */
  forget(): void;
}

export function createSeriesIds(pool: ConnectionPool): SeriesIds {
  /** By origin, symbol and interval: the id, and the instrument that was written. */
  const known = new Map<string, { readonly id: string; readonly instrument: string }>();

  async function make(
    { connection, source }: BarOrigin,
    symbol: string,
    interval: BarInterval,
    instrument: string,
    signal: AbortSignal,
  ): Promise<string> {
    // A connection of an account's own has the account's id for its name.
    const [row] = await pool.query<{ id: string }>(
      {
        name: 'stored-series-make',
        text: `INSERT INTO stored_bar_series (workspace_id, source, symbol, bar_interval, instrument)
               SELECT workspace, $2, $3, $4, $5
                 FROM (SELECT NULL AS workspace WHERE $1::text IS NULL
                       UNION ALL SELECT workspace_id FROM account WHERE account_id = $1) AS owner
               ON CONFLICT (workspace_id, source, symbol, bar_interval) DO UPDATE SET instrument = excluded.instrument
               RETURNING id`,
        values: [connection, source, symbol, interval, instrument],
      },
      signal,
    );
    if (row === undefined) throw new Error(`the connection ${String(connection)} is of no account`);
    return row.id;
  }

  return {
    async idOf(origin, instrument, interval, signal) {
      const key = `${origin.source} ${origin.connection ?? ''} ${instrument.symbol} ${interval}`;
      const text = JSON.stringify(asVenueInstrument(instrument));
      const found = known.get(key);
      if (found?.instrument === text) return found.id;
      const id = await make(origin, instrument.symbol, interval, text, signal);
      known.set(key, { id, instrument: text });
      return id;
    },
    forget() {
      known.clear();
    },
  };
}

function asVenueInstrument(one: Instrument): VenueInstrument {
  const { assetClass, calendar, currency, exchange, fractionable, name, shortable, symbol } = one;
  return {
    ...{ symbol, name, assetClass, currency, shortable, fractionable, exchange, calendar },
    tickSize: formatDecimal(one.tickSize),
    lotSize: formatDecimal(one.lotSize),
    multiplier: formatDecimal(one.multiplier),
    minQuantity: one.minQuantity === null ? null : formatDecimal(one.minQuantity),
    maxQuantity: one.maxQuantity === null ? null : formatDecimal(one.maxQuantity),
  };
}
