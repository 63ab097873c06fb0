import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { requireFaster, requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';

/**
 * Periods of {@link macd} in inputs; nothing has to be given. Fast has to be shorter than slow.
 *
 * @see {@link macd}
 */
export interface MacdOptions {
  /** Inputs of the fast EMA; 12 when left out. */
  readonly fast?: number;
  /** Inputs of the slow EMA; 26 when left out. */
  readonly slow?: number;
  /** Values of the line that its own EMA is of; 9 when left out. */
  readonly signal?: number;
}

/**
 * What {@link macd} gives, in the inputs' units.
 *
 * @see {@link macd}
 */
export interface Macd {
  /** EMA(fast) - EMA(slow). */
  readonly line: number;
  /** EMA of the line. */
  readonly signal: number;
  /** line - signal. */
  readonly histogram: number;
}

/**
 * Moving average convergence/divergence (Appel 1979; the histogram Aspray 1986). As in TA-Lib the fast EMA
 * starts from the mean of the `fast` inputs that end where the slow one starts; charts that start it earlier
 * differ at first, and by a factor of 1 - 2 / (fast + 1) less with every input. First value: at input
 * slow + signal - 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and a
 * `fast` that is not shorter than `slow`.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000, and a
 * `fast` that is not shorter than `slow`.
 *
 * @example
 * ```ts
 * const trend = macd({ fast: 1, slow: 3, signal: 2 });
 * for (const close of [10, 11, 12, 16]) trend.update(close);
 * trend.value; // { line: 2.5, signal: 1.75, histogram: 0.75 }
 * ```
 */
export const macd = (options: MacdOptions = {}): Indicator<number, Macd> => {
  const { fast = 12, slow = 26, signal = 9 } = options;
  requireFaster(requirePeriod('fast', fast), requirePeriod('slow', slow));
  const fastAverage = Smoothing.exponential(fast);
  const slowAverage = Smoothing.exponential(slow);
  const signalAverage = Smoothing.exponential(requirePeriod('signal', signal));
  const skipped = new Cells(1);
  return indicator({
    name: `macd(${fast},${slow},${signal})`,
    warmup: slow + signal - 1,
    parts: [fastAverage, slowAverage, signalAverage, skipped],
    check: checkNumber,
    push(value) {
      slowAverage.push(value);
      if (skipped.at[0]! < slow - fast) skipped.at[0]! += 1;
      else fastAverage.push(value);
      if (slowAverage.isReady) signalAverage.push(fastAverage.value - slowAverage.value);
    },
    read() {
      const line = fastAverage.value - slowAverage.value;
      return { line, signal: signalAverage.value, histogram: line - signalAverage.value };
    },
  });
};
