import { defineOptimizer, proportionalWeights, T } from '@omniquant/plugin-sdk';

/** Sample standard deviation of the simple returns. */
const volatility = (closes: readonly number[]): number => {
  const returns = closes.slice(1).map((close, index) => close / closes[index]! - 1);
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (returns.length - 1));
};

/** Below this a deviation is the rounding of the floats that it is computed with. */
const STILL = 1e-12;

/**
 * Weights in proportion to 1 / volatility ("equal-risk budget": R. Leote de Carvalho, X. Lu and P. Moulin,
 * "Demystifying Equity Risk-Based Strategies", Journal of Portfolio Management 38, 2012). None while a price has not
 * moved: its weight would be unbounded.
 */
export const inverseVolatility = defineOptimizer({
  id: 'inverse-volatility',
  description: 'Weights in proportion to 1 / volatility: less of what moves more',
  config: T.Object(
    {
      period: T.Integer({
        minimum: 2,
        maximum: 2_000,
        default: 60,
        description: 'Returns whose standard deviation is the volatility',
      }),
    },
    { additionalProperties: false },
  ),
  create: ({ period }) => ({
    bars: period + 1,
    weights({ assets }) {
      const deviations = assets.map(({ closes }) => volatility(closes));
      if (deviations.some((deviation) => !(deviation > STILL))) return null;
      return proportionalWeights(
        assets,
        deviations.map((deviation) => 1 / deviation),
      );
    },
  }),
});
