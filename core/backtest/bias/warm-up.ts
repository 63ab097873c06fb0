import type { StrategyDefinition } from '@omniquant/plugin-sdk';

import type { BacktestOrder } from '../backtest-result.ts';
import { type ComparedRun, type Difference, firstDifference } from './first-difference.ts';

/*
 * Warm-up sensitivity, after the recursive analysis of freqtrade: an indicator that remembers for ever (an exponential
 * average, Wilder's smoothing) depends on where it began. Runs that begin to trade at the same instant with warm-ups of
 * several lengths are compared with that of the longest.
 */

/** A run with a warm-up of so many bars, beside the one with the longest. */
export interface WarmUpCheck {
  readonly bars: number;
  readonly orders: number;
  /** Orders of this run that the longest has not, and of the longest that this has not. */
  readonly extra: number;
  readonly missing: number;
  readonly difference: Difference | null;
}

/** What is compared besides the strategy's own length: half of it, and up to eight times. */
export const usualLengths = (own: number): readonly number[] =>
  own === 0 ? [0, 50, 100, 200, 400] : [Math.ceil(own / 2), own, 2 * own, 4 * own, 8 * own];

/** The strategy with another warm-up; nothing else of it changes. */
export const withWarmUp = (strategy: StrategyDefinition, bars: number): StrategyDefinition => ({
  ...strategy,
  inputs: (config, run, tools) => ({ ...strategy.inputs?.(config, run, tools), warmup: bars }),
});

const keyOf = ({ at, limitPrice, quantity, role, side, stopPrice, symbol, type }: BacktestOrder): string =>
  [at, symbol, side, type, role, quantity, limitPrice, stopPrice].join(' ');

/** How many of the first list the second does not have. */
function countLacking(orders: readonly BacktestOrder[], others: readonly BacktestOrder[]): number {
  const known = new Map<string, number>();
  for (const order of others) known.set(keyOf(order), (known.get(keyOf(order)) ?? 0) + 1);
  let lacking = 0;
  for (const order of orders) {
    const left = known.get(keyOf(order)) ?? 0;
    if (left === 0) lacking += 1;
    else known.set(keyOf(order), left - 1);
  }
  return lacking;
}

export const checkWarmUp = (bars: number, found: ComparedRun, longest: ComparedRun): WarmUpCheck => ({
  bars,
  orders: found.orders.length,
  extra: countLacking(found.orders, longest.orders),
  missing: countLacking(longest.orders, found.orders),
  difference: firstDifference(longest, found, Infinity),
});

/**
 * The shortest length from which on all runs are alike; null where only the longest is like itself, so that nothing is
 * known to be long enough.
 */
export function stableFrom(checks: readonly WarmUpCheck[]): number | null {
  const byLength = checks.toSorted((a, b) => b.bars - a.bars);
  const firstUnlike = byLength.findIndex(({ difference }) => difference !== null);
  const alike = firstUnlike < 0 ? byLength : byLength.slice(0, firstUnlike);
  return alike.length < 2 ? null : (alike.at(-1)?.bars ?? null);
}
