import type { Weights } from './optimizer.ts';
import type { Json } from './strategy-effects.ts';

/**
 * An optimizer that a strategy uses, with the parameters that it is set up with.
 * @example
 * ```ts
 * const uses = (): StrategyUses => ({
 *   optimizers: { weights: { id: 'momentum', config: { period: 20 }, fields: { config: 'optimizer' } } },
 * });
 * ```
 */
export interface OptimizerUse {
  /** Of an optimizer extension, of this plugin or any other that the gateway has. */
  readonly id: string;
  /** Its parameters; its defaults for what is left out. */
  readonly config?: Readonly<Record<string, Json | undefined>>;
  /** Where in the strategy's own parameters the two stand, so that a message can name the field. */
  readonly fields?: { readonly id?: string; readonly config?: string };
}

/**
 * One asset as a strategy hands it to an optimizer. Weights and shares are fractions of the portfolio: 0.25 is 25 %.
 * @see {@link LentOptimizer}
 */
export interface WeightsAsset {
  readonly symbol: string;
  /** At the same times as those of the other assets, oldest first, all above zero; the last `bars` count. */
  readonly closes: readonly number[];
  /** Its share of the portfolio now: 0.25 is 25 %. */
  readonly current?: number | null;
  /** Least weight, from 0; 0 when left out. */
  readonly min?: number;
  /** Most weight, to 1; 1 when left out. */
  readonly max?: number;
}

/**
 * What a strategy asks weights for: at least one asset, each symbol once, with as many closes each.
 * @see {@link LentOptimizer}
 */
export interface WeightsRequest {
  readonly assets: readonly WeightsAsset[];
}

/**
 * An optimizer as a strategy has it: set up, and checked on both sides.
 * @example
 * ```ts
 * function split(optimizer: LentOptimizer, apple: readonly number[], gold: readonly number[]): Weights {
 *   const assets = [{ symbol: 'AAPL', closes: apple, max: 0.6 }, { symbol: 'GLD', closes: gold, min: 0.1 }];
 *   return optimizer.weights({ assets }) ?? {};
 * }
 * ```
 */
export interface LentOptimizer {
  /** That of its extension. */
  readonly id: string;
  /** Closes of each asset that it needs. */
  readonly bars: number;
  /**
   * A weight for each asset, 1 in all at most, the rest being cash; null with fewer than `bars` closes, and where
   * they say nothing.
   * @throws {@link OptimizerError} BAD_INPUT for a request that makes no sense, INFEASIBLE, DEGENERATE, BAD_WEIGHTS or
   * THREW from the optimizer.
   */
  weights(request: WeightsRequest): Weights | null;
}
