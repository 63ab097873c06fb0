import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { MovingMean } from './moving-mean.ts';
import { requirePeriod } from './parameters.ts';

/**
 * Simple moving average: the mean of the last `period` inputs, in their units. Of a constant series it is
 * that constant exactly. First value: at input `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const average = sma(3);
 * [1, 2, 3, 7].map((price) => average.update(price)); // [null, null, 2, 4]
 * ```
 */
export const sma = (period: number): Indicator<number, number> => {
  const window = new MovingMean(requirePeriod('period', period));
  return indicator({
    name: `sma(${period})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read: () => window.mean,
  });
};
