import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { requireFaster, requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';

export interface MacdOptions {
  /** 12 when left out. */
  readonly fast?: number;
  /** 26 when left out. */
  readonly slow?: number;
  /** 9 when left out. */
  readonly signal?: number;
}

/** In the inputs' units. */
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
 * @example
 * const trend = macd();
 * const now = trend.update(bar.close);
 * if (now !== null && now.histogram > 0) yield log('INFO', 'rising', { line: now.line });
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
