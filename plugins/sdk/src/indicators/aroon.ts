import { type Indicator, indicator } from './indicator.ts';
import { checkHighLow, type HighLow } from './inputs.ts';
import { MovingExtreme } from './moving-extreme.ts';
import { requirePeriod } from './parameters.ts';

/**
 * What {@link aroon} gives: how fresh the extremes of the range are, in percent.
 *
 * @see {@link aroon}
 */
export interface Aroon {
  /** 0 to 100; 100 when the newest bar has the highest high. */
  readonly up: number;
  /** 0 to 100; 100 when the newest bar has the lowest low. */
  readonly down: number;
  /** up - down. */
  readonly oscillator: number;
}

/**
 * Aroon: 100 (period - bars since the highest high) / period over the last period + 1 bars, and likewise for
 * the lowest low; of equal ones the newest counts (Chande, Stocks & Commodities, September 1995). First value:
 * at bar period + 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const trend = aroon(4);
 * for (const bar of barsOf([10, 14, 13, 12, 11])) trend.update(bar);
 * trend.value; // { up: 50, down: 25, oscillator: 25 }
 * ```
 */
export const aroon = (period = 25): Indicator<HighLow, Aroon> => {
  const highest = new MovingExtreme(requirePeriod('period', period) + 1, 1);
  const lowest = new MovingExtreme(period + 1, -1);
  const freshness = (age: number): number => (100 * (period - age)) / period;
  return indicator({
    name: `aroon(${period})`,
    warmup: period + 1,
    parts: [highest, lowest],
    check: checkHighLow,
    push({ high, low }) {
      highest.push(high);
      lowest.push(low);
    },
    read() {
      const up = freshness(highest.age);
      const down = freshness(lowest.age);
      return { up, down, oscillator: up - down };
    },
  });
};
