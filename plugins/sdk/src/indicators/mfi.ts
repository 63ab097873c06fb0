import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkHighLowCloseVolume, type HighLowCloseVolume, isRounding, typicalPrice } from './inputs.ts';
import { MovingSum } from './moving-sum.ts';
import { requirePeriod } from './parameters.ts';

const STARTED = 0;
const PREVIOUS = 1;

/**
 * Money flow index, 0 to 100: 100 P / (P + N), where P and N are the sums of typical price x volume over those
 * of `period` bars whose typical price rose, and fell (Quong and Soudack, Stocks & Commodities, March 1989).
 * 50 where no money flowed (TA-Lib: 0). Prices have to be above 0. First value: at bar period + 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const flow = mfi(2);
 * const at = (price: number, volume: number) => ({ high: price, low: price, close: price, volume });
 * [at(10, 5), at(15, 20), at(10, 10)].map((bar) => flow.update(bar)); // [null, null, 75]
 * ```
 */
export const mfi = (period = 14): Indicator<HighLowCloseVolume, number> => {
  const positive = new MovingSum(requirePeriod('period', period));
  const negative = new MovingSum(period);
  const cells = new Cells(2);
  return indicator({
    name: `mfi(${period})`,
    warmup: period + 1,
    parts: [positive, negative, cells],
    check: checkHighLowCloseVolume,
    push(bar) {
      const { at } = cells;
      const price = typicalPrice(bar);
      if (at[STARTED] === 1) {
        const change = price - at[PREVIOUS]!;
        const flow = isRounding(change, price) ? 0 : price * bar.volume;
        positive.push(change > 0 ? flow : 0);
        negative.push(change < 0 ? flow : 0);
      }
      at[STARTED] = 1;
      at[PREVIOUS] = price;
    },
    read() {
      const flow = positive.sum + negative.sum;
      return flow > 0 ? (100 * positive.sum) / flow : 50;
    },
  });
};
