import type { Annualisation } from './annualisation.ts';
import { type BenchmarkSeries, pairedReturns } from './benchmark-series.ts';
import type { DailySeries } from './daily-equity.ts';
import { underwaterOf } from './drawdowns.ts';
import type { PerformanceSeries } from './report.ts';
import { rollingBeta, rollingSharpe, rollingVolatility } from './rolling.ts';

/** Figures of some days, laid on all days: null before `from` and after the last. */
const onAllDays = (
  figures: readonly (number | null)[],
  from: number,
  days: number,
): readonly (number | null)[] => Array.from({ length: days }, (_, day) => figures[day - from] ?? null);

/** The benchmark's course, which starts where the strategy's index stood the day before its first return. */
const benchmarkCourse = ({ from, returns }: BenchmarkSeries, index: Float64Array): number[] => {
  let level = from === 0 ? 1 : index[from - 1]!;
  return Array.from(returns, (value) => (level *= 1 + value));
};

/** Throws PerformanceError INVALID_PARAMETER for a window that is not a whole number of days from 2. */
export const chartSeriesOf = (
  series: DailySeries,
  benchmark: BenchmarkSeries | null,
  window: number,
  terms: Annualisation,
): PerformanceSeries => {
  const { days, equity, index, returns, exposure } = series;
  const from = benchmark?.from ?? 0;
  const lay = (figures: readonly (number | null)[], first: number) => onAllDays(figures, first, days.length);
  const paired = benchmark === null ? null : pairedReturns(returns, benchmark);
  return {
    days,
    equity,
    index,
    drawdown: underwaterOf(index),
    returns: lay(Array.from(returns), 0),
    exposure,
    benchmark: lay(benchmark === null ? [] : benchmarkCourse(benchmark, index), from),
    rollingSharpe: lay(rollingSharpe(returns, window, terms), 0),
    rollingVolatility: lay(rollingVolatility(returns, window, terms.periodsPerYear), 0),
    rollingBeta: lay(paired === null ? [] : rollingBeta(paired.returns, paired.benchmark, window), from),
    rollingWindow: window,
  };
};
