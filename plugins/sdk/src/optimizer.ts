import type { Static, TSchema } from '@sinclair/typebox';

/**
 * One asset as an optimizer sees it. Weights and shares are fractions of the portfolio: 0.25 is 25 %.
 * @see {@link defineOptimizer}
 */
export interface OptimizerAsset {
  readonly symbol: string;
  /**
   * Closes at the same times as those of the other assets, oldest first, all above zero: exactly as many as the
   * optimizer's `bars`.
   */
  readonly closes: readonly number[];
  /** Its share of the portfolio now, 0.25 is 25 %; null where that is not known. */
  readonly current: number | null;
  /** Least and most weight that it may get: 0 <= min <= max <= 1. */
  readonly min: number;
  readonly max: number;
}

/**
 * What an optimizer is asked weights for; checked by the host, so that it need not be checked again.
 * @see {@link defineOptimizer}
 */
export interface OptimizerInput {
  /** At least one; each symbol once. Their order means nothing. */
  readonly assets: readonly OptimizerAsset[];
}

/**
 * Share of the portfolio by symbol: 0.25 is 25 %.
 * @example
 * ```ts
 * const weights: Weights = { AAPL: 0.6, GLD: 0.25 }; // 15 % stay in cash
 * ```
 */
export type Weights = Readonly<Record<string, number>>;

/**
 * Sums and bounds of weights may be off by so much, for the rounding of floats.
 * @example
 * ```ts
 * const isFullyInvested = (weights: Weights) =>
 *   Object.values(weights).reduce((sum, weight) => sum + weight, 0) >= 1 - WEIGHT_TOLERANCE;
 * ```
 */
export const WEIGHT_TOLERANCE = 1e-9;

/**
 * An optimizer that is set up with its parameters.
 * @see {@link defineOptimizer}
 */
export interface Optimizer {
  /** Closes of each asset that it needs, from 0. For n returns that is n + 1. */
  readonly bars: number;
  /**
   * A weight for each asset of the input and for nothing else, from its `min` to its `max`, 1 in all at most; what
   * is missing from 1 stays in cash. Null: these closes say nothing, so that whoever asked keeps what there is; a
   * price that has not moved, say. Never NaN.
   *
   * Pure: no clock, no chance, no I/O, nothing kept from call to call, and the input is left as it is. The same
   * input gives the same weights, whatever was asked before.
   * @throws {@link OptimizerError} INFEASIBLE when no weights meet the bounds, DEGENERATE when the computation breaks
   * down.
   */
  weights(input: OptimizerInput): Weights | null;
}

/**
 * What an optimizer is lent while it is made.
 * @see {@link defineOptimizer}
 */
export interface OptimizerContext {
  /** Aborted when the host does not wait any longer. */
  readonly signal: AbortSignal;
}

/**
 * An optimizer extension: its parameters, and how it is set up with them.
 * @see {@link defineOptimizer}
 */
export interface OptimizerDefinition<S extends TSchema = TSchema> {
  readonly kind: 'optimizer';
  /** What strategies name, e.g. "minimum-variance". */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of its parameters: checks them, describes them to people, and spans the space of a tuner. */
  readonly config: S;
  /** What is wrong with parameters that the schema lets pass; null when nothing is. */
  check?(config: Static<S>): { readonly field: string; readonly message: string } | null;
  /** May be async where a solver has to be set up first. */
  create(config: Static<S>, ctx: OptimizerContext): Optimizer | Promise<Optimizer>;
}

/**
 * Declares an optimizer extension: something that turns closes into the weights of a portfolio. Strategies name it
 * in `uses` and call it by `ctx.optimizer(name)`, within their step and in their thread.
 * @returns The definition, frozen, for the `extensions` of a plugin.
 * @example
 * ```ts
 * export const momentum = defineOptimizer({
 *   id: 'momentum', description: 'All of it in what has risen most',
 *   config: T.Object({ period: T.Integer({ minimum: 1, maximum: 500, default: 20 }) }),
 *   create: ({ period }) => ({
 *     bars: period + 1,
 *     weights({ assets }) {
 *       const rise = assets.map(({ closes }) => closes.at(-1)! / closes[0]!);
 *       const best = Math.max(...rise);
 *       return proportionalWeights(assets, rise.map((one) => (one === best ? 1 : 0)));
 *     },
 *   }),
 * });
 * ```
 */
export function defineOptimizer<S extends TSchema>(
  definition: Omit<OptimizerDefinition<S>, 'kind'>,
): OptimizerDefinition<S> {
  return Object.freeze({ kind: 'optimizer' as const, ...definition });
}
