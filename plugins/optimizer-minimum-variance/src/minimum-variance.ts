import { defineOptimizer, investable, T } from '@omniquant/plugin-sdk';

import { relativeCovariance } from './covariance.ts';
import { leastVariance } from './least-variance.ts';

/**
 * The portfolio of least variance that is invested in full, long only and within the bounds (H. Markowitz,
 * "Portfolio Selection", Journal of Finance 7, 1952). It needs no forecast of returns.
 */
export const minimumVariance = defineOptimizer({
  id: 'minimum-variance',
  description: 'The portfolio that has varied least, long only and within bounds',
  config: T.Object(
    {
      period: T.Integer({
        minimum: 2,
        maximum: 2_000,
        default: 120,
        description: 'Returns that the covariance is computed from',
      }),
      shrinkage: T.Number({
        minimum: 0,
        maximum: 1,
        default: 0.1,
        description: 'Share of the covariance that is replaced by equal variances without correlation',
      }),
    },
    { additionalProperties: false },
  ),
  create: ({ period, shrinkage }) => ({
    bars: period + 1,
    weights({ assets }) {
      const total = investable(assets);
      const covariance = relativeCovariance(
        assets.map(({ closes }) => closes),
        shrinkage,
      );
      if (covariance === null) return null;
      // At their maxima all together there is nothing left to choose.
      const isFull = assets.reduce((sum, { max }) => sum + max, 0) <= 1;
      const weights = isFull ? assets.map(({ max }) => max) : leastVariance(covariance, assets, total);
      return Object.fromEntries(assets.map(({ symbol }, index) => [symbol, weights[index]!]));
    },
  }),
});
