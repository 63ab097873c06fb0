import { type Annualisation, annualise, growthRate, riskFreeOfDay } from './annualisation.ts';
import { covarianceOf, isConstant, momentsOf } from './moments.ts';
import { requireSameLength } from './performance-error.ts';
import { compoundOf, meanOf, ratio } from './sums.ts';

/** Figures against a benchmark, over the days on which both have a return. */
export interface RelativePerformance {
  readonly days: number;
  /** Compounded return of the benchmark. */
  readonly benchmarkReturn: number | null;
  readonly benchmarkGrowthRate: number | null;
  /** Pearson's; null where either does not vary. */
  readonly correlation: number | null;
  readonly rSquared: number | null;
  /** cov / var, ddof 1; null where the benchmark does not vary. */
  readonly beta: number | null;
  /** Jensen's alpha a year: (1 + mean(r - rf) - beta x mean(b - rf))^P - 1; null without beta. */
  readonly alpha: number | null;
  /** s(r - b) x sqrt(P); null for fewer than two days. */
  readonly trackingError: number | null;
  /** mean(r - b) / s(r - b) x sqrt(P); null where the difference does not vary. */
  readonly informationRatio: number | null;
  /** (growth rate - rf) / beta; null without beta or where it is zero. */
  readonly treynor: number | null;
  /** Growth rate over the benchmark's on days when that rose; null without such days. */
  readonly upCapture: number | null;
  /** The same on days when it fell: below 1 is better. */
  readonly downCapture: number | null;
  /** Fraction of days on which the benchmark was beaten. */
  readonly battingAverage: number | null;
}

const growth = (returns: ArrayLike<number>, periods: number): number | null =>
  growthRate(returns.length === 0 ? null : compoundOf(returns), returns.length, periods);

const capture = (
  returns: Float64Array,
  benchmark: Float64Array,
  periods: number,
  counts: (value: number) => boolean,
): number | null =>
  ratio(
    growth(
      returns.filter((_, day) => counts(benchmark[day]!)),
      periods,
    ),
    growth(benchmark.filter(counts), periods),
  );

const betaOf = (returns: Float64Array, benchmark: Float64Array): number | null =>
  isConstant(benchmark) ? null : ratio(covarianceOf(returns, benchmark), covarianceOf(benchmark, benchmark));

const correlationOf = (returns: Float64Array, benchmark: Float64Array): number | null => {
  const { deviation: a } = momentsOf(returns);
  const { deviation: b } = momentsOf(benchmark);
  if (a === null || b === null) return null;
  const correlation = ratio(covarianceOf(returns, benchmark), a * b);
  // Rounding may carry it past the bound that it has.
  return correlation === null ? null : Math.max(-1, Math.min(1, correlation));
};

/** Throws PerformanceError UNEQUAL_LENGTH unless both have a return for each day. */
export const relativePerformanceOf = (
  strategy: ArrayLike<number>,
  index: ArrayLike<number>,
  terms: Annualisation,
): RelativePerformance => {
  requireSameLength(strategy, index);
  const { periodsPerYear: periods, riskFree } = terms;
  const returns = Float64Array.from(strategy);
  const benchmark = Float64Array.from(index);
  const active = momentsOf(returns.map((value, day) => value - benchmark[day]!));
  const beta = betaOf(returns, benchmark);
  const correlation = correlationOf(returns, benchmark);
  const ofDay = riskFreeOfDay(terms);
  const [mean, benchmarkMean] = [meanOf(returns), meanOf(benchmark)];
  const rate = growth(returns, periods);
  const informationOfDay = ratio(active.mean, active.deviation);
  return {
    days: returns.length,
    benchmarkReturn: benchmark.length === 0 ? null : compoundOf(benchmark),
    benchmarkGrowthRate: growth(benchmark, periods),
    correlation,
    rSquared: correlation === null ? null : correlation ** 2,
    beta,
    alpha:
      beta === null || mean === null || benchmarkMean === null
        ? null
        : annualise(mean - ofDay - beta * (benchmarkMean - ofDay), periods),
    trackingError: active.deviation === null ? null : active.deviation * Math.sqrt(periods),
    informationRatio: informationOfDay === null ? null : informationOfDay * Math.sqrt(periods),
    treynor: rate === null ? null : ratio(rate - riskFree, beta),
    upCapture: capture(returns, benchmark, periods, (value) => value > 0),
    downCapture: capture(returns, benchmark, periods, (value) => value < 0),
    battingAverage: ratio(returns.filter((value, day) => value > benchmark[day]!).length, returns.length),
  };
};
