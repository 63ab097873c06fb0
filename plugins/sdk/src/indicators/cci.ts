import { type Indicator, indicator } from './indicator.ts';
import { checkHighLowClose, type HighLowClose, isRounding, typicalPrice } from './inputs.ts';
import { MovingMoments } from './moving-moments.ts';
import { requirePeriod } from './parameters.ts';

/** Lambert's, so that most values lie between -100 and 100. */
const SCALE = 0.015;

/**
 * Commodity channel index: (TP - mean of TP) / (0.015 x mean absolute deviation of TP) over `period` bars (2 or
 * more), where TP is the typical price (Lambert, Commodities, October 1980); 0 where TP was constant. An
 * update takes time in proportion to `period`, as the deviations are from a mean that moves. First value: at
 * bar `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 *
 * @example
 * ```ts
 * const index = cci(4);
 * for (const bar of barsOf([100, 100, 100, 108])) index.update(bar);
 * Math.round(index.value ?? 0); // 133
 * ```
 */
export const cci = (period = 20): Indicator<HighLowClose, number> => {
  const window = new MovingMoments(requirePeriod('period', period, 2));
  return indicator({
    name: `cci(${period})`,
    warmup: period,
    parts: [window],
    check: checkHighLowClose,
    push: (bar) => window.push(typicalPrice(bar)),
    read() {
      const { mean, numbers } = window;
      let deviations = 0;
      for (let index = 0; index < period; index += 1) deviations += Math.abs(numbers[index]! - mean);
      const average = deviations / period;
      return isRounding(average, mean) ? 0 : window.deviation / (SCALE * average);
    },
  });
};
