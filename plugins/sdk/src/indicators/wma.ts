import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { MovingWeights } from './moving-weights.ts';
import { requirePeriod } from './parameters.ts';

/** Weights 1 (the oldest) to period. */
const weightedMean = (window: MovingWeights, period: number): number =>
  window.pivot + (window.weighted + window.sum) / ((period * (period + 1)) / 2);

/**
 * Linearly weighted moving average, (1 x oldest + ... + period x newest) / (1 + ... + period), in the inputs' units.
 * First value: at input `period`.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const average = wma(2);
 * [1, 4, 7].map((price) => average.update(price)); // [null, 3, 6]
 * ```
 */
export const wma = (period: number): Indicator<number, number> => {
  const window = new MovingWeights(requirePeriod('period', period));
  return indicator({
    name: `wma(${period})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read: () => weightedMean(window, period),
  });
};

/**
 * Hull moving average: WMA of 2 WMA(period / 2) - WMA(period) over the square root of the period, both
 * rounded down (Hull 2005). In the inputs' units. First value: at input period + floor(sqrt(period)) - 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 *
 * @example
 * ```ts
 * const average = hma(2);
 * [1, 4, 7].map((price) => average.update(price)); // [null, 5, 8]
 * ```
 */
export const hma = (period: number): Indicator<number, number> => {
  const long = new MovingWeights(requirePeriod('period', period, 2));
  const shortPeriod = Math.floor(period / 2);
  const short = new MovingWeights(shortPeriod);
  const rootPeriod = Math.floor(Math.sqrt(period));
  const root = new MovingWeights(rootPeriod);
  return indicator({
    name: `hma(${period})`,
    warmup: period + rootPeriod - 1,
    parts: [long, short, root],
    check: checkNumber,
    push(value) {
      long.push(value);
      short.push(value);
      if (long.isFull) root.push(2 * weightedMean(short, shortPeriod) - weightedMean(long, period));
    },
    read: () => weightedMean(root, rootPeriod),
  });
};
