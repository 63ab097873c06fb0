import type { OptimizerDefinition } from '../optimizer.ts';
import { lendOptimizer, lendOptimizers } from '../optimizer-lending.ts';
import type { LentOptimizer } from '../optimizer-use.ts';
import type { StrategyDefinition, StrategyRun } from '../strategy.ts';
import { type Optimizers, usesOf } from '../strategy-instance.ts';
import { ReplayError } from './replay-error.ts';
import { optimizerConfigFor } from './strategy-config.ts';

/** Nobody waits for less in a test. */
const NEVER_ABORTED = new AbortController().signal;

/**
 * An optimizer as a strategy has it: parameters checked, defaults filled in, what goes in and comes out checked.
 * @throws {@link ReplayError} REPLAY_CONFIG for parameters that the optimizer does not take, by rejecting.
 * @throws {@link OptimizerError} THREW when it cannot be set up, by rejecting.
 *
 * @example
 * ```ts
 * const newest = defineOptimizer({
 *   id: 'newest',
 *   description: 'In proportion to the last close',
 *   config: T.Object({}),
 *   create: () => ({
 *     bars: 1,
 *     weights: ({ assets }) => proportionalWeights(assets, assets.map(({ closes }) => closes.at(-1) ?? 0)),
 *   }),
 * });
 * const optimizer = await lentOptimizer(newest);
 * const assets = [{ symbol: 'A', closes: [10, 30] }, { symbol: 'B', closes: [20, 10] }];
 * optimizer.weights({ assets }); // { A: 0.75, B: 0.25 }
 * ```
 */
export function lentOptimizer(definition: OptimizerDefinition, config: unknown = {}): Promise<LentOptimizer> {
  return Promise.resolve().then(() =>
    lendOptimizer(definition, optimizerConfigFor(definition, config), NEVER_ABORTED),
  );
}

/** What a strategy uses, out of what there is. Rejects as {@link lentOptimizer} does. */
export async function optimizersFor(
  definition: StrategyDefinition,
  config: unknown,
  run: StrategyRun,
  there: readonly OptimizerDefinition[],
): Promise<Optimizers> {
  const { optimizers = {} } = usesOf(definition, config, run);
  return lendOptimizers(
    optimizers,
    ({ config: given, id }) => {
      const found = there.find((one) => one.id === id);
      if (found !== undefined) return { definition: found, config: optimizerConfigFor(found, given) };
      const known = there.map((one) => one.id).join(', ') || 'none';
      throw new ReplayError(
        'REPLAY_OPTIONS',
        `${definition.id} uses the optimizer ${id}: put it into options.optimizers, which has ${known}`,
      );
    },
    NEVER_ABORTED,
  );
}
