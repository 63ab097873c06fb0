import { DecimalError, type Fixed, ONE, SCALE_DIGITS } from './fixed.ts';
import { formatDecimal } from './text.ts';

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** The fast path to a float covers values of up to eight decimals: cents, pips and satoshi. */
const SHORT_DIGITS = 8;
const SHORT_SCALE = 10 ** SHORT_DIGITS;
const SHORT_UNIT = 10n ** BigInt(SCALE_DIGITS - SHORT_DIGITS);

/**
 * A whole number, such as a count of lots or a factor, exactly.
 * @throws {@link DecimalError} INVALID_DECIMAL for a number that is not a safe integer: 1.5, NaN, 2^53.
 *
 * @example
 * ```ts
 * formatDecimal(multiply(fromInteger(3), parseDecimal('0.1'))); // '0.3'
 * fromInteger(1.5); // throws DecimalError
 * ```
 */
export const fromInteger = (n: number | bigint): Fixed => {
  if (typeof n === 'number' && !Number.isSafeInteger(n)) {
    throw new DecimalError(`${n} is not a safe integer: give a bigint or parse a decimal string`);
  }
  return BigInt(n) * ONE;
};

/**
 * The nearest float, for statistics, indicators and charts only. It never comes back: money that went
 * through a float is no longer exact.
 *
 * @example
 * ```ts
 * toNumber(parseDecimal('0.1')) + toNumber(parseDecimal('0.2')); // 0.30000000000000004
 * formatDecimal(parseDecimal('0.1') + parseDecimal('0.2')); // '0.3'
 * ```
 */
export const toNumber = (x: Fixed): number => {
  const units = x / SHORT_UNIT;
  // The quotient of two exact floats is the nearest float to the true value.
  if (units <= MAX_SAFE && units >= -MAX_SAFE && units * SHORT_UNIT === x) return Number(units) / SHORT_SCALE;
  return Number(formatDecimal(x));
};
