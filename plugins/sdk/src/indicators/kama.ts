import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { MovingSum } from './moving-sum.ts';
import { requireFaster, requirePeriod } from './parameters.ts';
import { Ring } from './ring.ts';

const STARTED = 0;
const VALUE = 1;

/**
 * How fast {@link kama} follows; nothing has to be given. Fast has to be shorter than slow.
 *
 * @see {@link kama}
 */
export interface KamaOptions {
  /** Inputs that the efficiency is measured over; 10 when left out. */
  readonly period?: number;
  /** Period of the EMA that it is in a straight move; 2 when left out. */
  readonly fast?: number;
  /** Period of the EMA that it is where nothing moves on; 30 when left out. */
  readonly slow?: number;
}

/**
 * Kaufman's adaptive moving average: KAMA += c^2 (x - KAMA), where c = ER (kf - ks) + ks, ER is the way made
 * over `period` inputs divided by the way walked, and kf and ks are 2 / (fast + 1) and 2 / (slow + 1)
 * (Kaufman, Smarter Trading, 1995). It starts from the input before its first value, and takes ER for 1
 * where nothing moved, both as in TA-Lib. In the inputs' units. First value: at input period + 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and a
 * `fast` that is not shorter than `slow`.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and a
 * `fast` that is not shorter than `slow`.
 *
 * @example
 * ```ts
 * const average = kama({ period: 2, fast: 1, slow: 3 });
 * [10, 12, 14, 14].map((price) => average.update(price)); // [null, null, 14, 14]
 * ```
 */
export const kama = (options: KamaOptions = {}): Indicator<number, number> => {
  const { period = 10, fast = 2, slow = 30 } = options;
  const prices = new Ring(requirePeriod('period', period));
  requireFaster(requirePeriod('fast', fast), requirePeriod('slow', slow));
  const walked = new MovingSum(period);
  const cells = new Cells(2);
  const slowest = 2 / (slow + 1);
  const span = 2 / (fast + 1) - slowest;
  return indicator({
    name: `kama(${period},${fast},${slow})`,
    warmup: period + 1,
    parts: [prices, walked, cells],
    check: checkNumber,
    push(value) {
      if (prices.size > 0) walked.push(Math.abs(value - prices.newest()));
      if (prices.isFull) {
        if (cells.at[STARTED] === 0) cells.at[VALUE] = prices.newest();
        cells.at[STARTED] = 1;
        const made = Math.abs(value - prices.oldest());
        const constant = (walked.sum > made ? made / walked.sum : 1) * span + slowest;
        cells.at[VALUE]! += constant * constant * (value - cells.at[VALUE]!);
      }
      prices.push(value);
    },
    read: () => cells.at[VALUE]!,
  });
};
