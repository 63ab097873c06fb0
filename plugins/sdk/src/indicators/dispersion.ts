import { type Indicator, indicator } from './indicator.ts';
import { IndicatorError, shown } from './indicator-error.ts';
import { checkNumber } from './inputs.ts';
import { MovingMoments } from './moving-moments.ts';
import { requirePeriod } from './parameters.ts';

/**
 * What squared deviations are divided by: their number ('population'), or one less ('sample'), which does not
 * underestimate the variance of what the inputs are drawn from.
 *
 * @see {@link standardDeviation}
 */
export type Estimator = 'population' | 'sample';

/**
 * How deviations are counted; nothing has to be given.
 *
 * @see {@link standardDeviation}
 */
export interface DispersionOptions {
  /** 'population' when left out, as in TA-Lib and in Bollinger bands. */
  readonly estimator?: Estimator;
}

/** For `period` inputs. Throws {@link IndicatorError} for what is no estimator. */
export const divisorOf = (period: number, estimator: Estimator): number => {
  if (estimator === 'population') return period;
  // JavaScript may hand over anything.
  if ((estimator as string) === 'sample') return period - 1;
  throw new IndicatorError('estimator', `estimator is ${shown(estimator)}: give 'population' or 'sample'`);
};

const dispersion = (
  name: string,
  period: number,
  options: DispersionOptions,
  read: (window: MovingMoments, divisor: number) => number,
): Indicator<number, number> => {
  const { estimator = 'population' } = options;
  const window = new MovingMoments(requirePeriod('period', period, 2));
  const divisor = divisorOf(period, estimator);
  return indicator({
    name: `${name}(${period},${estimator})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read: () => read(window, divisor),
  });
};

/**
 * Variance of the last `period` inputs (2 or more), in their units squared. Exactly 0 for a constant window,
 * and as precise after millions of inputs as at the first. First value: at input `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 *
 * @example
 * ```ts
 * const spread = variance(4);
 * [98, 102, 98, 102].map((close) => spread.update(close)); // [null, null, null, 4]
 * ```
 */
export const variance = (period: number, options: DispersionOptions = {}): Indicator<number, number> =>
  dispersion('variance', period, options, (window, divisor) => window.squares / divisor);

/**
 * Standard deviation of the last `period` inputs (2 or more), in their units: the root of {@link variance}.
 * First value: at input `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 *
 * @example
 * ```ts
 * const deviation = standardDeviation(3, { estimator: 'sample' });
 * [1, 3, 5].map((value) => deviation.update(value)); // [null, null, 2]
 * ```
 */
export const standardDeviation = (
  period: number,
  options: DispersionOptions = {},
): Indicator<number, number> =>
  dispersion('standardDeviation', period, options, (window, divisor) => Math.sqrt(window.squares / divisor));

/**
 * How many standard deviations the input is above the mean of the last `period` inputs (2 or more), itself
 * among them; 0 in a constant window. First value: at input `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 *
 * @example
 * ```ts
 * const score = zScore(5);
 * for (const spread of [1, 1, 1, 1, 6]) score.update(spread);
 * score.value; // 2
 * ```
 */
export const zScore = (period: number, options: DispersionOptions = {}): Indicator<number, number> =>
  dispersion('zScore', period, options, (window, divisor) => {
    const deviation = Math.sqrt(window.squares / divisor);
    return deviation === 0 ? 0 : window.deviation / deviation;
  });
