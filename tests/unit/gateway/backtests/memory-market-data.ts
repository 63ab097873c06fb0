import type { VenueInstrument } from '@omniquant/plugin-sdk';

import {
  type BarColumns,
  type BarRow,
  type BarSeries,
  columnsOf,
} from '../../../../core/backtest/bar-source.ts';
import {
  BARS_ONLY,
  type MarketDataSource,
} from '../../../../gateway/backtests/market-data/market-data-source.ts';
import { withRolledUpBars } from '../../../../gateway/backtests/market-data/open-market-data.ts';
import { withinRange } from '../../../../gateway/backtests/market-data/within-range.ts';

export interface MemorySeries extends BarSeries {
  readonly rows: readonly BarRow[];
  readonly instrument?: Partial<VenueInstrument>;
}

export const instrumentOf = (symbol: string, terms: Partial<VenueInstrument> = {}): VenueInstrument => ({
  ...{ symbol, name: null, assetClass: 'EQUITY', currency: 'USD', tickSize: '0.01', lotSize: '1' },
  ...{ multiplier: '1', minQuantity: null, maxQuantity: null, shortable: true, fractionable: false },
  ...{ exchange: null, calendar: 'ALWAYS', ...terms },
});

/** Bars of `count` intervals of `length` ms from `first` on, whose closes are what `close` says. */
export const flatRows = (
  first: number,
  length: number,
  count: number,
  close = (index: number) => 100 + index,
) =>
  Array.from({ length: count }, (_, index): BarRow => {
    const price = close(index);
    return { at: first + index * length, open: price, high: price, low: price, close: price, volume: 1 };
  });

/** Market data of a test. */
export function memoryMarketData(all: readonly MemorySeries[]): MarketDataSource {
  const find = ({ interval, symbol }: BarSeries): MemorySeries | undefined =>
    all.find((one) => one.symbol === symbol && one.interval === interval);
  return withRolledUpBars({
    ...BARS_ONLY,
    series: () =>
      all.map(({ interval, rows, symbol }) => ({
        ...{ symbol, interval, rows: rows.length, source: 'a test' },
        ...{ first: rows[0]?.at ?? 0, last: rows.at(-1)?.at ?? 0 },
      })),
    instrument(symbol) {
      const found = all.find((one) => one.symbol === symbol);
      return found === undefined ? null : instrumentOf(symbol, found.instrument);
    },
    async *read(series, range): AsyncGenerator<BarColumns> {
      await Promise.resolve();
      yield withinRange(columnsOf(find(series)?.rows ?? []), range);
    },
  });
}
