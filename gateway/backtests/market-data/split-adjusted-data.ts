import type { VenueInstrument } from '@omniquant/plugin-sdk';

import type { BarColumns } from '../../../core/backtest/bar-source.ts';
import { ratioAfter, type Split, tickAfterSplits } from '../../../core/backtest/corporate-actions.ts';
import type { TradingCalendar } from '../../../core/market/calendar.ts';
import { calendarOf } from '../../../core/market/calendars.ts';
import { DAY_MS, parseDay } from '../../../core/market/civil-date.ts';
import { findSeries } from './find-series.ts';
import { MarketDataError } from './market-data-error.ts';
import type { MarketDataSource, StoredSeries } from './market-data-source.ts';
import { rolledUpColumns, widened } from './rolled-up-columns.ts';
import { adjustedTicks } from './split-adjusted-ticks.ts';

/** From an instant on a price is divided by `ratio`. */
interface Era {
  readonly from: number;
  readonly ratio: number;
}

/**
 * Market data whose bars and ticks of before splits are in the units of after them; see
 * core/backtest/corporate-actions.ts. A week with a split in it is in no units: weeks are made of what is finer.
 */
export function splitAdjustedData(data: MarketDataSource, splits: readonly Split[]): MarketDataSource {
  if (splits.length === 0) return data;
  const isSplit = (symbol: string): boolean => splits.some((split) => split.symbol === symbol);
  const calendarFor = (symbol: string): TradingCalendar =>
    calendarOf(data.instrument(symbol)?.calendar ?? 'ALWAYS');
  const ratiosOf = (symbol: string): RatiosAt => {
    const calendar = calendarFor(symbol);
    return ratiosIn(erasOf(splits, symbol, (day) => calendar.fromWallClock(parseDay(day) * DAY_MS)));
  };
  const series = (): readonly StoredSeries[] =>
    data.series().filter(({ interval, symbol }) => interval !== 'WEEK_1' || !isSplit(symbol));

  return {
    ...data,
    series,
    instrument(symbol) {
      const instrument = data.instrument(symbol);
      if (instrument === null || !isSplit(symbol)) return instrument;
      return { ...instrument, tickSize: tickAfterSplits(instrument.tickSize, splits, symbol) };
    },
    read(wanted, range, signal) {
      const { interval, symbol } = wanted;
      if (!isSplit(symbol)) return data.read(wanted, range, signal);
      const ratios = ratiosOf(symbol);
      if (interval !== 'WEEK_1') return adjustedBars(data.read(wanted, range, signal), ratios);
      const finer = findSeries(series(), wanted);
      if (finer === undefined) {
        throw new MarketDataError('UNKNOWN_SERIES', `there are no bars that weeks of ${symbol} are made of`);
      }
      return rolledUpColumns(adjustedBars(data.read(finer, widened(range), signal), ratios), {
        ...{ from: finer.interval, to: interval, range, calendar: calendarFor(symbol) },
      });
    },
    async *readTicks(wanted, range, signal) {
      const { kind, symbol } = wanted;
      const ratios = isSplit(symbol) ? ratiosOf(symbol) : null;
      const lot = lotOf(data.instrument(symbol));
      for await (const columns of data.readTicks(wanted, range, signal)) {
        yield ratios === null ? columns : adjustedTicks(kind, columns, { ratios: ratios(columns.at), lot });
      }
    },
  };
}

const lotOf = (instrument: VenueInstrument | null): number => Number(instrument?.lotSize ?? 1);

/** What a price of each of these times is divided by, and a size multiplied with. */
type RatiosAt = (at: Float64Array) => Float64Array;

const ratiosIn =
  (eras: readonly Era[]): RatiosAt =>
  (at) =>
    at.map((time) => eras.findLast(({ from }) => time >= from)?.ratio ?? 1);

/** In the order of time; the first begins with all time. */
function erasOf(splits: readonly Split[], symbol: string, startOf: (day: string) => number): readonly Era[] {
  const days = [
    ...new Set(splits.filter((split) => split.symbol === symbol).map(({ exDay }) => exDay)),
  ].sort();
  const eraFrom = (from: number, day: string): Era => {
    const ratio = ratioAfter(splits, symbol, day);
    return { from, ratio: Number(ratio.to) / Number(ratio.from) };
  };
  return [eraFrom(Number.NEGATIVE_INFINITY, ''), ...days.map((day) => eraFrom(startOf(day), day))];
}

async function* adjustedBars(
  blocks: AsyncIterable<BarColumns>,
  ratiosAt: RatiosAt,
): AsyncGenerator<BarColumns> {
  for await (const columns of blocks) yield adjusted(columns, ratiosAt(columns.at));
}

function adjusted(columns: BarColumns, ratios: Float64Array): BarColumns {
  const divided = (prices: Float64Array): Float64Array =>
    prices.map((price, index) => price / (ratios[index] ?? 1));
  return {
    at: columns.at,
    ...{ open: divided(columns.open), high: divided(columns.high) },
    ...{ low: divided(columns.low), close: divided(columns.close) },
    volume: columns.volume.map((volume, index) => volume * (ratios[index] ?? 1)),
  };
}
