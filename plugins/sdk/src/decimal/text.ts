import { abs } from './arithmetic.ts';
import { DecimalError, type Fixed, powerOfTen, SCALE_DIGITS } from './fixed.ts';

const MAX_INTEGER_DIGITS = 20;
const MAX_TEXT_LENGTH = 1 + MAX_INTEGER_DIGITS + 1 + SCALE_DIGITS;
const BEYOND_REPRESENTABLE = 10n ** 38n;

/** Integers of that many digits are exact as a float: the fast path stays below. */
const EXACT_FLOAT_DIGITS = 15;

const CODE_MINUS = 45;
const CODE_POINT = 46;
const CODE_ZERO = 48;
const CODE_NINE = 57;

/**
 * Reads a decimal such as '12', '-0.5' or '1.50'. Undefined for anything else, among others '', '.5',
 * '1.', '+1', '01', '1e3', ' 1', more than 20 digits before the point or 18 after it, and whatever is no string.
 *
 * @example
 * ```ts
 * tryParseDecimal('12.5') === parseDecimal('12.50'); // true
 * tryParseDecimal('1e3'); // undefined
 * ```
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

/**
 * Reads a decimal as {@link tryParseDecimal} does, where one has to be.
 * @throws {@link DecimalError} INVALID_DECIMAL for a text that is none.
 *
 * @example
 * ```ts
 * const cost = multiply(parseDecimal('19.99'), parseDecimal('3'));
 * formatDecimal(cost); // '59.97'
 * parseDecimal('1,000.00'); // throws DecimalError
 * ```
 */
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

/**
 * The canonical text: no exponent, no plus sign, no trailing zeros, and zero is '0'. Total: also a value that is
 * too large to be read again has a text.
 *
 * @example
 * ```ts
 * formatDecimal(parseDecimal('1.50')); // '1.5'
 * formatDecimal(parseDecimal('-0.00')); // '0'
 * ```
 */
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

/**
 * Whether {@link parseDecimal} reads again what {@link formatDecimal} writes for `x`, and numeric(38,18) holds it:
 * |x| < 10^20. Ask before storing or sending what arithmetic gave.
 *
 * @example
 * ```ts
 * const most = parseDecimal('99999999999999999999');
 * isRepresentable(most); // true
 * isRepresentable(most + ONE); // false
 * ```
 */
export const isRepresentable = (x: Fixed): boolean => x < BEYOND_REPRESENTABLE && x > -BEYOND_REPRESENTABLE;
