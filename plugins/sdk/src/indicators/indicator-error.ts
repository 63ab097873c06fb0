/**
 * A parameter, an input or a snapshot that an indicator cannot work with. Its `code` is always INVALID_INDICATOR;
 * `parameter` says which, the message what was given and what would do.
 *
 * @example
 * ```ts
 * const average = sma(3);
 * try {
 *   average.update(Number.NaN);
 * } catch (error) {
 *   if (error instanceof IndicatorError) console.log(error.parameter); // input
 * }
 * average.update(5); // null: it is as it was before, so that this is the first of three
 * ```
 */
export class IndicatorError extends Error {
  readonly code = 'INVALID_INDICATOR';
  /** What is wrong: 'period', 'close', 'snapshot'. */
  readonly parameter: string;

  constructor(parameter: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IndicatorError';
    this.parameter = parameter;
  }
}

/** What was given, short enough for a message. */
export const shown = (value: unknown): string => {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 50)) : `a value of type ${typeof value}`;
};
