import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkCloseVolume, type CloseVolume } from './inputs.ts';
import { RunningTotal } from './running-total.ts';

const STARTED = 0;
const PREVIOUS = 1;

/**
 * On-balance volume, in units: volume is added when the close rises and subtracted when it falls (Granville
 * 1963). It starts from the first bar's volume, as in TA-Lib; only its changes mean anything. First value: at
 * bar 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for a volume below 0 or what is no number.
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for a volume below 0 or what is no number.
 *
 * @example
 * ```ts
 * const balance = obv();
 * balance.update({ close: 10, volume: 100 }); // 100
 * balance.update({ close: 11, volume: 40 }); // 140
 * balance.update({ close: 9, volume: 90 }); // 50
 * ```
 */
export const obv = (): Indicator<CloseVolume, number> => {
  const balance = new RunningTotal();
  const cells = new Cells(2);
  return indicator({
    name: 'obv()',
    warmup: 1,
    parts: [balance, cells],
    check: checkCloseVolume,
    push({ close, volume }) {
      const { at } = cells;
      if (at[STARTED] === 0 || close > at[PREVIOUS]!) balance.add(volume);
      else if (close < at[PREVIOUS]!) balance.add(-volume);
      at[STARTED] = 1;
      at[PREVIOUS] = close;
    },
    read: () => balance.total,
  });
};
