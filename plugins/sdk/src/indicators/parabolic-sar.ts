import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { IndicatorError } from './indicator-error.ts';
import { checkHighLow, type HighLow } from './inputs.ts';
import { requireFactor } from './parameters.ts';
import type { Trend } from './trend.ts';

/** Bars so far, up to two. */
const BARS = 0;
/** 1 in an upward trend, -1 in a downward one. */
const SIDE = 1;
/** The stop of the newest bar, and of the next. */
const STOP = 2;
const NEXT = 3;
/** The farthest price of the trend, and how fast the stop moves there. */
const EXTREME = 4;
const SPEED = 5;
/** Of the bar before. */
const HIGH = 6;
const LOW = 7;

/**
 * How fast the stop of {@link parabolicSar} closes in; nothing has to be given.
 *
 * @see {@link parabolicSar}
 */
export interface ParabolicSarOptions {
  /**
   * Share of the way that the stop goes a bar, at first and more with every new extreme; 0.02 when left out. Above 0
   * and at most `maximum`.
   */
  readonly step?: number;
  /** The largest share; 0.2 when left out; at most 1. */
  readonly maximum?: number;
}

/**
 * What {@link parabolicSar} gives: the stop, and the side that it is on.
 *
 * @see {@link parabolicSar}
 */
export interface ParabolicSar {
  /** The stop for this bar, in the price's units: below the price in an upward trend, above it otherwise. */
  readonly sar: number;
  /** Up while the stop is below the price. */
  readonly trend: Trend;
}

/**
 * Parabolic stop and reverse (Wilder 1978): from bar to bar the stop comes nearer to the farthest price of
 * the trend by a share that begins at `step` and grows by it with every new farthest price, but never into
 * the range of the last two bars. A bar that touches the stop turns the trend, and the stop is then the
 * farthest price of the old trend. The first trend is that of the second bar against the first: downward if
 * its low fell further than its high rose, as in TA-Lib. First value: at bar 2.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a step that is not above 0 and at most `maximum`, and a
 * maximum that is not above 0 and at most 1.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a step that is not above 0 and at most `maximum`, and a
 * maximum that is not above 0 and at most 1.
 *
 * @example
 * ```ts
 * const stop = parabolicSar();
 * const bars = barsOf([100, { open: 101, close: 102 }, 104, 90]);
 * bars.map((bar) => stop.update(bar)?.trend); // [undefined, 'up', 'up', 'down']
 * stop.value?.sar; // 104
 * ```
 */
export const parabolicSar = (options: ParabolicSarOptions = {}): Indicator<HighLow, ParabolicSar> => {
  const { step = 0.02, maximum = 0.2 } = options;
  requireFactor('maximum', maximum, 1);
  if (requireFactor('step', step) > maximum) {
    throw new IndicatorError('step', `step is ${step} and maximum is ${maximum}: step may not be above it`);
  }
  const cells = new Cells(8);
  const { at } = cells;

  const begin = ({ high, low }: HighLow): void => {
    const fell = at[LOW]! - low;
    const isDown = fell > 0 && fell > high - at[HIGH]!;
    at[SIDE] = isDown ? -1 : 1;
    at[EXTREME] = isDown ? low : high;
    at[NEXT] = isDown ? at[HIGH]! : at[LOW]!;
    at[SPEED] = step;
    // Of the first bar only the stop is kept.
    at[HIGH] = high;
    at[LOW] = low;
  };

  const turn = ({ high, low }: HighLow): void => {
    at[SIDE] = -at[SIDE]!;
    at[STOP] =
      at[SIDE] === 1 ? Math.min(at[EXTREME]!, at[LOW]!, low) : Math.max(at[EXTREME]!, at[HIGH]!, high);
    at[EXTREME] = at[SIDE] === 1 ? high : low;
    at[SPEED] = step;
  };

  const follow = ({ high, low }: HighLow): void => {
    at[STOP] = at[NEXT]!;
    const farthest = at[SIDE] === 1 ? high : low;
    if ((farthest - at[EXTREME]!) * at[SIDE]! <= 0) return;
    at[EXTREME] = farthest;
    at[SPEED] = Math.min(maximum, at[SPEED]! + step);
  };

  return indicator({
    name: `parabolicSar(${step},${maximum})`,
    warmup: 2,
    parts: [cells],
    check: checkHighLow,
    push(bar) {
      if (at[BARS] === 1) begin(bar);
      if (at[BARS]! > 0) {
        if (at[SIDE] === 1 ? bar.low <= at[NEXT]! : bar.high >= at[NEXT]!) turn(bar);
        else follow(bar);
        const next = at[STOP]! + at[SPEED]! * (at[EXTREME]! - at[STOP]!);
        at[NEXT] = at[SIDE] === 1 ? Math.min(next, at[LOW]!, bar.low) : Math.max(next, at[HIGH]!, bar.high);
      }
      at[BARS] = Math.min(2, at[BARS]! + 1);
      at[HIGH] = bar.high;
      at[LOW] = bar.low;
    },
    read: () => ({ sar: at[STOP]!, trend: at[SIDE] === 1 ? 'up' : 'down' }),
  });
};
