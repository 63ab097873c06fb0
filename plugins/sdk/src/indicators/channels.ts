import { type Indicator, indicator } from './indicator.ts';
import { checkHighLow, checkHighLowClose, type HighLow, type HighLowClose } from './inputs.ts';
import { MovingExtreme } from './moving-extreme.ts';
import { requireFactor, requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';
import { TrueRange } from './true-range.ts';

/**
 * What {@link donchianChannel} and {@link keltnerChannel} give, in the price's units.
 *
 * @see {@link donchianChannel}
 */
export interface Channel {
  readonly upper: number;
  /** Of a Donchian channel halfway between the two, of a Keltner channel the EMA of the close. */
  readonly middle: number;
  readonly lower: number;
}

/**
 * Donchian channel: highest high and lowest low of the last `period` bars, and the price halfway between
 * (Donchian's four-week rule). The newest bar is among them, so that a breakout is a price beyond the `value`
 * from before the update. First value: at bar `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const channel = donchianChannel(3);
 * for (const bar of barsOf([10, 12, 11])) channel.update(bar);
 * channel.value; // { upper: 12, middle: 11, lower: 10 }
 * const [next] = barsOf([13]);
 * const isBreakout = channel.value !== null && next !== undefined && next.close > channel.value.upper;
 * isBreakout; // true
 * ```
 */
export const donchianChannel = (period = 20): Indicator<HighLow, Channel> => {
  const highest = new MovingExtreme(requirePeriod('period', period), 1);
  const lowest = new MovingExtreme(period, -1);
  return indicator({
    name: `donchianChannel(${period})`,
    warmup: period,
    parts: [highest, lowest],
    check: checkHighLow,
    push({ high, low }) {
      highest.push(high);
      lowest.push(low);
    },
    read() {
      const upper = highest.extreme;
      const lower = lowest.extreme;
      return { upper, middle: (upper + lower) / 2, lower };
    },
  });
};

/**
 * How a {@link keltnerChannel} is drawn; nothing has to be given.
 *
 * @see {@link keltnerChannel}
 */
export interface KeltnerChannelOptions {
  /** Bars of the middle's EMA; 20 when left out. */
  readonly period?: number;
  /** Bars of the average true range; 10 when left out. */
  readonly atrPeriod?: number;
  /** Average true ranges from the middle to each side, above 0; 2 when left out. */
  readonly multiplier?: number;
}

/**
 * Keltner channel in today's form: the EMA of the close, and `multiplier` average true ranges to each side
 * (Keltner 1960; Raschke). First value: at bar max(period, atrPeriod + 1).
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and a
 * multiplier that is not above 0.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and a
 * multiplier that is not above 0.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and a
 * multiplier that is not above 0.
 *
 * @example
 * ```ts
 * const channel = keltnerChannel({ period: 3, atrPeriod: 2, multiplier: 1.5 });
 * for (const bar of barsOf([100, 102, 104])) channel.update(bar);
 * channel.value; // { upper: 105, middle: 102, lower: 99 }
 * ```
 */
export const keltnerChannel = (options: KeltnerChannelOptions = {}): Indicator<HighLowClose, Channel> => {
  const { period = 20, atrPeriod = 10, multiplier = 2 } = options;
  const middleAverage = Smoothing.exponential(requirePeriod('period', period));
  const rangeAverage = Smoothing.wilder(requirePeriod('atrPeriod', atrPeriod));
  const range = new TrueRange();
  requireFactor('multiplier', multiplier);
  return indicator({
    name: `keltnerChannel(${period},${atrPeriod},${multiplier})`,
    warmup: Math.max(period, atrPeriod + 1),
    parts: [middleAverage, rangeAverage, range],
    check: checkHighLowClose,
    push(bar) {
      middleAverage.push(bar.close);
      range.push(bar);
      if (range.isReady) rangeAverage.push(range.value);
    },
    read() {
      const middle = middleAverage.value;
      const half = multiplier * rangeAverage.value;
      return { upper: middle + half, middle, lower: middle - half };
    },
  });
};
