/** Optimizers that are broken on purpose, each in one way; and one that is not. */
import {
  defineOptimizer,
  type Optimizer,
  type OptimizerAsset,
  type OptimizerDefinition,
  proportionalWeights,
  T,
  type Weights,
} from '@omniquant/plugin-sdk';

const PERIOD = 10;

const moves = ({ closes }: OptimizerAsset): number =>
  closes.slice(1).reduce((sum, close, at) => sum + Math.abs(close / closes[at]! - 1), 0);

/** Less to what moves more: what is sound in them all. */
const sound: Optimizer = {
  bars: PERIOD + 1,
  weights({ assets }) {
    const shares = assets.map((asset) => 1 / moves(asset));
    return shares.every(Number.isFinite) ? proportionalWeights(assets, shares) : null;
  },
};

const optimizer = (id: string, parts: (config: { readonly period: number }) => Partial<Optimizer>) =>
  defineOptimizer({
    ...{ id, description: `Broken: ${id}` },
    config: T.Object({ period: T.Number({ default: PERIOD }) }),
    create: (config) => ({ ...sound, ...parts(config) }),
  }) as unknown as OptimizerDefinition;

const weighing = (id: string, weights: Optimizer['weights']) => optimizer(id, () => ({ weights }));

const changed = (weights: Weights | null, change: (weight: number) => number): Weights | null =>
  weights && Object.fromEntries(Object.entries(weights).map(([symbol, weight]) => [symbol, change(weight)]));

export const inOrder = optimizer('in-order', () => ({}));

export const takesAnything = optimizer('takes-anything', ({ period }) => ({ bars: Math.max(0, period) }));

export const leverages = weighing('leverages', (input) =>
  changed(sound.weights(input), (weight) => weight * 1.5),
);

export const ignoresBounds = weighing('ignores-bounds', ({ assets }) =>
  assets.some(({ min }) => min > 0.5)
    ? sound.weights({ assets })
    : sound.weights({ assets: assets.map((asset) => ({ ...asset, min: 0, max: 1 })) }),
);

export const losesNames = weighing('loses-names', (input) => {
  const weights: Record<string, number> = {};
  for (const [symbol, weight] of Object.entries(sound.weights(input) ?? {})) weights[symbol] = weight;
  return Object.keys(weights).length === 0 ? null : weights;
});

export const needsTwo = weighing('needs-two', ({ assets }) =>
  changed(sound.weights({ assets }), (weight) => (weight * (assets.length - 1)) / (assets.length - 1)),
);

export const comparesPairs = weighing('compares-pairs', ({ assets }) => {
  const largest = Math.max(...assets.map(moves));
  const range = largest - Math.min(...assets.map(moves));
  const isPair = assets.length === 5 && assets.every(({ max, min }) => min === 0 && max === 1);
  return changed(sound.weights({ assets }), (weight) => (isPair ? (weight * range) / range : weight));
});

export const fearsStillness = weighing('fears-stillness', ({ assets }) => {
  const shares = assets.map((asset) => 1 / moves(asset));
  if (shares.every(Number.isFinite)) return proportionalWeights(assets, shares);
  if (assets.some(({ closes }) => closes.length <= PERIOD)) return null;
  const sum = shares.reduce((total, share) => total + share, 0);
  return Object.fromEntries(assets.map(({ symbol }, index) => [symbol, shares[index]! / sum]));
});

export const fearsWidth = weighing('fears-width', ({ assets }) => {
  if (assets.length > PERIOD) throw new Error('Matrix is singular');
  return sound.weights({ assets });
});

export const readsBeyond = weighing('reads-beyond', ({ assets }) => {
  const first = assets.map(({ closes }) => closes.at(-PERIOD - 1)! / closes.at(-PERIOD - 1)!);
  const weights = assets[0]?.closes.length === PERIOD + 1 ? sound.weights({ assets }) : null;
  return weights ?? (first.some(Number.isNaN) ? Object.fromEntries([['A', NaN]]) : null);
});

const inCents = (asset: OptimizerAsset): OptimizerAsset => ({
  ...asset,
  closes: asset.closes.map((close) => Math.max(0.01, Math.round(close * 100) / 100)),
});

export const countsCents = weighing('counts-cents', ({ assets }) =>
  sound.weights({ assets: assets.map(inCents) }),
);

export const favoursTheFirst = weighing('favours-the-first', ({ assets }) =>
  proportionalWeights(
    assets,
    assets.map((_, index) => 1 / (index + 1)),
  ),
);

export const weighsByPrice = weighing('weighs-by-price', ({ assets }) =>
  proportionalWeights(
    assets,
    assets.map(({ closes }) => closes.at(-1) ?? 0),
  ),
);

export const remembers = optimizer('remembers', () => {
  let asked = 0;
  return {
    weights(input) {
      asked += 1;
      return changed(sound.weights(input), (weight) => weight * (1 - asked * 1e-12));
    },
  };
});

export const sortsItsInput = weighing('sorts-its-input', (input) => {
  const weights = sound.weights(input);
  for (const { closes } of input.assets) (closes as number[]).sort((a, b) => a - b);
  return weights;
});

export const hopesForTheBest = weighing('hopes-for-the-best', ({ assets }) => {
  const least = assets.reduce((sum, { min }) => sum + min, 0);
  return sound.weights({
    assets: assets.map((asset) => (least > 1 ? { ...asset, min: asset.min / least } : asset)),
  });
});

export const throwsDice = weighing('throws-dice', (input) => {
  const tie = Math.random() < 2 ? 1 : 0;
  return changed(sound.weights(input), (weight) => weight * tie);
});
