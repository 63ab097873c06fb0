import { defineOptimizer, proportionalWeights, T } from '@omniquant/plugin-sdk';

/** The same weight for every asset, as far as its bounds allow. */
export const equalWeight = defineOptimizer({
  id: 'equal-weight',
  description: 'The same weight for every asset',
  config: T.Object({}, { additionalProperties: false }),
  create: () => ({
    bars: 0,
    weights: ({ assets }) =>
      proportionalWeights(
        assets,
        assets.map(() => 1),
      ),
  }),
});
