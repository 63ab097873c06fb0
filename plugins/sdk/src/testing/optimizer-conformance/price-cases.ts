import type { OptimizerAsset } from '../../optimizer.ts';
import { weightsProblem } from '../../optimizer-lending.ts';
import { Finding } from '../conformance/kit.ts';
import { assetOf, type OptimizerCase, type OptimizerKit, sameWeights } from './optimizer-kit.ts';

/** Null and DEGENERATE are sound answers to odd prices; weights that break the contract, NaN first of all, are not. */
async function soundOn(
  kit: OptimizerKit,
  what: string,
  assetsOf: (bars: number) => readonly OptimizerAsset[],
): Promise<void> {
  const optimizer = await kit.open();
  const assets = assetsOf(optimizer.bars);
  const { error, weights } = kit.weigh(optimizer, assets);
  if (error !== null && error !== 'DEGENERATE') throw new Finding(`${what}: ${error}`);
  const problem = weights === null ? null : weightsProblem(assets, weights);
  if (problem !== null) throw new Finding(`${what}: ${problem}`);
}

export const oneAssetCase: OptimizerCase = {
  number: 'O5',
  title: 'a portfolio of one asset',
  run: (kit) => soundOn(kit, 'one asset', (bars) => kit.assets('one', bars, 1)),
};

export const identicalCase: OptimizerCase = {
  number: 'O6',
  title: 'assets whose prices are the same',
  run: (kit) =>
    soundOn(kit, 'identical prices', (bars) => {
      const assets = kit.assets('identical', bars);
      return assets.map(({ symbol }) => assetOf(symbol, assets[0]!.closes));
    }),
};

const still = ({ closes, symbol }: OptimizerAsset): OptimizerAsset =>
  assetOf(
    symbol,
    closes.map(() => 100.1),
  );

export const constantCase: OptimizerCase = {
  number: 'O7',
  title: 'prices that do not move: of one asset, and of all',
  async run(kit) {
    await soundOn(kit, 'one price stands still', (bars) =>
      kit.assets('constant', bars).map((asset, index) => (index === 1 ? still(asset) : asset)),
    );
    await soundOn(kit, 'all prices stand still', (bars) => kit.assets('constant', bars).map(still));
  },
};

export const collinearCase: OptimizerCase = {
  number: 'O8',
  title: 'an asset that is a mixture of the others, and more assets than returns',
  async run(kit) {
    await soundOn(kit, 'a mixture', (bars) => {
      const assets = kit.assets('collinear', bars);
      const [one, other] = assets;
      const mixture = one!.closes.map((close, at) => close + 2 * other!.closes[at]!);
      return [...assets, assetOf('MIXTURE', mixture)];
    });
    await soundOn(kit, 'more assets than returns', (bars) =>
      kit.assets('wide', bars, Math.min(bars + 2, 60)),
    );
  },
};

export const fewBarsCase: OptimizerCase = {
  number: 'O9',
  title: 'its `bars` are enough for weights; with fewer it has none, and never NaN',
  async run(kit) {
    const optimizer = await kit.open();
    const { bars } = optimizer;
    kit.weightsOf(optimizer, kit.assets('few', bars));
    for (const fewer of new Set([0, 1, bars - 1])) {
      if (fewer < 0 || fewer >= bars) continue;
      const { weights } = kit.weigh(optimizer, kit.assets('few', fewer));
      const numbers = Object.values(weights ?? {});
      if (!numbers.every((weight) => Number.isFinite(weight))) {
        throw new Finding(`with ${String(fewer)} closes of ${String(bars)} a weight is NaN: answer null`);
      }
    }
  },
};

export const extremeCase: OptimizerCase = {
  number: 'O10',
  title: 'prices of 0.00000001 beside prices of 1,000,000,000',
  async run(kit) {
    const optimizer = await kit.open();
    const assets = kit.assets('extreme', optimizer.bars);
    const extreme = assets.map((asset, index) => scaled(asset, index % 2 === 0 ? 1e-10 : 1e7));
    const [expected, found] = [kit.weigh(optimizer, assets), kit.weigh(optimizer, extreme)];
    sameWeights(expected, found, kit.tolerance, 'with very small and very large prices');
  },
};

const scaled = (asset: OptimizerAsset, factor: number): OptimizerAsset => ({
  ...asset,
  closes: asset.closes.map((close) => close * factor),
});

export const scaleCase: OptimizerCase = {
  number: 'O12',
  title: 'the same prices in another unit give the same weights',
  async run(kit) {
    const optimizer = await kit.open();
    const assets = kit.assets('scale', optimizer.bars);
    const other = assets.map((asset, index) => scaled(asset, [100, 0.37, 1, 12, 3][index % 5]!));
    const [expected, found] = [kit.weigh(optimizer, assets), kit.weigh(optimizer, other)];
    sameWeights(expected, found, kit.tolerance, 'with prices in another unit');
  },
};
