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

/** A trade, as `onTrade` is given it. */
export interface PriceSize {
  readonly price: number;
  /** Units; 0 or more. */
  readonly size: number;
}

/** A bar, which counts with its typical price, or a trade. */
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
 * price x volume divided by the sum of volume. Null until volume has come. First value: at input 1.
 *
 * @example
 * const session = vwap();
 * // onBar, with the trading day in `day`:
 * if (day !== lastDay) session.reset();
 * const average = session.update(bar);
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
