import { type Indicator, indicator } from './indicator.ts';
import { checkHighLowClose, type HighLowClose } from './inputs.ts';
import { requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';
import { TrueRange } from './true-range.ts';

/**
 * True range: max(high, close before) - min(low, close before), in the price's units (Wilder 1978). First
 * value: at bar 2, as in TA-Lib.
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
 * @example
 * const range = atr(14);
 * const now = range.update(bar); // a bar of onBar
 * const stopPrice = now === null ? null : bar.close - 2 * now;
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
