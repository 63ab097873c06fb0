import { join } from 'node:path';

import { BAR_INTERVALS } from '@omniquant/plugin-sdk';

import type { BarSeries } from '../../../core/backtest/bar-source.ts';
import type { TickSeries } from '../../../core/backtest/tick-source.ts';
import { calendarOf } from '../../../core/market/calendars.ts';
import { findSeries } from './find-series.ts';
import { importedMarketData } from './imported-market-data.ts';
import { MarketDataError } from './market-data-error.ts';
import { BARS_ONLY, type MarketDataSource, type StoredSeries } from './market-data-source.ts';
import { recordedMarketData } from './recorded-market-data.ts';
import { rolledUpColumns, widened } from './rolled-up-columns.ts';
import { withBarsOfTicks } from './with-bars-of-ticks.ts';

/** Where imported bars are. */
export const marketDataFolder = (dataDir: string): string => join(dataDir, 'market-data');

/**
 * All that backtests read: imported bars and ticks, and bars that come by npm where none of the same symbol and interval
 * were imported. Bars that gateways have kept (`stored`) come between the two. Bars of an interval that is not stored are made of the coarsest finer ones, and those of a second of ticks.
 */
export const openMarketData = (dataDir: string, stored: MarketDataSource | null = null): MarketDataSource =>
  withRolledUpBars(withBarsOfTicks(listMarketData(dataDir, stored)));

/** The same, as it is stored: nothing is made of anything else. */
export const listMarketData = (dataDir: string, stored: MarketDataSource | null = null): MarketDataSource =>
  joined([
    importedMarketData(marketDataFolder(dataDir)),
    ...(stored === null ? [] : [stored]),
    recordedMarketData(),
  ]);

/** Several sources as one, as they are when it is first asked: of what two have the first one counts. */
function joined(sources: readonly MarketDataSource[]): MarketDataSource {
  const keyOf = ({ interval, symbol }: BarSeries): string => `${symbol} ${interval}`;
  let found: ReadonlyMap<
    string,
    { readonly series: StoredSeries; readonly source: MarketDataSource }
  > | null = null;
  const index = () =>
    (found ??= new Map(
      [...sources]
        .reverse()
        .flatMap((source) => source.series().map((series) => [keyOf(series), { series, source }] as const))
        .sort(([, a], [, b]) => bySymbol(a.series, b.series)),
    ));
  const tickSource = (wanted: TickSeries): MarketDataSource | undefined =>
    sources.find((source) =>
      source.ticks().some(({ kind, symbol }) => symbol === wanted.symbol && kind === wanted.kind),
    );
  return {
    series: () => [...index().values()].map(({ series }) => series),
    // One a symbol and kind, of the first source that has it.
    ticks: () =>
      sources.flatMap((source) => source.ticks().filter((series) => tickSource(series) === source)),
    readTicks: (series, range, signal) =>
      (tickSource(series)?.readTicks ?? BARS_ONLY.readTicks)(series, range, signal),
    actions: (symbol) => sources.map((source) => source.actions(symbol)).find((one) => one !== null) ?? null,
    instrument: (symbol) =>
      sources.map((source) => source.instrument(symbol)).find((one) => one !== null) ?? null,
    read(series, range, signal) {
      const one = index().get(keyOf(series));
      if (one !== undefined) return one.source.read(series, range, signal);
      throw new MarketDataError(
        'UNKNOWN_SERIES',
        `there are no bars of ${series.symbol} in ${series.interval}`,
      );
    },
  };
}

const bySymbol = (a: BarSeries, b: BarSeries): number =>
  a.symbol === b.symbol
    ? BAR_INTERVALS.indexOf(a.interval) - BAR_INTERVALS.indexOf(b.interval)
    : a.symbol < b.symbol
      ? -1
      : 1;

/** A source that also has the bars that can be made of those that it has. */
export function withRolledUpBars(source: MarketDataSource): MarketDataSource {
  return {
    ...source,
    read(series, range, signal) {
      const { interval, symbol } = series;
      const stored = findSeries(source.series(), series);
      const instrument = source.instrument(symbol);
      if (stored === undefined || instrument === null) {
        throw new MarketDataError(
          'UNKNOWN_SERIES',
          `there are no bars that ${symbol} in ${interval} is made of`,
        );
      }
      if (stored.interval === interval) return source.read(stored, range, signal);
      return rolledUpColumns(source.read(stored, widened(range), signal), {
        ...{ from: stored.interval, to: interval, range },
        calendar: calendarOf(instrument.calendar),
      });
    },
  };
}
