import { DecimalError, type Fixed, ONE } from './fixed.ts';

/** numerator / denominator to the nearest integer, of two equally near the even one. */
export const divideHalfEven = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator;
  const exact = quotient * denominator;
  if (exact === numerator) return quotient;
  const twice = 2n * abs(numerator - exact);
  const size = abs(denominator);
  if (twice < size || (twice === size && (quotient & 1n) === 0n)) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
};

/**
 * a x b, rounded half-even to 18 decimals.
 *
 * @example
 * ```ts
 * const value = multiply(parseDecimal('12.5'), parseDecimal('101.20'));
 * formatDecimal(value); // '1265'
 * ```
 */
export const multiply = (a: Fixed, b: Fixed): Fixed => divideHalfEven(a * b, ONE);

/**
 * a / b, rounded half-even to 18 decimals. Where a product is divided, {@link mulDiv} rounds only once.
 * @throws {@link DecimalError} INVALID_DECIMAL when b is zero.
 *
 * @example
 * ```ts
 * formatDecimal(divide(parseDecimal('2'), parseDecimal('3'))); // '0.666666666666666667'
 * divide(ONE, ZERO); // throws DecimalError
 * ```
 */
export const divide = (a: Fixed, b: Fixed): Fixed => mulDiv(a, ONE, b);

/**
 * a x b / c with one rounding, half-even to 18 decimals, at the end: for shares of an amount.
 * @throws {@link DecimalError} INVALID_DECIMAL when c is zero.
 *
 * @example
 * ```ts
 * const [fee, filled, ordered] = [parseDecimal('2'), parseDecimal('1'), parseDecimal('3')];
 * formatDecimal(mulDiv(fee, filled, ordered)); // '0.666666666666666667'
 * mulDiv(fee, ordered, filled) === multiply(fee, fromInteger(3)); // true
 * ```
 */
export const mulDiv = (a: Fixed, b: Fixed, c: Fixed): Fixed => {
  if (c === 0n) throw new DecimalError('division by zero: check the divisor before dividing');
  return divideHalfEven(a * b, c);
};

/**
 * The size of an amount without its sign: of a position, long or short.
 *
 * @example
 * ```ts
 * formatDecimal(abs(parseDecimal('-12.5'))); // '12.5'
 * ```
 */
export const abs = (x: Fixed): Fixed => (x < 0n ? -x : x);
/**
 * The lesser of two; of a negative and a positive one the negative. `Math.min` takes no bigints.
 *
 * @example
 * ```ts
 * const [wanted, available] = [parseDecimal('10'), parseDecimal('7.5')];
 * formatDecimal(min(wanted, available)); // '7.5'
 * ```
 */
export const min = (a: Fixed, b: Fixed): Fixed => (a < b ? a : b);
/**
 * The greater of two. `Math.max` takes no bigints.
 *
 * @example
 * ```ts
 * const [fee, least] = [parseDecimal('0.4'), parseDecimal('1')];
 * formatDecimal(max(fee, least)); // '1'
 * ```
 */
export const max = (a: Fixed, b: Fixed): Fixed => (a > b ? a : b);

/**
 * Which side an amount is on: -1 below zero (short), 0, or 1 above it (long). A plain number, not a
 * {@link Fixed}.
 *
 * @example
 * ```ts
 * sign(parseDecimal('-0.001')); // -1
 * ```
 */
export const sign = (x: Fixed): -1 | 0 | 1 => {
  if (x === 0n) return 0;
  return x < 0n ? -1 : 1;
};
