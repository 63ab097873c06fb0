import { divideHalfEven } from './arithmetic.ts';
import { DecimalError, type Fixed, powerOfTen, SCALE_DIGITS } from './fixed.ts';
import { formatDecimal } from './text.ts';

/**
 * How {@link roundToStep} rounds what lies between two steps: 'down' towards zero, 'up' away from it, 'floor' to
 * the lower and 'ceil' to the higher one, 'half-even' to the nearer one and from halfway to the even multiple.
 *
 * @see {@link roundToStep}
 */
export type RoundingMode = 'half-even' | 'down' | 'up' | 'floor' | 'ceil';

const requirePositiveStep = (step: Fixed): void => {
  if (step <= 0n) {
    throw new DecimalError(`step ${formatDecimal(step)} is not positive: give a tick or lot size above zero`);
  }
};

/**
 * Whether `x` is a whole number of steps: a price on the tick, a quantity in whole lots.
 * @throws {@link DecimalError} INVALID_DECIMAL when the step is not positive.
 *
 * @example
 * ```ts
 * const tick = parseDecimal('0.05');
 * isMultipleOf(parseDecimal('10.15'), tick); // true
 * isMultipleOf(parseDecimal('10.17'), tick); // false
 * ```
 */
export const isMultipleOf = (x: Fixed, step: Fixed): boolean => {
  requirePositiveStep(step);
  return x % step === 0n;
};

/**
 * The neighbouring multiple of `step`, or `x` itself where it is one.
 * @throws {@link DecimalError} INVALID_DECIMAL when the step is not positive.
 *
 * @example
 * ```ts
 * const [price, tick] = [parseDecimal('-10.17'), parseDecimal('0.05')];
 * formatDecimal(roundToStep(price, tick, 'down')); // '-10.15'
 * formatDecimal(roundToStep(price, tick, 'floor')); // '-10.2'
 * formatDecimal(roundToStep(parseDecimal('0.125'), parseDecimal('0.05'), 'half-even')); // '0.1'
 * ```
 */
export const roundToStep = (x: Fixed, step: Fixed, mode: RoundingMode): Fixed => {
  requirePositiveStep(step);
  const remainder = x % step;
  if (remainder === 0n) return x;
  const towardsZero = x - remainder;
  const awayFromZero = x < 0n ? towardsZero - step : towardsZero + step;
  switch (mode) {
    case 'half-even':
      return divideHalfEven(x, step) * step;
    case 'down':
      return towardsZero;
    case 'up':
      return awayFromZero;
    case 'floor':
      return x < 0n ? awayFromZero : towardsZero;
    case 'ceil':
      return x < 0n ? towardsZero : awayFromZero;
  }
};

/**
 * Digits after the point in canonical form, 0 to 18: 2 for 1.25, 0 for 100.
 *
 * @example
 * ```ts
 * decimalPlaces(parseDecimal('0.0010')); // 3
 * ```
 */
export const decimalPlaces = (x: Fixed): number => {
  let places = 0;
  while (x % powerOfTen(SCALE_DIGITS - places) !== 0n) places += 1;
  return places;
};
