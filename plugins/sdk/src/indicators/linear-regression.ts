import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { MovingMoments } from './moving-moments.ts';
import { MovingWeights } from './moving-weights.ts';
import { requirePeriod } from './parameters.ts';
import { ratio } from './ratio.ts';

/**
 * What {@link linearRegression} gives: the line, and how well it fits.
 *
 * @see {@link linearRegression}
 */
export interface LinearRegression {
  /** Rise of the line from input to input, in the inputs' units. */
  readonly slope: number;
  /** Of the line at the oldest input of the window, in the inputs' units. */
  readonly intercept: number;
  /** Of the line at the newest input, in the inputs' units. */
  readonly fitted: number;
  /** Share of the variance that the line explains, 0 to 1; null of a constant window. */
  readonly r2: number | null;
}

/**
 * Line of least squares through the last `period` inputs (2 or more) over their position, 0 for the oldest:
 * slope = sum (i - mean i)(x - mean x) / sum (i - mean i)^2. First value: at input `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 *
 * @example
 * ```ts
 * const trend = linearRegression(3);
 * for (const close of [100, 102, 104]) trend.update(close);
 * trend.value; // { slope: 2, intercept: 100, fitted: 104, r2: 1 }
 * ```
 */
export const linearRegression = (period: number): Indicator<number, LinearRegression> => {
  const weights = new MovingWeights(requirePeriod('period', period, 2));
  const moments = new MovingMoments(period);
  const half = (period - 1) / 2;
  const squares = (period * (period * period - 1)) / 12;
  return indicator({
    name: `linearRegression(${period})`,
    warmup: period,
    parts: [weights, moments],
    check: checkNumber,
    push(value) {
      weights.push(value);
      moments.push(value);
    },
    read() {
      const slope = (weights.weighted - half * weights.sum) / squares;
      const { mean } = moments;
      const explained = ratio(slope * slope * squares, moments.squares);
      return {
        slope,
        intercept: mean - slope * half,
        fitted: mean + slope * half,
        r2: explained === null ? null : Math.min(1, explained),
      };
    },
  });
};
