import { type Annualisation, riskFreeOfDay } from '../performance/annualisation.ts';
import { backtestOverfitting } from '../performance/backtest-overfitting.ts';
import { momentsOf } from '../performance/moments.ts';
import { sharpeOfDay } from '../performance/risk-adjusted.ts';
import { deflatedSharpe, expectedMaximumSharpe, sharpeEstimateOf } from '../performance/sharpe-inference.ts';
import type { DeflatedSharpe, Overfitting } from './sweep-result.ts';

/**
 * Whether the Sharpe ratio of the best is more than the luck of having tried so many. All different parameter sets count
 * as trials of their own, although neighbours resemble each other, and the variance of their Sharpe ratios is that among
 * all of them: with both, luck is given more than it had. Null for fewer than two sets with a Sharpe ratio, or for a best
 * one without.
 */
export function deflatedSharpeOf(
  best: Float64Array,
  all: readonly Float64Array[],
  terms: Annualisation,
): DeflatedSharpe | null {
  const riskFree = riskFreeOfDay(terms);
  const estimate = sharpeEstimateOf(momentsOf(best), riskFree);
  const sharpes = all.flatMap((returns) => sharpeOfDay(momentsOf(returns), riskFree) ?? []);
  const { deviation } = momentsOf(sharpes);
  if (estimate === null || deviation === null) return null;
  const variance = deviation ** 2;
  return {
    probability: deflatedSharpe(estimate, all.length, variance),
    luck: expectedMaximumSharpe(all.length, variance) * Math.sqrt(terms.periodsPerYear),
    trials: all.length,
  };
}

/** Splits of 16 blocks are 12,870, of 12 blocks 924, of 8 blocks 70: the more parameter sets, the fewer are affordable. */
const BLOCKS = [16, 14, 12, 10, 8, 6, 4, 2] as const;
const MOST_WORK = 400_000_000;
const SPLITS: Readonly<Record<(typeof BLOCKS)[number], number>> = {
  16: 12_870,
  14: 3_432,
  12: 924,
  10: 252,
  8: 70,
  6: 20,
  4: 6,
  2: 2,
};
/** A block with less has no Sharpe ratio that says anything. */
const LEAST_DAYS_OF_BLOCK = 5;

/**
 * Null with fewer than two sets, or too few days for blocks. Series of runs that were ruined are shorter: nothing is
 * gained or lost afterwards.
 */
export function overfittingOf(all: readonly Float64Array[]): Overfitting | null {
  const days = all.reduce((most, { length }) => Math.max(most, length), 0);
  const blocks = BLOCKS.find(
    (each) => days >= each * LEAST_DAYS_OF_BLOCK && all.length * each * SPLITS[each] <= MOST_WORK,
  );
  if (all.length < 2 || blocks === undefined) return null;
  const { degradation, probability, probabilityOfLoss } = backtestOverfitting(
    all.map((returns) => padded(returns, days)),
    blocks,
  );
  return { probability, probabilityOfLoss, degradation, blocks, parameterSets: all.length, days };
}

function padded(returns: Float64Array, days: number): Float64Array {
  if (returns.length === days) return returns;
  const whole = new Float64Array(days);
  whole.set(returns);
  return whole;
}
