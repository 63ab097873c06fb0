import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkHighLowClose, type HighLowClose } from './inputs.ts';
import { MovingExtreme } from './moving-extreme.ts';
import { MovingMoments } from './moving-moments.ts';
import { requirePeriod } from './parameters.ts';

/** Where the close lies in the range: 0 at the bottom, 1 at the top; in the middle of a range that is none. */
const position = (close: number, low: number, high: number): number =>
  high === low ? 0.5 : (close - low) / (high - low);

/**
 * How {@link stochastic} is smoothed; nothing has to be given.
 *
 * @see {@link stochastic}
 */
export interface StochasticOptions {
  /** Bars of the range; 14 when left out. */
  readonly period?: number;
  /** Bars that %K is smoothed over: 3, the slow stochastic, when left out; 1 is the fast one. */
  readonly smoothing?: number;
  /** Bars that %D averages %K over; 3 when left out. */
  readonly signal?: number;
}

/**
 * What {@link stochastic} gives, each from 0 to 100.
 *
 * @see {@link stochastic}
 */
export interface Stochastic {
  /** %K before it is smoothed: 100 (close - lowest low) / (highest high - lowest low). */
  readonly fastK: number;
  /** %K: the mean of the last `smoothing` of those. */
  readonly k: number;
  /** %D: the mean of the last `signal` %K. */
  readonly d: number;
}

/**
 * Stochastic oscillator (Lane 1984), of `period` bars, the newest among them. 50 where the range is zero
 * (TA-Lib: 0). First value: at bar period + smoothing + signal - 2.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const fast = stochastic({ period: 3, smoothing: 1, signal: 2 });
 * for (const bar of barsOf([10, 14, 12, 13])) fast.update(bar);
 * fast.value; // { fastK: 75, k: 75, d: 62.5 }
 * ```
 */
export const stochastic = (options: StochasticOptions = {}): Indicator<HighLowClose, Stochastic> => {
  const { period = 14, smoothing = 3, signal = 3 } = options;
  const highest = new MovingExtreme(requirePeriod('period', period), 1);
  const lowest = new MovingExtreme(period, -1);
  const slowK = new MovingMoments(requirePeriod('smoothing', smoothing));
  const slowD = new MovingMoments(requirePeriod('signal', signal));
  return indicator({
    name: `stochastic(${period},${smoothing},${signal})`,
    warmup: period + smoothing + signal - 2,
    parts: [highest, lowest, slowK, slowD],
    check: checkHighLowClose,
    push({ high, low, close }) {
      highest.push(high);
      lowest.push(low);
      if (highest.isFull) slowK.push(100 * position(close, lowest.extreme, highest.extreme));
      if (slowK.isFull) slowD.push(slowK.mean);
    },
    read: () => ({ fastK: slowK.newest, k: slowK.mean, d: slowD.mean }),
  });
};

/**
 * Williams %R, -100 to 0: -100 (highest high - close) / (highest high - lowest low) over `period` bars, the
 * newest among them (Williams 1973). -50 where the range is zero (TA-Lib: 0). First value: at bar `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const range = williamsR(3);
 * barsOf([10, 14, 13]).map((bar) => range.update(bar)); // [null, null, -25]
 * ```
 */
export const williamsR = (period = 14): Indicator<HighLowClose, number> => {
  const highest = new MovingExtreme(requirePeriod('period', period), 1);
  const lowest = new MovingExtreme(period, -1);
  const last = new Cells(1);
  return indicator({
    name: `williamsR(${period})`,
    warmup: period,
    parts: [highest, lowest, last],
    check: checkHighLowClose,
    push({ high, low, close }) {
      highest.push(high);
      lowest.push(low);
      last.at[0] = close;
    },
    read: () => 100 * (position(last.at[0]!, lowest.extreme, highest.extreme) - 1),
  });
};
