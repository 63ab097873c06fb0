import { toNumber } from '@omniquant/plugin-sdk/decimal';
import { INSTRUMENTS, loadRecordedSeries } from '@omniquant/venue/recorded-markets';

import {
  type BacktestData,
  type BarRow,
  columnsOf,
  columnsSource,
} from '../../../core/backtest/bar-source.ts';
import { dayBarStart } from '../../../core/market/bar-interval.ts';
import { calendarOf } from '../../../core/market/calendars.ts';

const DAY_MS = 86_400_000;
let loaded: ReturnType<typeof loadRecordedSeries> | undefined;

/** The recorded days of AAPL and SPX, in whole ticks, up to the last day that both have. */
export function recordedDays(symbols: readonly string[]): BacktestData {
  const calendar = calendarOf('US_EQUITY');
  loaded ??= loadRecordedSeries();
  const all = loaded;
  return {
    sources: symbols.map((symbol) => {
      const series = all[INSTRUMENTS.findIndex((each) => each.symbol === symbol)]!;
      const { grid } = series;
      const price = (ticks: number): number => toNumber(grid.priceFixed(ticks));
      const rows = series.days().map((day, index): BarRow => {
        const bar = series.bar(index);
        return {
          at: dayBarStart(new Date(day * DAY_MS).toISOString().slice(0, 10), calendar),
          ...{ open: price(bar.open), high: price(bar.high), low: price(bar.low), close: price(bar.close) },
          volume: bar.volume === null ? null : toNumber(grid.quantityFixed(bar.volume)),
        };
      });
      return columnsSource({ symbol, interval: 'DAY_1' }, columnsOf(rows));
    }),
  };
}
