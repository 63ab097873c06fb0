import { Cells } from './cells.ts';
import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';

const SIDE = 0;
const CROSSED = 1;

/**
 * Two numbers at the same time: the input of {@link crossover}.
 *
 * @see {@link crossover}
 */
export interface Crossing {
  /** What crosses: a price, or the fast average. */
  readonly value: number;
  /** What it crosses: a level, or the slow average. */
  readonly level: number;
}

/**
 * Which way the newest input has crossed: 'above' is upwards through the level. 'none' is by far the most frequent.
 *
 * @see {@link crossover}
 */
export type Crossover = 'above' | 'below' | 'none';

const checkCrossing = (input: Crossing): void => {
  checkNumber(input.value, 'value');
  checkNumber(input.level, 'level');
};

/**
 * Says when `value` has crossed `level`: 'above' at the first input above it after one below it, 'below' the
 * other way round. Touching is no crossing, and it may rest on the level in between; the side that it is seen
 * on first is none either. First value: at input 2.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for what is no finite number.
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for what is no finite number.
 * @throws {@link IndicatorError} INVALID_INDICATOR on `update` for what is no finite number.
 *
 * @example
 * ```ts
 * const cross = crossover();
 * [99, 101, 102, 98].map((value) => cross.update({ value, level: 100 })); // [null, 'above', 'none', 'below']
 * ```
 */
export const crossover = (): Indicator<Crossing, Crossover> => {
  const cells = new Cells(2);
  return indicator<Crossing, Crossover>({
    name: 'crossover()',
    warmup: 2,
    parts: [cells],
    check: checkCrossing,
    push({ value, level }) {
      const { at } = cells;
      const side = value > level ? 1 : -1;
      if (value === level) {
        at[CROSSED] = 0;
        return;
      }
      at[CROSSED] = at[SIDE] === -side ? side : 0;
      at[SIDE] = side;
    },
    read() {
      const crossed = cells.at[CROSSED]!;
      if (crossed === 0) return 'none';
      return crossed > 0 ? 'above' : 'below';
    },
  });
};
