import type { OptimizerDefinition } from '../optimizer.ts';
import type { ConformanceCase } from './conformance.ts';
import { ConformanceError } from './conformance/conformance-error.ts';
import type { OptimizerConformanceOptions } from './optimizer-conformance/optimizer-conformance-options.ts';
import { type OptimizerCase, OptimizerKit } from './optimizer-conformance/optimizer-kit.ts';
import {
  collinearCase,
  constantCase,
  extremeCase,
  fewBarsCase,
  identicalCase,
  oneAssetCase,
  scaleCase,
} from './optimizer-conformance/price-cases.ts';
import {
  inputCase,
  optimizerPurityCase,
  permutationCase,
  sameAgainCase,
} from './optimizer-conformance/purity-cases.ts';
import {
  boundsCase,
  infeasibleCase,
  namesCase,
  optimizerConfigCase,
  sumCase,
} from './optimizer-conformance/weight-cases.ts';

/** In the order of their numbers, which keep their meaning for ever. */
const CASES: readonly OptimizerCase[] = [
  ...[optimizerConfigCase, sumCase, boundsCase, namesCase, oneAssetCase, identicalCase, constantCase],
  ...[collinearCase, fewBarsCase, extremeCase, permutationCase, scaleCase, sameAgainCase, inputCase],
  ...[infeasibleCase, optimizerPurityCase],
];

/**
 * What every optimizer has to pass to be lent to strategies, for any test runner. It is run on seeded random prices
 * of five assets that move together in part.
 *
 * - O1 Its config is a JSON Schema of an object that takes the defaults, or `options.config`; it refuses
 *   `options.badConfigs`.
 * - O2 Its weights sum to 1 at most, with bounds and without.
 * - O3 Each weight is within the bounds of its asset, at a single point too.
 * - O4 It weighs all symbols that it was asked for and no others, whatever they are called.
 * - O5 One asset, O6 identical prices, O7 prices that do not move, O8 an asset that is a mixture of others, and more
 *   assets than returns: weights within the contract, null, or DEGENERATE.
 * - O9 Its `bars` are enough for weights; with fewer it has null, an OptimizerError, or finite weights.
 * - O10 Very small beside very large prices change nothing.
 * - O11 The order of the assets changes nothing, O12 nor does the unit of the prices.
 * - O13 The same input gives the same weights, to the last digit, whatever came between.
 * - O14 It leaves its input as it is.
 * - O15 Minima that sum to more than 1 are an OptimizerError INFEASIBLE.
 * - O16 No Date.now, Math.random, timers, fetch: they are trapped while it computes.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 *
 * const equal = defineOptimizer({
 *   id: 'equal',
 *   description: 'The same of each',
 *   config: T.Object({}),
 *   create: () => ({ bars: 0, weights: ({ assets }) => proportionalWeights(assets, assets.map(() => 1)) }),
 * });
 * for (const { number, title, run } of optimizerConformance(equal)) void test(`${number} ${title}`, run);
 * ```
 */
export function optimizerConformance(
  definition: OptimizerDefinition,
  options: OptimizerConformanceOptions = {},
): readonly ConformanceCase[] {
  const kit = new OptimizerKit(definition, options);
  return CASES.map((checked) => ({
    number: checked.number,
    title: checked.title,
    run: () => checkedRun(checked, kit),
  }));
}

async function checkedRun(checked: OptimizerCase, kit: OptimizerKit): Promise<void> {
  try {
    await checked.run(kit);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConformanceError(checked.number, message, { cause });
  }
}
