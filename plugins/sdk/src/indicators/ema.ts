import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';

const smoothed = (name: string, period: number, smoothing: Smoothing): Indicator<number, number> =>
  indicator({
    name,
    warmup: period,
    parts: [smoothing],
    check: checkNumber,
    push: (value) => smoothing.push(value),
    read: () => smoothing.value,
  });

/**
 * Exponential moving average: EMA += k (x - EMA) with k = 2 / (period + 1), from the mean of the first
 * `period` inputs on, as in TA-Lib (Hunter 1986; Appel). In the inputs' units. First value: at input `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const average = ema(3);
 * [1, 2, 3, 8].map((price) => average.update(price)); // [null, null, 2, 5]
 * ```
 */
export const ema = (period: number): Indicator<number, number> =>
  smoothed(`ema(${period})`, period, Smoothing.exponential(requirePeriod('period', period)));

/**
 * Wilder's moving average (also SMMA): RMA += (x - RMA) / period, from the mean of the first `period` inputs
 * on (Wilder, New Concepts in Technical Trading Systems, 1978). In the inputs' units. First value: at input
 * `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const average = rma(3);
 * [1, 2, 3, 8].map((price) => average.update(price)); // [null, null, 2, 4]
 * ```
 */
export const rma = (period: number): Indicator<number, number> =>
  smoothed(`rma(${period})`, period, Smoothing.wilder(requirePeriod('period', period)));

/**
 * Double exponential moving average: 2 E1 - E2, where E2 is the EMA of the EMA E1 (Mulloy, Stocks &
 * Commodities, February 1994). In the inputs' units. First value: at input 2 period - 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const average = dema(2);
 * [1, 2, 3, 4].map((price) => average.update(price)); // [null, null, 3, 4]
 * ```
 */
export const dema = (period: number): Indicator<number, number> => {
  const first = Smoothing.exponential(requirePeriod('period', period));
  const second = Smoothing.exponential(period);
  return indicator({
    name: `dema(${period})`,
    warmup: 2 * period - 1,
    parts: [first, second],
    check: checkNumber,
    push(value) {
      first.push(value);
      if (first.isReady) second.push(first.value);
    },
    read: () => 2 * first.value - second.value,
  });
};

/**
 * Triple exponential moving average: 3 E1 - 3 E2 + E3, each the EMA of the one before (Mulloy, Stocks &
 * Commodities, February 1994). In the inputs' units. First value: at input 3 period - 2.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const average = tema(2);
 * [1, 2, 3, 4].map((price) => average.update(price)); // [null, null, null, 4]
 * ```
 */
export const tema = (period: number): Indicator<number, number> => {
  const first = Smoothing.exponential(requirePeriod('period', period));
  const second = Smoothing.exponential(period);
  const third = Smoothing.exponential(period);
  return indicator({
    name: `tema(${period})`,
    warmup: 3 * period - 2,
    parts: [first, second, third],
    check: checkNumber,
    push(value) {
      first.push(value);
      if (first.isReady) second.push(first.value);
      if (second.isReady) third.push(second.value);
    },
    read: () => 3 * (first.value - second.value) + third.value,
  });
};
