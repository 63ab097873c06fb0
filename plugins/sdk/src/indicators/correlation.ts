import { type DispersionOptions, divisorOf } from './dispersion.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkPair, type Pair } from './inputs.ts';
import { MovingPair } from './moving-pair.ts';
import { requirePeriod } from './parameters.ts';
import { ratio } from './ratio.ts';

/**
 * Covariance of the last `period` pairs (2 or more), in the units of x times those of y. First value: at pair
 * `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, and an unknown estimator.
 *
 * @example
 * ```ts
 * const together = covariance(3, { estimator: 'sample' });
 * [1, 2, 3].map((x) => together.update({ x, y: 2 * x })); // [null, null, 2]
 * ```
 */
export const covariance = (period: number, options: DispersionOptions = {}): Indicator<Pair, number> => {
  const { estimator = 'population' } = options;
  const window = new MovingPair(requirePeriod('period', period, 2));
  const divisor = divisorOf(period, estimator);
  return indicator({
    name: `covariance(${period},${estimator})`,
    warmup: period,
    parts: [window],
    check: checkPair,
    push: ({ x, y }) => window.push(x, y),
    read: () => window.products / divisor,
  });
};

/**
 * Pearson's correlation of the last `period` pairs (2 or more), -1 to 1; null where x or y was constant.
 * First value: at pair `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 *
 * @example
 * ```ts
 * const together = correlation(3);
 * [1, 2, 3].map((x) => together.update({ x, y: x * x - 4 * x })); // [null, null, 0]
 * ```
 */
export const correlation = (period: number): Indicator<Pair, number> => {
  const window = new MovingPair(requirePeriod('period', period, 2));
  return indicator({
    name: `correlation(${period})`,
    warmup: period,
    parts: [window],
    check: checkPair,
    push: ({ x, y }) => window.push(x, y),
    read() {
      const r = ratio(window.products, Math.sqrt(window.squaresX) * Math.sqrt(window.squaresY));
      return r === null ? null : Math.max(-1, Math.min(1, r));
    },
  });
};
