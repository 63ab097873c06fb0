import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { MovingMoments } from './moving-moments.ts';
import { requirePeriod } from './parameters.ts';

/**
 * Simple moving average: the mean of the last `period` inputs, in their units. Of a constant series it is
 * that constant exactly. First value: at input `period`.
 *
 * @example
 * const average = sma(3);
 * [1, 2, 3, 7].map((price) => average.update(price)); // [null, null, 2, 4]
 */
export const sma = (period: number): Indicator<number, number> => {
  const window = new MovingMoments(requirePeriod('period', period));
  return indicator({
    name: `sma(${period})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read: () => window.mean,
  });
};
