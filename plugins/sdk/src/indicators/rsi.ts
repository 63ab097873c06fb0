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
 * @example
 * const strength = rsi(14);
 * const now = strength.update(bar.close);
 * if (now !== null && now < 30) yield place({ symbol: bar.symbol, side: 'BUY', quantity: '10' });
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
