import { OptimizerError } from './optimizer-error.ts';
import type { LentOptimizer } from './optimizer-use.ts';
import type {
  StrategyDefinition,
  StrategyInputs,
  StrategyRun,
  StrategyTools,
  StrategyUses,
} from './strategy.ts';
import { StrategyError } from './strategy-error.ts';
import { guarded } from './strategy-guard.ts';

/*
 * What a host asks a strategy before it runs it, and what it lends it.
 */

/**
 * What is lent to a strategy, by its own names for them.
 *
 * @see {@link toolsOf}
 */
export type Optimizers = ReadonlyMap<string, LentOptimizer>;

/** Of a strategy that uses none. */
export const NO_OPTIMIZERS: Optimizers = new Map();

/**
 * What a strategy uses, with the parameters that it is to have; nothing of one that has no `uses`.
 * @param config Checked against the definition's schema by the host, with its defaults.
 * @throws {@link StrategyError} STRATEGY_THREW when `uses` throws.
 *
 * @example
 * ```ts
 * const spread = defineStrategy({
 *   id: 'spread',
 *   description: 'Spreads its money over its symbols',
 *   config: T.Object({ by: T.String({ default: 'equal-weight' }) }),
 *   uses: ({ by }) => ({ optimizers: { weights: { id: by } } }),
 *   create: () => ({}),
 * });
 * const run: StrategyRun = { symbols: ['ACME'], interval: 'DAY_1' };
 * usesOf(spread, { by: 'minimum-variance' }, run); // { optimizers: { weights: { id: 'minimum-variance' } } }
 * ```
 */
export function usesOf(definition: StrategyDefinition, config: unknown, run: StrategyRun): StrategyUses {
  return guarded('uses', () => definition.uses?.(config as never, run) ?? {});
}

/**
 * What a strategy wants to be given, with what it left out: no warm-up, no further intervals, neither quotes nor
 * trades. Warm-up is in bars of each series.
 * @param config Checked against the definition's schema by the host, with its defaults.
 * @param optimizers Those that it uses, which may be asked for the bars that they need.
 * @throws {@link StrategyError} STRATEGY_THREW when `inputs` throws or its warm-up is no whole number from 0,
 * STRATEGY_OPTIMIZER_FAILED when it asks for an optimizer that is not there.
 *
 * @example
 * ```ts
 * const trend = defineStrategy({
 *   id: 'trend',
 *   description: 'Looks at the average of so many closes',
 *   config: T.Object({ period: T.Integer({ default: 20 }) }),
 *   inputs: ({ period }) => ({ warmup: period, intervals: ['HOUR_1'] }),
 *   create: () => ({}),
 * });
 * wantedInputs(trend, { period: 50 }, { symbols: ['ACME'], interval: 'DAY_1' }).warmup; // 50
 * ```
 */
export function wantedInputs(
  definition: StrategyDefinition,
  config: unknown,
  run: StrategyRun,
  optimizers: Optimizers = NO_OPTIMIZERS,
): Required<StrategyInputs> {
  const tools = toolsOf(optimizers);
  const wanted = guarded('inputs', () => definition.inputs?.(config as never, run, tools) ?? {});
  const { warmup = 0, intervals = [], quotes = false, trades = false } = wanted;
  if (!Number.isSafeInteger(warmup) || warmup < 0) {
    throw new StrategyError('STRATEGY_THREW', 'on inputs: warmup has to be a whole number of bars from 0');
  }
  return { warmup, intervals, quotes, trades };
}

/**
 * What strategies reach optimizers through, for a context that is made by hand. Its `optimizer` throws
 * OptimizerError BAD_INPUT for a name that is not there.
 *
 * @example
 * ```ts
 * const lent: Optimizers = new Map([['weights', { id: 'none', bars: 0, weights: () => null }]]);
 * toolsOf(lent).optimizer('weights').id; // 'none'
 * toolsOf(lent).optimizer('wieghts'); // throws OptimizerError
 * ```
 */
export const toolsOf = (optimizers: Optimizers): StrategyTools => ({
  optimizer(name) {
    const found = optimizers.get(name);
    if (found !== undefined) return found;
    throw new OptimizerError('BAD_INPUT', `there is no optimizer called ${name} here: name it in uses`);
  },
});
