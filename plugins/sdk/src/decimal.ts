/**
 * Exact decimals. At the edges (API, journal, plugins) a decimal is a string in canonical form: no
 * exponent, no plus sign, no trailing zeros, and zero is '0'. Inside it is a bigint scaled by 10^18,
 * so that adding and comparing are the operators of the language: `a + b`, `a < b`.
 *
 * A decimal that is read has at most 20 digits before the point and 18 after it, 38 in all, which is
 * numeric(38,18) in the database. What arithmetic returns is not held to that bound; whoever stores
 * a result asks {@link isRepresentable} first.
 */

/** A decimal scaled by 10^18: 1.5 is 1_500_000_000_000_000_000n. */
export type Fixed = bigint;

/** Digits after the point that a {@link Fixed} carries. */
export const SCALE_DIGITS = 18;
/** The number one. */
export const ONE: Fixed = 10n ** 18n;
/** The number zero. */
export const ZERO: Fixed = 0n;

/** How {@link roundToStep} rounds: 'down' is towards zero, 'up' away from it. */
export type RoundingMode = 'half-even' | 'down' | 'up' | 'floor' | 'ceil';

/** A text that is no decimal, a division by zero, or a step that is not positive. */
export class DecimalError extends Error {
  readonly code = 'INVALID_DECIMAL';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DecimalError';
  }
}

const MAX_INTEGER_DIGITS = 20;
const MAX_TEXT_LENGTH = 1 + MAX_INTEGER_DIGITS + 1 + SCALE_DIGITS;
const BEYOND_REPRESENTABLE = 10n ** 38n;

/** Integers of that many digits are exact as a float: the fast paths stay below. */
const EXACT_FLOAT_DIGITS = 15;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** The fast path to a float covers values of up to eight decimals: cents, pips and satoshi. */
const SHORT_DIGITS = 8;
const SHORT_SCALE = 10 ** SHORT_DIGITS;
const SHORT_UNIT = 10n ** BigInt(SCALE_DIGITS - SHORT_DIGITS);

const POWERS_OF_TEN = Array.from({ length: SCALE_DIGITS + 1 }, (_, exponent) => 10n ** BigInt(exponent));

const powerOfTen = (exponent: number): bigint => POWERS_OF_TEN[exponent] ?? 10n ** BigInt(exponent);

const CODE_MINUS = 45;
const CODE_POINT = 46;
const CODE_ZERO = 48;
const CODE_NINE = 57;

/**
 * Reads a decimal such as '12', '-0.5' or '1.50'. Undefined for anything else, among others '', '.5',
 * '1.', '+1', '01', '1e3', ' 1', more than 20 digits before the point or 18 after it.
 */
export const tryParseDecimal = (text: string): Fixed | undefined => {
  // Plugins written in JavaScript may hand over anything.
  if (typeof text !== 'string') return undefined;
  const length = text.length;
  if (length === 0 || length > MAX_TEXT_LENGTH) return undefined;

  const start = text.charCodeAt(0) === CODE_MINUS ? 1 : 0;
  let point = -1;
  let digits = 0;
  for (let index = start; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= CODE_ZERO && code <= CODE_NINE) digits = digits * 10 + (code - CODE_ZERO);
    else if (code === CODE_POINT && point === -1) point = index;
    else return undefined;
  }

  const end = point === -1 ? length : point;
  const integerDigits = end - start;
  const fractionDigits = point === -1 ? 0 : length - point - 1;
  if (integerDigits === 0 || integerDigits > MAX_INTEGER_DIGITS) return undefined;
  if (fractionDigits > SCALE_DIGITS || (point !== -1 && fractionDigits === 0)) return undefined;
  if (integerDigits > 1 && text.charCodeAt(start) === CODE_ZERO) return undefined;

  const magnitude =
    integerDigits + fractionDigits <= EXACT_FLOAT_DIGITS
      ? BigInt(digits)
      : BigInt(text.slice(start, end) + (point === -1 ? '' : text.slice(point + 1)));
  const scaled = magnitude * powerOfTen(SCALE_DIGITS - fractionDigits);
  return start === 1 ? -scaled : scaled;
};

/** As {@link tryParseDecimal}, but throws {@link DecimalError}. */
export const parseDecimal = (text: string): Fixed => {
  const parsed = tryParseDecimal(text);
  if (parsed === undefined) {
    const shown =
      typeof text === 'string' ? JSON.stringify(text.slice(0, 50)) : `a value of type ${typeof text}`;
    throw new DecimalError(
      `${shown} is not a decimal: give a string of digits with an optional minus and point, such as "-12.5", ` +
        `with at most ${MAX_INTEGER_DIGITS} digits before the point and ${SCALE_DIGITS} after it, no exponent`,
    );
  }
  return parsed;
};

const LEADING_ZEROS = '0'.repeat(SCALE_DIGITS + 1);

/** The canonical text. Total: also a value that is too large to be read again has a text. */
export const formatDecimal = (x: Fixed): string => {
  const digits = abs(x).toString();
  const padded = digits.length > SCALE_DIGITS ? digits : LEADING_ZEROS.slice(digits.length) + digits;
  const point = padded.length - SCALE_DIGITS;
  let end = padded.length;
  while (end > point && padded.charCodeAt(end - 1) === CODE_ZERO) end -= 1;
  const integer = padded.slice(0, point);
  const text = end === point ? integer : `${integer}.${padded.slice(point, end)}`;
  return x < 0n ? `-${text}` : text;
};

/** Whether {@link parseDecimal} reads again what {@link formatDecimal} writes for `x`: |x| < 10^20. */
export const isRepresentable = (x: Fixed): boolean => x < BEYOND_REPRESENTABLE && x > -BEYOND_REPRESENTABLE;

/** Throws {@link DecimalError} for a number that is not a safe integer. */
export const fromInteger = (n: number | bigint): Fixed => {
  if (typeof n === 'number' && !Number.isSafeInteger(n)) {
    throw new DecimalError(`${n} is not a safe integer: give a bigint or parse a decimal string`);
  }
  return BigInt(n) * ONE;
};

/**
 * The nearest float, for statistics, indicators and charts only. It never comes back: money that went
 * through a float is no longer exact.
 */
export const toNumber = (x: Fixed): number => {
  const units = x / SHORT_UNIT;
  // The quotient of two exact floats is the nearest float to the true value.
  if (units <= MAX_SAFE && units >= -MAX_SAFE && units * SHORT_UNIT === x) return Number(units) / SHORT_SCALE;
  return Number(formatDecimal(x));
};

const divideHalfEven = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator;
  const exact = quotient * denominator;
  if (exact === numerator) return quotient;
  const twice = 2n * abs(numerator - exact);
  const size = abs(denominator);
  if (twice < size || (twice === size && (quotient & 1n) === 0n)) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
};

/** a x b, rounded half-even to 18 decimals. */
export const multiply = (a: Fixed, b: Fixed): Fixed => divideHalfEven(a * b, ONE);

/** a / b, rounded half-even to 18 decimals. Throws {@link DecimalError} when b is zero. */
export const divide = (a: Fixed, b: Fixed): Fixed => mulDiv(a, ONE, b);

/** a x b / c with one rounding, half-even, at the end. Throws {@link DecimalError} when c is zero. */
export const mulDiv = (a: Fixed, b: Fixed, c: Fixed): Fixed => {
  if (c === 0n) throw new DecimalError('division by zero: check the divisor before dividing');
  return divideHalfEven(a * b, c);
};

export const abs = (x: Fixed): Fixed => (x < 0n ? -x : x);
export const min = (a: Fixed, b: Fixed): Fixed => (a < b ? a : b);
export const max = (a: Fixed, b: Fixed): Fixed => (a > b ? a : b);

export const sign = (x: Fixed): -1 | 0 | 1 => {
  if (x === 0n) return 0;
  return x < 0n ? -1 : 1;
};

const requirePositiveStep = (step: Fixed): void => {
  if (step <= 0n) {
    throw new DecimalError(`step ${formatDecimal(step)} is not positive: give a tick or lot size above zero`);
  }
};

/** Whether `x` is a whole number of steps. Throws {@link DecimalError} when the step is not positive. */
export const isMultipleOf = (x: Fixed, step: Fixed): boolean => {
  requirePositiveStep(step);
  return x % step === 0n;
};

/** The neighbouring multiple of `step`. Throws {@link DecimalError} when the step is not positive. */
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

/** Digits after the point in canonical form: 2 for 1.25, 0 for 100. */
export const decimalPlaces = (x: Fixed): number => {
  let places = 0;
  while (x % powerOfTen(SCALE_DIGITS - places) !== 0n) places += 1;
  return places;
};
