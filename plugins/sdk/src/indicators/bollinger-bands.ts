import { divisorOf, type Estimator } from './dispersion.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { MovingMoments } from './moving-moments.ts';
import { requireFactor, requirePeriod } from './parameters.ts';
import { ratio } from './ratio.ts';

/**
 * How {@link bollingerBands} are drawn; nothing has to be given.
 *
 * @see {@link bollingerBands}
 */
export interface BollingerBandsOptions {
  /** 20 when left out; 2 or more. */
  readonly period?: number;
  /** Standard deviations from the middle to each band, above 0; 2 when left out. */
  readonly deviations?: number;
  /** 'population' when left out, as Bollinger has it. */
  readonly estimator?: Estimator;
}

/**
 * What {@link bollingerBands} give: the bands, and where the newest input lies between them.
 *
 * @see {@link bollingerBands}
 */
export interface BollingerBands {
  /** In the inputs' units, as `middle` and `lower`. */
  readonly upper: number;
  /** Mean of the last `period` inputs. */
  readonly middle: number;
  readonly lower: number;
  /** Where the input is: 0 at the lower band, 1 at the upper; 0.5 while the bands lie upon each other. */
  readonly percentB: number;
  /** (upper - lower) / middle; null where the middle is 0. */
  readonly bandwidth: number | null;
}

/**
 * Bollinger bands: the mean of the last `period` inputs, and bands at `deviations` standard deviations from it
 * (Bollinger on Bollinger Bands, 2001). First value: at input `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, deviations that are not above 0, and an
 * unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, deviations that are not above 0, and an
 * unknown estimator.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period below 2, deviations that are not above 0, and an
 * unknown estimator.
 *
 * @example
 * ```ts
 * const bands = bollingerBands({ period: 4, deviations: 2 });
 * for (const close of [98, 102, 98, 102]) bands.update(close);
 * bands.value; // { upper: 104, middle: 100, lower: 96, percentB: 0.75, bandwidth: 0.08 }
 * ```
 */
export const bollingerBands = (options: BollingerBandsOptions = {}): Indicator<number, BollingerBands> => {
  const { period = 20, deviations = 2, estimator = 'population' } = options;
  const window = new MovingMoments(requirePeriod('period', period, 2));
  const divisor = divisorOf(period, estimator);
  requireFactor('deviations', deviations);
  return indicator({
    name: `bollingerBands(${period},${deviations},${estimator})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read() {
      const middle = window.mean;
      const half = deviations * Math.sqrt(window.squares / divisor);
      return {
        upper: middle + half,
        middle,
        lower: middle - half,
        percentB: half === 0 ? 0.5 : 0.5 + window.deviation / (2 * half),
        bandwidth: ratio(2 * half, middle),
      };
    },
  });
};
