/**
 * A decimal scaled by 10^18: 1.5 is 1_500_000_000_000_000_000n. Adding, subtracting and comparing two of them
 * are the operators of bigints; products and quotients need {@link multiply} and {@link divide}, as `a * b`
 * would be scaled twice.
 *
 * @see {@link parseDecimal}
 * @see {@link formatDecimal}
 */
export type Fixed = bigint;

/**
 * Digits after the point that a {@link Fixed} carries.
 *
 * @example
 * ```ts
 * multiply(parseDecimal('0.000000001'), parseDecimal('0.000000001')) === 1n; // true
 * SCALE_DIGITS; // 18
 * ```
 */
export const SCALE_DIGITS = 18;
/**
 * The number one as a {@link Fixed}: what a rate is added to, and what a {@link divide} by gives an inverse.
 *
 * @example
 * ```ts
 * formatDecimal(multiply(parseDecimal('200'), ONE + parseDecimal('0.05'))); // '210'
 * ```
 */
export const ONE: Fixed = 10n ** 18n;
/**
 * The number zero as a {@link Fixed}: where a sum begins.
 *
 * @example
 * ```ts
 * const fees = ['1.10', '0.25'].reduce((sum, fee) => sum + parseDecimal(fee), ZERO);
 * formatDecimal(fees); // '1.35'
 * ```
 */
export const ZERO: Fixed = 0n;

/**
 * A text that is no decimal, a division by zero, or a step that is not positive. Its `code` is always
 * INVALID_DECIMAL; the message shows what was given and says what would do.
 *
 * @example
 * ```ts
 * const priceOf = (text: string): Fixed | null => {
 *   try {
 *     return parseDecimal(text);
 *   } catch (error) {
 *     if (error instanceof DecimalError) return null; // error.code is 'INVALID_DECIMAL'
 *     throw error;
 *   }
 * };
 * priceOf('1e3'); // null
 * ```
 */
export class DecimalError extends Error {
  readonly code = 'INVALID_DECIMAL';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DecimalError';
  }
}

const POWERS_OF_TEN = Array.from({ length: SCALE_DIGITS + 1 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10^exponent as an integer. */
export const powerOfTen = (exponent: number): bigint => POWERS_OF_TEN[exponent] ?? 10n ** BigInt(exponent);
