import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkHighLowClose, type HighLowClose } from './inputs.ts';
import { requirePeriod } from './parameters.ts';
import { Smoothing } from './smoothing.ts';
import { TrueRange } from './true-range.ts';

const BARS = 0;
const HIGH = 1;
const LOW = 2;
/** Wilder's sums of the upward and downward movement and of the true range. */
const UP = 3;
const DOWN = 4;
const RANGE = 5;

/**
 * What {@link adx} gives; all from 0 to 100.
 *
 * @see {@link adx}
 */
export interface Adx {
  /** Strength of the trend, whichever way it goes. */
  readonly adx: number;
  /** Share of upward movement in the true range, +DI. */
  readonly plusDi: number;
  /** Share of downward movement in the true range, -DI. */
  readonly minusDi: number;
}

/**
 * Average directional index with both directional indicators (Wilder 1978). Where a bar goes further above
 * the high before than below the low before, that is its upward movement, and the other way round;
 * DI = 100 x movement / true range, each summed in Wilder's way, S += new - S / period, from the sums of bars
 * 2 to `period` on; DX = 100 |+DI - -DI| / (+DI + -DI), which is 0 where there was no movement; ADX is
 * Wilder's average of DX. As in TA-Lib. `period` is 2 or more. First value: at bar 2 period.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for another period, and on `update` for what is no bar.
 * @throws {@link IndicatorError} INVALID_INDICATOR for another period, and on `update` for what is no bar.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 2 to 1,000,000.
 *
 * @example
 * ```ts
 * const strength = adx(2);
 * for (const bar of barsOf([100, 102, 104, 106])) strength.update(bar);
 * strength.value; // { adx: 100, plusDi: 100, minusDi: 0 }
 * ```
 */
export const adx = (period = 14): Indicator<HighLowClose, Adx> => {
  requirePeriod('period', period, 2);
  const range = new TrueRange();
  const strength = Smoothing.wilder(period);
  const cells = new Cells(6);
  const share = (sum: number): number =>
    cells.at[RANGE] === 0 ? 0 : (100 * cells.at[sum]!) / cells.at[RANGE]!;
  const addTo = (sum: number, value: number, isSeed: boolean): void => {
    cells.at[sum]! += isSeed ? value : value - cells.at[sum]! / period;
  };
  return indicator({
    name: `adx(${period})`,
    warmup: 2 * period,
    parts: [range, strength, cells],
    check: checkHighLowClose,
    push(bar) {
      const { at } = cells;
      range.push(bar);
      if (range.isReady) {
        const up = bar.high - at[HIGH]!;
        const down = at[LOW]! - bar.low;
        const isSeed = at[BARS]! < period;
        addTo(UP, up > 0 && up > down ? up : 0, isSeed);
        addTo(DOWN, down > 0 && down > up ? down : 0, isSeed);
        addTo(RANGE, range.value, isSeed);
        if (!isSeed) {
          const moved = at[UP]! + at[DOWN]!;
          strength.push(moved === 0 ? 0 : (100 * Math.abs(at[UP]! - at[DOWN]!)) / moved);
        }
      }
      if (at[BARS]! < period) at[BARS]! += 1;
      at[HIGH] = bar.high;
      at[LOW] = bar.low;
    },
    read: () => ({ adx: strength.value, plusDi: share(UP), minusDi: share(DOWN) }),
  });
};
