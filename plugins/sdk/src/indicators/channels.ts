import { type Indicator, indicator } from './indicator.ts';
import { checkHighLow, checkHighLowClose, type HighLow, type HighLowClose } from './inputs.ts';
import { MovingExtreme } from './moving-extreme.ts';
import { requireFactor, requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';
import { TrueRange } from './true-range.ts';

/** In the price's units. */
export interface Channel {
  readonly upper: number;
  readonly middle: number;
  readonly lower: number;
}

/**
 * Donchian channel: highest high and lowest low of the last `period` bars, and the price halfway between
 * (Donchian's four-week rule). The newest bar is among them, so that a breakout is a price beyond the `value`
 * from before the update. First value: at bar `period`.
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

export interface KeltnerChannelOptions {
  /** Bars of the middle's EMA; 20 when left out. */
  readonly period?: number;
  /** Bars of the average true range; 10 when left out. */
  readonly atrPeriod?: number;
  /** Average true ranges from the middle to each side; 2 when left out. */
  readonly multiplier?: number;
}

/**
 * Keltner channel in today's form: the EMA of the close, and `multiplier` average true ranges to each side
 * (Keltner 1960; Raschke). First value: at bar max(period, atrPeriod + 1).
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
