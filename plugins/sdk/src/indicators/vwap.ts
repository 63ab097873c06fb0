import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import {
  checkHighLowCloseVolume,
  checkNumber,
  checkVolume,
  type HighLowCloseVolume,
  typicalPrice,
} from './inputs.ts';
import { MovingPair } from './moving-pair.ts';
import { requirePeriod } from './parameters.ts';
import { ratio } from './ratio.ts';
import { RunningTotal } from './running-total.ts';

/**
 * A trade; one of `onTrade` is one.
 *
 * @see {@link vwap}
 */
export interface PriceSize {
  /** In the currency of the instrument. */
  readonly price: number;
  /** Units; 0 or more. */
  readonly size: number;
}

/**
 * A bar, which counts with its typical price, or a trade.
 *
 * @see {@link vwap}
 */
export type VwapInput = HighLowCloseVolume | PriceSize;

const priceOf = (input: VwapInput): number => ('price' in input ? input.price : typicalPrice(input));
const volumeOf = (input: VwapInput): number => ('price' in input ? input.size : input.volume);

const checkVwapInput = (input: VwapInput): void => {
  if ('price' in input) {
    checkNumber(input.price, 'price');
    checkVolume(input.size, 'size');
  } else {
    checkHighLowCloseVolume(input);
  }
};

const STARTED = 0;
const FIRST = 1;

/**
 * Volume-weighted average price since the beginning or the last `reset()`, in the price's units: the sum of
 * price x volume divided by the sum of volume (Berkowitz, Logue and Noser, Journal of Finance, March 1988). Null
 * until volume has come. First value: at input 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for a volume below 0 or what is no number.
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for a volume below 0 or what is no number.
 *
 * @example
 * ```ts
 * const session = vwap();
 * session.update({ price: 10, size: 100 }); // 10
 * session.update({ price: 13, size: 50 }); // 11
 * session.reset(); // A new day begins.
 * session.update({ price: 14, size: 1 }); // 14
 * ```
 */
export const vwap = (): Indicator<VwapInput, number> => {
  const volumes = new RunningTotal();
  // Of distances from the first price, so that a price that never moves is its own average.
  const distances = new RunningTotal();
  const cells = new Cells(2);
  return indicator({
    name: 'vwap()',
    warmup: 1,
    parts: [volumes, distances, cells],
    check: checkVwapInput,
    push(input) {
      const { at } = cells;
      const price = priceOf(input);
      const volume = volumeOf(input);
      if (at[STARTED] === 0) at[FIRST] = price;
      at[STARTED] = 1;
      volumes.add(volume);
      distances.add((price - at[FIRST]!) * volume);
    },
    read() {
      const distance = ratio(distances.total, volumes.total);
      return distance === null ? null : cells.at[FIRST]! + distance;
    },
  });
};

/**
 * Volume-weighted average price of the last `period` inputs, in the price's units; null where they have no
 * volume. First value: at input `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and on
 * `update` for a volume below 0.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and on
 * `update` for a volume below 0.
 *
 * @example
 * ```ts
 * const average = rollingVwap(2);
 * average.update({ price: 10, size: 100 }); // null
 * average.update({ price: 13, size: 50 }); // 11
 * average.update({ price: 14, size: 50 }); // 13.5
 * ```
 */
export const rollingVwap = (period: number): Indicator<VwapInput, number> => {
  const window = new MovingPair(requirePeriod('period', period));
  return indicator({
    name: `rollingVwap(${period})`,
    warmup: period,
    parts: [window],
    check: checkVwapInput,
    push: (input) => window.push(priceOf(input), volumeOf(input)),
    read() {
      const distance = ratio(window.weightedX, window.totalY);
      return distance === null ? null : window.pivotX + distance;
    },
  });
};
