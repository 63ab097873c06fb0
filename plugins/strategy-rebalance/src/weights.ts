import {
  isOptimizerError,
  type Json,
  type LentOptimizer,
  type StrategyTools,
  type StrategyUses,
} from '@omniquant/plugin-sdk';

import type { Config } from './config.ts';

/** What weights are computed from. */
export interface WeightInput {
  readonly symbols: readonly string[];
  /** Closes of each symbol at the same times, oldest first: `bars` of them, in the order of `symbols`. */
  readonly closes: readonly (readonly number[])[];
  /** Shares of what is to be invested, as they are, in the same order. */
  readonly current: readonly number[];
}

export interface Weighing {
  /** One from 0 for each symbol, 1 in all at most; null where the closes leave them undefined. */
  readonly weights: readonly number[] | null;
  /** Why there are none, where that is worth a line in the log. */
  readonly problem: string | null;
}

/** A way to share a portfolio out. Pure: the same input gives the same weights. */
export interface WeightMethod {
  /** Closes of each symbol that it needs, from 1. */
  readonly bars: number;
  weigh(input: WeightInput): Weighing;
}

/** The strategy's name for it. */
const OPTIMIZER = 'weights';

/** The optimizer that the weights come from; none for fixed ones. */
export function usedOptimizers({ method, optimizer, optimizerConfig }: Config): StrategyUses {
  if (method === 'fixed') return {};
  // What came in as JSON holds nothing else.
  const config = optimizerConfig as Readonly<Record<string, Json>>;
  const fields = { id: 'optimizer', config: 'optimizerConfig' };
  return { optimizers: { [OPTIMIZER]: { id: optimizer, config, fields } } };
}

export const weightMethod = (config: Config, tools: StrategyTools): WeightMethod =>
  config.method === 'fixed' ? fixed(config.weights) : optimized(tools.optimizer(OPTIMIZER), config);

const fixed = (weights: Readonly<Record<string, number>>): WeightMethod => ({
  bars: 1,
  weigh: ({ symbols }) => ({ weights: symbols.map((symbol) => weights[symbol] ?? 0), problem: null }),
});

const optimized = (
  optimizer: LentOptimizer,
  { maxWeight, minWeight }: Pick<Config, 'maxWeight' | 'minWeight'>,
): WeightMethod => ({
  // The portfolio is worth something only with a close of each symbol.
  bars: Math.max(1, optimizer.bars),
  weigh({ closes, current, symbols }) {
    const assets = symbols.map((symbol, index) => ({
      ...{ symbol, closes: closes[index] ?? [], current: current[index] ?? null },
      ...{ min: minWeight, max: maxWeight },
    }));
    try {
      const weights = optimizer.weights({ assets });
      return { weights: weights && symbols.map((symbol) => weights[symbol] ?? 0), problem: null };
    } catch (error) {
      // A matter of these closes: others will come. All else is a mistake that somebody has to hear of.
      if (!isOptimizerError(error) || error.code !== 'DEGENERATE') throw error;
      return { weights: null, problem: error.message };
    }
  },
});

/** Why weights cannot be from `min` to `max` each; null when they can. */
export function boundsProblem(
  min: number,
  max: number,
  count: number,
): { readonly field: string; readonly message: string } | null {
  if (min > max) {
    return { field: 'minWeight', message: `has to be maxWeight at most, which is ${String(max)}` };
  }
  if (min * count <= 1 + ROUNDING) return null;
  return { field: 'minWeight', message: `has to be 1 at most for all ${String(count)} symbols together` };
}

/** Sums of weights such as 0.1 + 0.2 + 0.7 are off by their last bits. */
export const ROUNDING = 1e-9;
