import type { Moments } from './moments.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { PerformanceError } from './performance-error.ts';
import { sharpeOfDay } from './risk-adjusted.ts';

const EULER_MASCHERONI = 0.577_215_664_901_532_9;

/** What the distribution of a measured Sharpe ratio depends on; all of one period, none of a year. */
export interface SharpeEstimate {
  readonly sharpe: number;
  readonly count: number;
  readonly skewness: number;
  /** Excess: 0 for a normal distribution. */
  readonly kurtosis: number;
}

/** Null where the moments have no Sharpe ratio, skewness or kurtosis: fewer than 4 returns, or constant ones. */
export const sharpeEstimateOf = (moments: Moments, riskFreePerDay: number): SharpeEstimate | null => {
  const sharpe = sharpeOfDay(moments, riskFreePerDay);
  const { count, skewness, kurtosis } = moments;
  return sharpe === null || skewness === null || kurtosis === null
    ? null
    : { sharpe, count, skewness, kurtosis };
};

/** 1 - g1 SR + (g2 + 2)/4 SR^2, the variance of the estimate times n - 1; null where it is not above zero. */
const varianceFactor = ({ sharpe, skewness, kurtosis }: SharpeEstimate): number | null => {
  const factor = 1 - skewness * sharpe + ((kurtosis + 2) / 4) * sharpe * sharpe;
  return factor > 0 ? factor : null;
};

/**
 * Probabilistic Sharpe ratio: how likely the true Sharpe ratio lies above `benchmark` (of one period, too),
 * Phi((SR - SR*) sqrt(n - 1) / sqrt(1 - g1 SR + (g2 + 2)/4 SR^2)) with g2 the excess kurtosis (Bailey and
 * López de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15(2), 2012).
 */
export const probabilisticSharpe = (estimate: SharpeEstimate | null, benchmark = 0): number | null => {
  if (estimate === null || estimate.count <= 1) return null;
  const factor = varianceFactor(estimate);
  if (factor === null) return null;
  return normalCdf(((estimate.sharpe - benchmark) * Math.sqrt(estimate.count - 1)) / Math.sqrt(factor));
};

/**
 * Periods that a track record has to have until its probabilistic Sharpe ratio against `benchmark` reaches
 * `confidence`: 1 + (1 - g1 SR + (g2 + 2)/4 SR^2) (z / (SR - SR*))^2 (same source). Null where the measured
 * ratio does not exceed the benchmark. Throws PerformanceError for a confidence outside 0.5 to 1.
 */
export const minimumTrackRecord = (
  estimate: SharpeEstimate | null,
  benchmark = 0,
  confidence = 0.95,
): number | null => {
  const z = normalQuantile(confidence);
  if (z === null || z < 0) {
    throw new PerformanceError('INVALID_PARAMETER', `confidence is ${confidence}: give 0.5 to below 1`);
  }
  if (estimate === null || estimate.sharpe <= benchmark) return null;
  const factor = varianceFactor(estimate);
  return factor === null ? null : 1 + factor * (z / (estimate.sharpe - benchmark)) ** 2;
};

/**
 * Highest Sharpe ratio to be expected of `trials` independent strategies without any skill, whose measured
 * ratios have this variance: sqrt(V) ((1 - g) Phi^-1(1 - 1/N) + g Phi^-1(1 - 1/(N e))), g the constant of
 * Euler and Mascheroni (Bailey and López de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio
 * Management 40(5), 2014). 0 for one trial. Throws PerformanceError for fewer, or a negative variance.
 */
export const expectedMaximumSharpe = (trials: number, variance: number): number => {
  if (!(Number.isFinite(trials) && trials >= 1)) {
    throw new PerformanceError(
      'INVALID_PARAMETER',
      `trials is ${trials}: give the number of strategies tried`,
    );
  }
  if (!(Number.isFinite(variance) && variance >= 0)) {
    throw new PerformanceError('INVALID_PARAMETER', `variance is ${variance}: give 0 or more`);
  }
  if (trials === 1) return 0;
  // Of the lower tail, because 1 - 1/N loses the digits of a large N.
  const highest = -(normalQuantile(1 / trials) ?? 0);
  const spread = -(normalQuantile(1 / (trials * Math.E)) ?? 0);
  return Math.sqrt(variance) * ((1 - EULER_MASCHERONI) * highest + EULER_MASCHERONI * spread);
};

/**
 * Deflated Sharpe ratio: the probabilistic one against {@link expectedMaximumSharpe}, so that the best of
 * many trials is held against the best that luck gives. `variance` is that of the trials' Sharpe ratios of
 * one period; `trials` the number of independent ones.
 */
export const deflatedSharpe = (
  estimate: SharpeEstimate | null,
  trials: number,
  variance: number,
): number | null => probabilisticSharpe(estimate, expectedMaximumSharpe(trials, variance));
