import { type Indicator, indicator } from './indicator.ts';
import { checkHighLowClose, type HighLowClose } from './inputs.ts';
import { requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';
import { TrueRange } from './true-range.ts';

/**
 * True range: max(high, close before) - min(low, close before), in the price's units (Wilder 1978). First
 * value: at bar 2, as in TA-Lib.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for what is no bar.
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for what is no bar.
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for what is no bar.
 *
 * @example
 * ```ts
 * const range = trueRange();
 * range.update({ high: 102, low: 99, close: 100 }); // null
 * range.update({ high: 106, low: 104, close: 105 }); // 6
 * ```
 */
export const trueRange = (): Indicator<HighLowClose, number> => {
  const range = new TrueRange();
  return indicator({
    name: 'trueRange()',
    warmup: 2,
    parts: [range],
    check: checkHighLowClose,
    push: (bar) => range.push(bar),
    read: () => range.value,
  });
};

/**
 * Average true range: Wilder's average of the {@link trueRange}, in the price's units (Wilder 1978). First
 * value: at bar period + 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const range = atr(2);
 * const bars = barsOf([100, { close: 103, high: 104, low: 100 }, { close: 101, high: 103, low: 101 }]);
 * for (const bar of bars) range.update(bar);
 * range.value; // 3
 * ```
 */
export const atr = (period = 14): Indicator<HighLowClose, number> => {
  const range = new TrueRange();
  const average = Smoothing.wilder(requirePeriod('period', period));
  return indicator({
    name: `atr(${period})`,
    warmup: period + 1,
    parts: [range, average],
    check: checkHighLowClose,
    push(bar) {
      range.push(bar);
      if (range.isReady) average.push(range.value);
    },
    read: () => average.value,
  });
};
