import type { VenueInstrument } from '@omniquant/plugin-sdk';

import type { BarColumns, BarSeries } from '../../../core/backtest/bar-source.ts';
import type { StoredActions } from '../../../core/backtest/corporate-actions.ts';
import type { TickColumns, TickKind, TickSeries } from '../../../core/backtest/tick-source.ts';
import { MarketDataError } from './market-data-error.ts';

/** A series of bars as it is stored. */
export interface StoredSeries extends BarSeries {
  readonly rows: number;
  /** Starts of its first and last bar, epoch ms. */
  readonly first: number;
  readonly last: number;
  /** Where it came from, for people: a package, or the name of the file that was imported. */
  readonly source: string;
}

/** Quotes, trades or a book of a symbol, as they are stored. */
export interface StoredTicks extends TickSeries {
  readonly rows: number;
  /** Times of the first and the last row, epoch ms with a fraction. */
  readonly first: number;
  readonly last: number;
  /** As of {@link StoredSeries}. */
  readonly source: string;
}

/** Starts of bars, or times of ticks, epoch ms; `to` is outside. Null is without bound. */
export interface BarRange {
  readonly from: number | null;
  readonly to: number | null;
}

export const ALL_BARS: BarRange = { from: null, to: null };

/** Bars and ticks of the past with the instruments that they are of. */
export interface MarketDataSource {
  /** By symbol, then from the finest interval to the coarsest. */
  series(): readonly StoredSeries[];
  /** By symbol; of each at most one of a kind. */
  ticks(): readonly StoredTicks[];
  /** Splits and dividends of a symbol, in the order of their days; null where none were imported. */
  actions(symbol: string): StoredActions | null;
  /** Null for a symbol that it has nothing of. */
  instrument(symbol: string): VenueInstrument | null;
  /**
   * Bars in ascending order, block by block: memory does not grow with their number. Throws MarketDataError, UNKNOWN_SERIES
   * for a series that it does not have.
   */
  read(series: BarSeries, range: BarRange, signal: AbortSignal): AsyncIterable<BarColumns>;
  /**
   * Ticks in ascending order, block by block. With them comes what it takes to know the market where the range begins: the
   * last quote before, or of a book its last snapshot and all since. Throws MarketDataError, UNKNOWN_SERIES.
   */
  readTicks<K extends TickKind>(
    series: TickSeries<K>,
    range: BarRange,
    signal: AbortSignal,
  ): AsyncIterable<TickColumns[K]>;
}

/** Of sources that have bars only. */
export const BARS_ONLY: Pick<MarketDataSource, 'actions' | 'ticks' | 'readTicks'> = {
  actions: () => null,
  ticks: () => [],
  readTicks({ kind, symbol }) {
    throw new MarketDataError('UNKNOWN_SERIES', `there are no ${nameOfTicks(kind)} of ${symbol}`);
  },
};

const NAMES: Readonly<Record<TickKind, string>> = {
  ...{ QUOTES: 'quotes', TRADES: 'trades', L2: 'price levels (L2)', L3: 'orders (L3)' },
};

/** What a kind is called, in the plural. */
export const nameOfTicks = (kind: TickKind): string => NAMES[kind];
