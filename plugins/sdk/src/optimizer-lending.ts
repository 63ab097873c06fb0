import {
  type Optimizer,
  type OptimizerAsset,
  type OptimizerDefinition,
  WEIGHT_TOLERANCE,
  type Weights,
} from './optimizer.ts';
import { isOptimizerError, OptimizerError, type OptimizerErrorCode } from './optimizer-error.ts';
import type { LentOptimizer, OptimizerUse, WeightsRequest } from './optimizer-use.ts';

/*
 * What hosts lend optimizers to strategies with: a gateway's worker, a backtest, the testing kit. What goes in
 * and what comes out is checked, so that neither a strategy nor an optimizer has to trust the other.
 */

/**
 * Sets an optimizer up, for a strategy to call. What it is lent checks both sides: its `weights` throws
 * {@link OptimizerError} BAD_INPUT for a request that makes no sense, BAD_WEIGHTS for an answer beyond the contract,
 * THREW for a bug, and what the optimizer itself says: INFEASIBLE or DEGENERATE.
 * @param config Checked against the definition's schema by the host, with its defaults.
 * @param signal Aborted when the host does not wait for `create` any longer.
 * @throws {@link OptimizerError} THREW when it cannot be set up, by rejecting.
 *
 * @example
 * ```ts
 * const equal = defineOptimizer({
 *   id: 'equal',
 *   description: 'The same of each',
 *   config: T.Object({}),
 *   create: () => ({ bars: 0, weights: ({ assets }) => proportionalWeights(assets, assets.map(() => 1)) }),
 * });
 * const lent = await lendOptimizer(equal, {}, AbortSignal.timeout(5_000));
 * const assets = [{ symbol: 'A', closes: [] }, { symbol: 'B', closes: [], max: 0.2 }];
 * lent.weights({ assets }); // { A: 0.8, B: 0.2 }
 * lent.weights({ assets: [] }); // throws OptimizerError
 * ```
 */
export async function lendOptimizer(
  definition: OptimizerDefinition,
  config: unknown,
  signal: AbortSignal,
): Promise<LentOptimizer> {
  const { id } = definition;
  let optimizer: Optimizer;
  try {
    optimizer = await definition.create(config, Object.freeze({ signal }));
  } catch (cause) {
    throw failure(id, 'THREW', `create: ${textOf(cause)}`, cause);
  }
  const { bars } = optimizer;
  if (!Number.isSafeInteger(bars) || bars < 0) {
    throw failure(id, 'THREW', 'create: bars has to be a whole number from 0');
  }
  return Object.freeze({
    id,
    bars,
    weights: (request: WeightsRequest) => checkedWeights(id, optimizer, request),
  });
}

/**
 * An optimizer that is used, as its host has found it; its config has passed the schema.
 *
 * @see {@link lendOptimizers}
 */
export interface FoundOptimizer {
  readonly definition: OptimizerDefinition;
  readonly config: unknown;
}

/**
 * Sets up all that a strategy uses, one after the other, by the strategy's names for them.
 * @param uses What `usesOf` gave.
 * @param find The definition that a use names, with its checked parameters; what it throws is passed on.
 * @throws {@link OptimizerError} THREW when one cannot be set up, by rejecting.
 *
 * @example
 * ```ts
 * const allCash = defineOptimizer({
 *   id: 'all-cash',
 *   description: 'Nothing of any',
 *   config: T.Object({}),
 *   create: () => ({ bars: 0, weights: ({ assets }) => proportionalWeights(assets, assets.map(() => 0)) }),
 * });
 * const find = ({ config = {}, id }: OptimizerUse): FoundOptimizer => {
 *   if (id !== 'all-cash') throw new Error(`there is no optimizer ${id}`);
 *   return { definition: allCash, config };
 * };
 * const lent = await lendOptimizers({ weights: { id: 'all-cash' } }, find, AbortSignal.timeout(5_000));
 * lent.get('weights')?.weights({ assets: [{ symbol: 'A', closes: [] }] }); // { A: 0 }
 * ```
 */
export async function lendOptimizers(
  uses: Readonly<Record<string, OptimizerUse>>,
  find: (use: OptimizerUse) => FoundOptimizer | Promise<FoundOptimizer>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LentOptimizer>> {
  const lent = new Map<string, LentOptimizer>();
  for (const [name, use] of Object.entries(uses)) {
    const { config, definition } = await find(use);
    lent.set(name, await lendOptimizer(definition, config, signal));
  }
  return lent;
}

function checkedWeights(id: string, optimizer: Optimizer, { assets }: WeightsRequest): Weights | null {
  const problem = requestProblem(assets);
  if (problem !== null) throw failure(id, 'BAD_INPUT', problem);
  const { bars } = optimizer;
  if (assets.some(({ closes }) => closes.length < bars)) return null;
  const asked = assets.map(({ closes, current, max, min, symbol }) => ({
    symbol,
    // The last ones and copies of them: what came before, and what an optimizer does to them, changes nothing.
    closes: bars === 0 ? [] : closes.slice(-bars),
    current: current ?? null,
    min: min ?? 0,
    max: max ?? 1,
  }));
  const weights = attempt(id, () => optimizer.weights({ assets: asked }));
  const wrong = weights === null ? null : weightsProblem(asked, weights);
  if (wrong !== null) throw failure(id, 'BAD_WEIGHTS', wrong);
  return weights;
}

function attempt<T>(id: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (isOptimizerError(cause)) throw failure(id, cause.code, cause.message, cause);
    throw failure(id, 'THREW', textOf(cause), cause);
  }
}

/** What is wrong with what an optimizer is asked; null when nothing is. */
function requestProblem(assets: WeightsRequest['assets']): string | null {
  if (assets.length === 0) return 'there are no assets';
  const length = assets[0]?.closes.length;
  const seen = new Set<string>();
  for (const { closes, current, max = 1, min = 0, symbol } of assets) {
    if (seen.has(symbol)) return `${symbol} is there twice`;
    seen.add(symbol);
    if (closes.length !== length) {
      return `${symbol} has ${String(closes.length)} closes, not ${String(length)}`;
    }
    if (!closes.every((close) => close > 0 && Number.isFinite(close))) {
      return `${symbol} has a close that is no price above zero`;
    }
    if (!(min >= 0 && min <= max && max <= 1)) {
      return `the bounds of ${symbol}, ${String(min)} and ${String(max)}, have to be from 0 to 1 and in order`;
    }
    const isKnown = current !== undefined && current !== null;
    if (isKnown && !Number.isFinite(current)) return `the current weight of ${symbol} is no number`;
  }
  return null;
}

/**
 * What is wrong with what an optimizer answered, in a line; null when nothing is. Weights are shares, 0.25 is 25 %:
 * one for each asset and for nothing else, within its bounds and 1 in all at most, to {@link WEIGHT_TOLERANCE}.
 *
 * @example
 * ```ts
 * const assets = ['A', 'B'].map((symbol) => ({ symbol, closes: [], current: null, min: 0, max: 1 }));
 * weightsProblem(assets, { A: 0.5, B: 0.25 }); // null
 * weightsProblem(assets, { A: 0.75, B: 0.75 }); // 'the weights sum to 1.5, more than 1'
 * ```
 */
export function weightsProblem(assets: readonly OptimizerAsset[], weights: Weights): string | null {
  // Plugins written in JavaScript may answer anything.
  if (typeof weights !== 'object') return `it answered ${String(weights)}, which is neither weights nor null`;
  const strangers = Object.keys(weights).filter((name) => assets.every(({ symbol }) => symbol !== name));
  if (strangers.length > 0) return `it weighs ${strangers.join(', ')}, which it was not asked for`;
  let sum = 0;
  for (const { max, min, symbol } of assets) {
    const weight = Object.hasOwn(weights, symbol) ? weights[symbol] : undefined;
    if (weight === undefined) return `it has no weight for ${symbol}`;
    if (!Number.isFinite(weight)) return `the weight of ${symbol} is ${String(weight)}`;
    if (weight < min - WEIGHT_TOLERANCE || weight > max + WEIGHT_TOLERANCE) {
      return `the weight of ${symbol}, ${String(weight)}, is not from ${String(min)} to ${String(max)}`;
    }
    sum += weight;
  }
  return sum <= 1 + WEIGHT_TOLERANCE ? null : `the weights sum to ${String(sum)}, more than 1`;
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const failure = (id: string, code: OptimizerErrorCode, why: string, cause?: unknown): OptimizerError =>
  new OptimizerError(code, `optimizer ${id}: ${why}`, cause === undefined ? undefined : { cause });
