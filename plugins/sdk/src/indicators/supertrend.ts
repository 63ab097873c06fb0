import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkHighLowClose, type HighLowClose } from './inputs.ts';
import { requireFactor, requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';
import type { Trend } from './trend.ts';
import { TrueRange } from './true-range.ts';

/** 1 in an upward trend, -1 in a downward one, 0 before the first. */
const SIDE = 0;
const UPPER = 1;
const LOWER = 2;
const CLOSE = 3;

/**
 * How wide the bands of {@link supertrend} are; nothing has to be given.
 *
 * @see {@link supertrend}
 */
export interface SupertrendOptions {
  /** Bars of the average true range; 10 when left out. */
  readonly period?: number;
  /** Average true ranges from the middle of the bar to each band, above 0; 3 when left out. */
  readonly multiplier?: number;
}

/**
 * What {@link supertrend} gives: the trend, and the line at which it would turn.
 *
 * @see {@link supertrend}
 */
export interface Supertrend {
  /** The lower band in an upward trend, the upper band in a downward one; in the price's units. */
  readonly line: number;
  /** Up while the line is below the close. */
  readonly trend: Trend;
}

/**
 * Supertrend (Seban): bands of `multiplier` average true ranges around (high + low) / 2. The lower band only
 * rises and the upper only falls, until the close before was beyond it. The trend turns when the close is
 * beyond the band that it follows; the first trend is upward if the close is not below the middle of its bar.
 * First value: at bar period + 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and a
 * multiplier that is not above 0.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and a
 * multiplier that is not above 0.
 *
 * @example
 * ```ts
 * const line = supertrend({ period: 2, multiplier: 1 });
 * const bars = barsOf([100, 102, 104, 106, 96]);
 * bars.map((bar) => line.update(bar)?.trend); // [undefined, undefined, 'up', 'up', 'down']
 * line.value?.line; // 107
 * ```
 */
export const supertrend = (options: SupertrendOptions = {}): Indicator<HighLowClose, Supertrend> => {
  const { period = 10, multiplier = 3 } = options;
  const average = Smoothing.wilder(requirePeriod('period', period));
  const range = new TrueRange();
  requireFactor('multiplier', multiplier);
  const cells = new Cells(4);
  const { at } = cells;
  return indicator({
    name: `supertrend(${period},${multiplier})`,
    warmup: period + 1,
    parts: [average, range, cells],
    check: checkHighLowClose,
    push(bar) {
      range.push(bar);
      if (range.isReady) average.push(range.value);
      if (!average.isReady) return;
      const middle = (bar.high + bar.low) / 2;
      const upper = middle + multiplier * average.value;
      const lower = middle - multiplier * average.value;
      const isFirst = at[SIDE] === 0;
      if (isFirst || upper < at[UPPER]! || at[CLOSE]! > at[UPPER]!) at[UPPER] = upper;
      if (isFirst || lower > at[LOWER]! || at[CLOSE]! < at[LOWER]!) at[LOWER] = lower;
      if (isFirst) at[SIDE] = bar.close >= middle ? 1 : -1;
      if (at[SIDE] === 1 ? bar.close < at[LOWER]! : bar.close > at[UPPER]!) at[SIDE] = -at[SIDE]!;
      at[CLOSE] = bar.close;
    },
    read: () => (at[SIDE] === 1 ? { line: at[LOWER]!, trend: 'up' } : { line: at[UPPER]!, trend: 'down' }),
  });
};
