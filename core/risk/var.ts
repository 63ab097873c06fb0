import { type Fixed, multiply, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

/** Fewer daily returns say nothing about one day in twenty. */
export const MIN_RETURNS = 20;

const TAIL = 0.05;

/** Historical figures of daily returns; null while there are too few. Fractions of equity, losses positive. */
export interface HistoricalRisk {
  readonly valueAtRisk: number | null;
  readonly conditionalValueAtRisk: number | null;
  /** Annualised. */
  readonly volatility: number | null;
  /** Against the benchmark; null without one, or one that never moves. */
  readonly beta: number | null;
}

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;

/** Sum of products of the deviations of two series from their means, over n - 1. */
const covariance = (a: readonly number[], b: readonly number[]): number => {
  const meanA = mean(a);
  const meanB = mean(b);
  let total = 0;
  for (let index = 0; index < a.length; index += 1) total += (a[index]! - meanA) * (b[index]! - meanB);
  return total / (a.length - 1);
};

/** Percentile of sorted values by linear interpolation between the two that enclose it (numpy's default). */
const percentile = (sorted: readonly number[], fraction: number): number => {
  const position = (sorted.length - 1) * fraction;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
};

const checkFinite = (values: readonly number[], name: string): void => {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw new RangeError(`${name}[${index}] is ${values[index]}: give finite daily returns`);
};

const betaOf = (returns: readonly number[], benchmark: readonly number[] | null): number | null => {
  if (benchmark === null) return null;
  if (benchmark.length !== returns.length) {
    throw new RangeError(
      `${benchmark.length} benchmark returns for ${returns.length}: give one for each day`,
    );
  }
  checkFinite(benchmark, 'benchmark');
  const variance = covariance(benchmark, benchmark);
  return variance === 0 ? null : covariance(returns, benchmark) / variance;
};

/**
 * One-day figures at 95 % over daily equity returns (fractions, flows removed, in any order but that of
 * the benchmark): VaR the linear 5th percentile, CVaR the mean of the lowest floor((n-1) x 0.05) + 1
 * (empyrical's definition), volatility s x sqrt(periods) with ddof 1, beta = cov / var. Losses are
 * positive; a tail that gains is no loss, 0. Throws RangeError for returns that are no numbers.
 */
export const historicalRisk = (
  returns: readonly number[],
  benchmark: readonly number[] | null,
  periodsPerYear = 252,
): HistoricalRisk => {
  checkFinite(returns, 'returns');
  const beta = returns.length < MIN_RETURNS ? null : betaOf(returns, benchmark);
  if (returns.length < MIN_RETURNS) {
    return { valueAtRisk: null, conditionalValueAtRisk: null, volatility: null, beta };
  }
  const sorted = returns.toSorted((a, b) => a - b);
  const tail = sorted.slice(0, Math.floor((sorted.length - 1) * TAIL) + 1);
  return {
    valueAtRisk: Math.max(0, -percentile(sorted, TAIL)),
    conditionalValueAtRisk: Math.max(0, -mean(tail)),
    volatility: Math.sqrt(covariance(returns, returns) * periodsPerYear),
    beta,
  };
};

/**
 * A fraction of equity as an amount, for figures such as value at risk. The fraction is a statistic and
 * counts to 12 decimals; the amount is an estimate like it, never booked. Null without one of them.
 */
export const fractionOfEquity = (fraction: number | null, equity: Fixed | null): Fixed | null => {
  if (fraction === null || equity === null) return null;
  const exact = tryParseDecimal(fraction.toFixed(12));
  return exact === undefined ? null : multiply(exact, equity);
};
