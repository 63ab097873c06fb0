import { calendarOf } from '../../core/market/calendars.ts';
import { findSeries } from '../backtests/market-data/find-series.ts';
import { MarketDataError } from '../backtests/market-data/market-data-error.ts';
import type { MarketDataSource } from '../backtests/market-data/market-data-source.ts';
import { nearestHint } from '../services/nearest-text.ts';
import type { AccountHistoryData } from './history-data.ts';
import type { FindCloses } from './read-history.ts';

/** Whoever does not want it any more ends the thread. */
const NEVER_ABORTED = new AbortController().signal;
/** Digits of a price that was imported as a float; further ones are noise. */
const PRICE_DIGITS = 12;

/** What is wrong with an argument of the API. */
export interface ArgumentProblem {
  readonly field: string;
  readonly message: string;
}

/** Closes of a symbol that came with a history, else those that were imported; both are looked for once. */
export function closesFrom(given: AccountHistoryData['closes'], data: MarketDataSource): FindCloses {
  const known = new Map(Object.entries(given));
  return async (symbol) => {
    const found = known.get(symbol) ?? (await importedCloses(data, symbol));
    if (found !== null) known.set(symbol, found);
    return found;
  };
}

async function importedCloses(data: MarketDataSource, symbol: string): ReturnType<FindCloses> {
  const series = { symbol, interval: 'DAY_1' } as const;
  const instrument = data.instrument(symbol);
  if (instrument === null || findSeries(data.series(), series) === undefined) return null;
  const calendar = calendarOf(instrument.calendar);
  const closes: (readonly [number, string])[] = [];
  try {
    for await (const { at, close } of data.read(series, { from: null, to: null }, NEVER_ABORTED)) {
      at.forEach((start, bar) => {
        closes.push([calendar.endOfDay(start), close[bar]!.toFixed(PRICE_DIGITS)]);
      });
    }
  } catch (error) {
    // Removed since it was listed.
    if (error instanceof MarketDataError && error.code === 'UNKNOWN_SERIES') return null;
    throw error;
  }
  return closes;
}

/** Null for a benchmark that there are prices of. */
export function benchmarkProblem(
  { closes, range }: AccountHistoryData,
  data: MarketDataSource,
): ArgumentProblem | null {
  const { benchmark } = range;
  if (benchmark === null || closes[benchmark] !== undefined || data.instrument(benchmark) !== null) {
    return null;
  }
  const known = [...new Set([...Object.keys(closes), ...data.series().map(({ symbol }) => symbol)])];
  const asked = JSON.stringify(benchmark);
  const message = `benchmark is ${asked}, which there are no prices of here${nearestHint(benchmark, known)}.`;
  return { field: 'benchmark', message };
}
