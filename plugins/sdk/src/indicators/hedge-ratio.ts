import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { IndicatorError } from './indicator-error.ts';
import { checkPair, isRounding, type Pair } from './inputs.ts';
import { MovingPair } from './moving-pair.ts';
import { requirePeriod } from './parameters.ts';
import { ratio } from './ratio.ts';

/**
 * What {@link hedgeRatio} gives: the line through the last pairs, and how far the newest is from it.
 *
 * @see {@link hedgeRatio}
 */
export interface HedgeRatio {
  /** In the units of y. */
  readonly alpha: number;
  /** How many x hedge one y, in the units of y per x. */
  readonly beta: number;
  /** Of the newest pair: y - alpha - beta x. */
  readonly residual: number;
}

/**
 * Ordinary least squares of y on x over the last `period` pairs (2 or more), the newest among them:
 * beta = cov(x, y) / var(x), alpha = mean y - beta x mean x. Null where x was constant. First value: at pair
 * `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 *
 * @example
 * ```ts
 * const hedge = hedgeRatio(4);
 * for (const [x, y] of [[10, 21], [11, 23], [12, 25], [13, 27]] as const) hedge.update({ x, y });
 * hedge.value; // { alpha: 1, beta: 2, residual: 0 }
 * // y is bought, and twice as many x are sold, where the residual is far below 0.
 * ```
 */
export const hedgeRatio = (period: number): Indicator<Pair, HedgeRatio> => {
  const window = new MovingPair(requirePeriod('period', period, 2));
  return indicator({
    name: `hedgeRatio(${period})`,
    warmup: period,
    parts: [window],
    check: checkPair,
    push: ({ x, y }) => window.push(x, y),
    read() {
      const beta = ratio(window.products, window.squaresX);
      if (beta === null) return null;
      return {
        alpha: window.meanY - beta * window.meanX,
        beta,
        residual: window.deviationY - beta * window.deviationX,
      };
    },
  });
};

const STARTED = 0;
const X = 1;
const Y = 2;

const checkPrices = (prices: Pair): void => {
  checkPair(prices);
  if (prices.x > 0 && prices.y > 0) return;
  const parameter = prices.x > 0 ? 'y' : 'x';
  throw new IndicatorError(
    parameter,
    `${parameter} is ${prices[parameter]}: give prices above 0, as returns are taken`,
  );
};

/**
 * Beta of y, the asset, to x, the market: cov / var of their simple returns over the last `period` returns (2
 * or more; Sharpe 1963). The inputs are prices above 0. Null where the market's return was constant. First
 * value: at pair period + 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000, and on
 * `update` for a price that is not above 0.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000, and on
 * `update` for a price that is not above 0.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000, and on
 * `update` for a price that is not above 0.
 *
 * @example
 * ```ts
 * const beta = rollingBeta(2);
 * beta.update({ x: 100, y: 50 }); // null
 * beta.update({ x: 110, y: 60 }); // null
 * Math.round((beta.update({ x: 99, y: 48 }) ?? 0) * 1e6) / 1e6; // 2
 * ```
 */
export const rollingBeta = (period: number): Indicator<Pair, number> => {
  const window = new MovingPair(requirePeriod('period', period, 2));
  const cells = new Cells(3);
  return indicator({
    name: `rollingBeta(${period})`,
    warmup: period + 1,
    parts: [window, cells],
    check: checkPrices,
    push({ x, y }) {
      const { at } = cells;
      if (at[STARTED] === 1) window.push((x - at[X]!) / at[X]!, (y - at[Y]!) / at[Y]!);
      at[STARTED] = 1;
      at[X] = x;
      at[Y] = y;
    },
    read() {
      // A return has the rounding of prices, which is no movement of the market.
      const deviation = Math.sqrt(window.squaresX / period);
      return isRounding(deviation, 1 + Math.abs(window.meanX))
        ? null
        : ratio(window.products, window.squaresX);
    },
  });
};
