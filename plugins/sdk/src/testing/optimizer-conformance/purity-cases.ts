import type { OptimizerAsset } from '../../optimizer.ts';
import { Finding, shown } from '../conformance/kit.ts';
import { trapped } from '../conformance/traps.ts';
import { type OptimizerCase, sameWeights } from './optimizer-kit.ts';
import { withBounds } from './weight-cases.ts';

export const permutationCase: OptimizerCase = {
  number: 'O11',
  title: 'the order of the assets does not matter',
  async run(kit) {
    const optimizer = await kit.open();
    const random = kit.random('permutation bounds');
    for (let round = 0; round < 5; round += 1) {
      const assets = withBounds(kit.assets(`permutation ${String(round)}`, optimizer.bars), random);
      const turned = [...assets.slice(2), ...assets.slice(0, 2).reverse()];
      const [expected, found] = [kit.weigh(optimizer, assets), kit.weigh(optimizer, turned)];
      sameWeights(expected, found, kit.tolerance, 'with the assets in another order');
    }
  },
};

export const sameAgainCase: OptimizerCase = {
  number: 'O13',
  title: 'the same input gives the same weights to the last digit, whatever came between',
  async run(kit) {
    const optimizer = await kit.open();
    const assets = kit.assets('again', optimizer.bars);
    const first = kit.weigh(optimizer, assets);
    kit.weigh(optimizer, kit.assets('between', optimizer.bars));
    sameWeights(first, kit.weigh(optimizer, assets), 0, 'after another input');
    sameWeights(first, kit.weigh(await kit.open(), assets), 0, 'made anew');
  },
};

const frozen = (assets: readonly OptimizerAsset[]): readonly OptimizerAsset[] =>
  Object.freeze(assets.map((asset) => Object.freeze({ ...asset, closes: Object.freeze([...asset.closes]) })));

export const inputCase: OptimizerCase = {
  number: 'O14',
  title: 'it leaves its input as it is',
  async run(kit) {
    const optimizer = await kit.open();
    const assets = kit.assets('input', optimizer.bars);
    const before = shown(assets);
    kit.weighThese(optimizer, assets);
    if (shown(assets) !== before) throw new Finding('it changed the input that it was given');
    // Throws where it would change what cannot be changed, and put it back.
    kit.weighThese(optimizer, frozen(assets));
  },
};

export const optimizerPurityCase: OptimizerCase = {
  number: 'O16',
  title: 'no clock, no chance, no timers, no network',
  async run(kit) {
    const optimizer = await kit.open();
    const assets = kit.assets('purity', optimizer.bars);
    const used = new Set<string>();
    try {
      trapped(() => kit.weigh(optimizer, assets), used);
    } catch (error) {
      if (used.size === 0) throw error;
    }
    if (used.size > 0) {
      throw new Finding(`it uses ${[...used].join(', ')}: the same input has to give the same`);
    }
  },
};
