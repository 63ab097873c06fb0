/**
 * Exact decimals. At the edges (API, journal, plugins) a decimal is a string in canonical form: no
 * exponent, no plus sign, no trailing zeros, and zero is '0'. Inside it is a bigint scaled by 10^18,
 * so that adding and comparing are the operators of the language: `a + b`, `a < b`.
 *
 * A decimal that is read has at most 20 digits before the point and 18 after it, 38 in all, which is
 * numeric(38,18) in the database. What arithmetic returns is not held to that bound; whoever stores
 * a result asks {@link isRepresentable} first.
 */
export { abs, divide, max, min, mulDiv, multiply, sign } from './decimal/arithmetic.ts';
export { DecimalError, type Fixed, ONE, SCALE_DIGITS, ZERO } from './decimal/fixed.ts';
export { fromInteger, toNumber } from './decimal/numbers.ts';
export { decimalPlaces, isMultipleOf, type RoundingMode, roundToStep } from './decimal/steps.ts';
export { formatDecimal, isRepresentable, parseDecimal, tryParseDecimal } from './decimal/text.ts';
