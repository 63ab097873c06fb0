import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';

const STARTED = 0;
const PREVIOUS = 1;

/**
 * Relative strength index, 0 to 100: 100 G / (G + L), where G and L are Wilder's averages of the gains and of
 * the losses from input to input (Wilder 1978). 50 while nothing has moved (TA-Lib: 0). First value: at input
 * period + 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const strength = rsi(2);
 * [100, 103, 102, 102].map((close) => strength.update(close)); // [null, null, 75, 75]
 * ```
 */
export const rsi = (period = 14): Indicator<number, number> => {
  const gains = Smoothing.wilder(requirePeriod('period', period));
  const losses = Smoothing.wilder(period);
  const cells = new Cells(2);
  return indicator({
    name: `rsi(${period})`,
    warmup: period + 1,
    parts: [gains, losses, cells],
    check: checkNumber,
    push(value) {
      if (cells.at[STARTED] === 1) {
        const change = value - cells.at[PREVIOUS]!;
        gains.push(Math.max(0, change));
        losses.push(Math.max(0, -change));
      }
      cells.at[STARTED] = 1;
      cells.at[PREVIOUS] = value;
    },
    read() {
      const moved = gains.value + losses.value;
      return moved === 0 ? 50 : (100 * gains.value) / moved;
    },
  });
};
