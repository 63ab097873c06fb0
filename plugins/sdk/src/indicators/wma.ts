import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { MovingWeights } from './moving-weights.ts';
import { requirePeriod } from './parameters.ts';

/** Weights 1 (the oldest) to period. */
const weightedMean = (window: MovingWeights, period: number): number =>
  window.pivot + (window.weighted + window.sum) / ((period * (period + 1)) / 2);

/**
 * Linearly weighted moving average: the newest of `period` inputs weighs `period`, the oldest 1. In the
 * inputs' units. First value: at input `period`.
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
