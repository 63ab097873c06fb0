import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { MovingExtreme } from './moving-extreme.ts';
import { MovingSum } from './moving-sum.ts';
import { requirePeriod } from './parameters.ts';

const extreme = (name: string, period: number, sign: 1 | -1): Indicator<number, number> => {
  const window = new MovingExtreme(requirePeriod('period', period), sign);
  return indicator({
    name: `${name}(${period})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read: () => window.extreme,
  });
};

/**
 * Least of the last `period` inputs, in their units. First value: at input `period`.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const lowest = rollingMin(2);
 * [5, 3, 4, 6].map((low) => lowest.update(low)); // [null, 3, 3, 4]
 * ```
 */
export const rollingMin = (period: number): Indicator<number, number> => extreme('rollingMin', period, -1);

/**
 * Greatest of the last `period` inputs, in their units. First value: at input `period`.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const highest = rollingMax(2);
 * [5, 3, 4, 6].map((high) => highest.update(high)); // [null, 5, 4, 6]
 * ```
 */
export const rollingMax = (period: number): Indicator<number, number> => extreme('rollingMax', period, 1);

/**
 * Sum of the last `period` inputs, in their units; it does not drift. First value: at input `period`.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const traded = rollingSum(3);
 * [100, 50, 25, 10].map((volume) => traded.update(volume)); // [null, null, 175, 85]
 * ```
 */
export const rollingSum = (period: number): Indicator<number, number> => {
  const window = new MovingSum(requirePeriod('period', period));
  return indicator({
    name: `rollingSum(${period})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read: () => window.sum,
  });
};
