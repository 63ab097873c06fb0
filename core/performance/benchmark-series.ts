import { type Fixed, toNumber } from '@omniquant/plugin-sdk/decimal';

import type { TradingCalendar } from '../market/calendar.ts';
import type { DailySeries } from './daily-equity.ts';
import { PerformanceError } from './performance-error.ts';

/** A price or level of the benchmark at an instant (ms). */
export interface BenchmarkPoint {
  readonly at: number;
  readonly value: Fixed;
}

/** The benchmark on the days of a series: days[from], days[from + 1], ..., one return each. */
export interface BenchmarkSeries {
  readonly from: number;
  readonly returns: Float64Array;
}

/** The last level of each trading day, in order. */
const closesOf = (calendar: TradingCalendar, points: Iterable<BenchmarkPoint>): Map<string, number> => {
  const closes = new Map<string, number>();
  let day = '';
  let dayEnd = -Infinity;
  let latest = -Infinity;
  for (const { at, value } of points) {
    if (at < latest) {
      throw new PerformanceError('OUT_OF_ORDER', `benchmark at ${at} comes after ${latest}: sort it by time`);
    }
    if (value <= 0n) {
      throw new PerformanceError('INVALID_NUMBER', `benchmark at ${at} is not above zero: give prices`);
    }
    latest = at;
    if (at > dayEnd) {
      day = calendar.tradingDay(at - 1);
      dayEnd = calendar.endOfDay(at - 1);
    }
    closes.set(day, toNumber(value));
  }
  return closes;
};

/**
 * The benchmark's daily returns beside those of a series, from its last level before the first day (else
 * from its first day on) to its last day. A day without a level keeps the one before. Null where no day
 * has both returns.
 */
export const benchmarkSeriesOf = (
  calendar: TradingCalendar,
  series: DailySeries,
  points: Iterable<BenchmarkPoint>,
): BenchmarkSeries | null => {
  const { days } = series;
  const closes = closesOf(calendar, points);
  let before: number | null = null;
  let lastDay = '';
  for (const [day, level] of closes) {
    if (days[0] !== undefined && day < days[0]) before = level;
    lastDay = day;
  }
  const returns: number[] = [];
  let from = 0;
  for (let index = 0; index < series.returns.length && days[index]! <= lastDay; index += 1) {
    const level: number | null = closes.get(days[index]!) ?? before;
    if (level !== null && before !== null) returns.push(level / before - 1);
    else from = index + 1;
    before = level;
  }
  return returns.length === 0 ? null : { from, returns: Float64Array.from(returns) };
};

/** The returns of a strategy and of its benchmark on the days that have both. */
export const pairedReturns = (
  returns: Float64Array,
  { from, returns: benchmark }: BenchmarkSeries,
): { readonly returns: Float64Array; readonly benchmark: Float64Array } => ({
  returns: returns.subarray(from, from + benchmark.length),
  benchmark,
});
