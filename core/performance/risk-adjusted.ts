import { type Annualisation, riskFreeOfDay } from './annualisation.ts';
import type { Moments } from './moments.ts';
import { isConstant, ROUNDING_SPREAD } from './moments.ts';
import { meanOf, ratio, sumOf } from './sums.ts';

/** s x sqrt(P), as a fraction a year; null for fewer than two returns. */
export const volatility = ({ deviation }: Moments, periods: number): number | null =>
  deviation === null ? null : deviation * Math.sqrt(periods);

/**
 * Sharpe ratio of one day: mean(r - rf) / s(r - rf), ddof 1 (Sharpe 1994). Null for fewer than two returns
 * and for constant ones.
 */
export const sharpeOfDay = ({ mean, deviation }: Moments, riskFreePerDay: number): number | null =>
  mean === null ? null : ratio(mean - riskFreePerDay, deviation);

/** Sharpe ratio a year: {@link sharpeOfDay} x sqrt(P). */
export const sharpe = (moments: Moments, terms: Annualisation): number | null => {
  const ofDay = sharpeOfDay(moments, riskFreeOfDay(terms));
  return ofDay === null ? null : ofDay * Math.sqrt(terms.periodsPerYear);
};

/**
 * Downside deviation of one day: sqrt(sum(min(r - target, 0)^2) / N), where N counts all days (Sortino and
 * Price 1994). Null for an empty series.
 */
export const downsideDeviation = (returns: ArrayLike<number>, target: number): number | null => {
  if (returns.length === 0) return null;
  return Math.sqrt(sumOf(returns, (value) => Math.min(value - target, 0) ** 2) / returns.length);
};

/**
 * Sortino ratio a year: mean(r - rf) / downside deviation from rf x sqrt(P). Null where no day lies below
 * the risk-free rate, for constant returns, and for fewer than two.
 */
export const sortino = (returns: ArrayLike<number>, terms: Annualisation): number | null => {
  const mean = meanOf(returns);
  const target = riskFreeOfDay(terms);
  const deviation = downsideDeviation(returns, target);
  if (mean === null || deviation === null || returns.length < 2) return null;
  if (isConstant(returns) || deviation <= ROUNDING_SPREAD) return null;
  return ratio((mean - target) * Math.sqrt(terms.periodsPerYear), deviation);
};

/** Growth rate over the deepest drawdown (Young 1991, over all days); null without a drawdown. */
export const calmar = (growth: number | null, maxDrawdown: number | null): number | null =>
  maxDrawdown === null ? null : ratio(growth, Math.abs(maxDrawdown));

/** Gains above a threshold a day over losses below it (Keating and Shadwick 2002); null without a loss. */
export const omega = (returns: ArrayLike<number>, threshold = 0): number | null => {
  const gains = sumOf(returns, (value) => Math.max(value - threshold, 0));
  const losses = sumOf(returns, (value) => Math.max(threshold - value, 0));
  return ratio(gains, losses);
};

/** Sum of returns over the sum of losses (Schwager 2012, on days); null without a loss. */
export const gainToPain = (returns: ArrayLike<number>): number | null =>
  ratio(
    sumOf(returns),
    sumOf(returns, (value) => Math.max(-value, 0)),
  );
