import { type OptimizerAsset, WEIGHT_TOLERANCE } from '../../optimizer.ts';
import type { Random } from '../../random.ts';
import { definitionProblem } from '../conformance/definition-problem.ts';
import { Finding, shown } from '../conformance/kit.ts';
import { ReplayError } from '../replay-error.ts';
import type { OptimizerCase, OptimizerKit } from './optimizer-kit.ts';

const ROUNDS = 20;

export const optimizerConfigCase: OptimizerCase = {
  number: 'O1',
  title: 'its config is a JSON Schema that takes the defaults, and refuses what options.badConfigs has',
  async run(kit) {
    const problem = definitionProblem(kit.definition);
    if (problem !== null) throw new Finding(problem);
    await kit.open();
    for (const bad of kit.options.badConfigs ?? []) {
      const isTaken = await kit.open(bad).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ReplayError) return false;
          const why = error instanceof Error ? error.message : String(error);
          throw new Finding(`schema and check let ${shown(bad)} pass, and create throws: ${why}`);
        },
      );
      if (isTaken) throw new Finding(`it takes the config ${shown(bad)}`);
    }
  },
};

/** Bounds at random that can be met: some tight, some of one value, some that leave cash over. */
export function withBounds(assets: readonly OptimizerAsset[], random: Random): OptimizerAsset[] {
  const share = 1 / assets.length;
  return assets.map((asset) => {
    const min = random.chance(0.5) ? 0 : random.fraction() * share;
    const max = random.chance(0.1) ? min : Math.min(1, min + random.fraction() * 3 * share);
    return { ...asset, min, max };
  });
}

const portfolios = (kit: OptimizerKit, name: string, bars: number): OptimizerAsset[][] => {
  const random = kit.random(`${name} bounds`);
  return Array.from({ length: ROUNDS }, (_, round) => {
    const assets = kit.assets(`${name} ${String(round)}`, bars);
    return round % 2 === 0 ? assets : withBounds(assets, random);
  });
};

export const sumCase: OptimizerCase = {
  number: 'O2',
  title: 'its weights sum to 1 at most',
  async run(kit) {
    const optimizer = await kit.open();
    for (const assets of portfolios(kit, 'sum', optimizer.bars)) {
      const sum = Object.values(kit.weightsOf(optimizer, assets)).reduce(
        (total, weight) => total + weight,
        0,
      );
      if (!(sum <= 1 + WEIGHT_TOLERANCE)) throw new Finding(`the weights sum to ${String(sum)}`);
    }
  },
};

export const boundsCase: OptimizerCase = {
  number: 'O3',
  title: 'each weight is from its asset’s minimum to its maximum',
  async run(kit) {
    const optimizer = await kit.open();
    for (const assets of portfolios(kit, 'bounds', optimizer.bars)) {
      const weights = kit.weightsOf(optimizer, assets);
      for (const { max, min, symbol } of assets) {
        const weight = weights[symbol] ?? 0;
        if (weight >= min - WEIGHT_TOLERANCE && weight <= max + WEIGHT_TOLERANCE) continue;
        throw new Finding(`the weight of ${symbol} is ${String(weight)}: ${String(min)} to ${String(max)}`);
      }
    }
  },
};

/** Names that a table of names may trip over. */
const NAMES = ['BRK.B', 'constructor', '7203', 'EUR/USD', '__proto__', 'ß', '0'];

export const namesCase: OptimizerCase = {
  number: 'O4',
  title: 'it weighs all symbols that it was asked for and no others, whatever they are called',
  async run(kit) {
    const optimizer = await kit.open();
    const assets = kit
      .assets('names', optimizer.bars, NAMES.length)
      .map((asset, index) => ({ ...asset, symbol: NAMES[index]! }));
    const found = Object.keys(kit.weightsOf(optimizer, assets)).sort();
    if (shown(found) !== shown(NAMES.toSorted())) {
      throw new Finding(`it was asked for ${NAMES.join(', ')} and weighs ${found.join(', ')}`);
    }
  },
};

export const infeasibleCase: OptimizerCase = {
  number: 'O15',
  title: 'minima that sum to more than 1 are an OptimizerError INFEASIBLE',
  async run(kit) {
    const optimizer = await kit.open();
    const assets = kit.assets('infeasible', optimizer.bars).map((asset) => ({ ...asset, min: 0.6 }));
    const { error, weights } = kit.weigh(optimizer, assets);
    if (error === 'INFEASIBLE') return;
    throw new Finding(`minima of 0.6 each, and it answers ${error ?? shown(weights)}`);
  },
};
