/**
 * Why a strategy cannot go on, for hosts and tests to go by.
 * @see {@link StrategyError}
 */
export type StrategyErrorCode =
  /** A hook, or `create`, threw. */
  | 'STRATEGY_THREW'
  /** A hook answered something that is no effect, or an effect that cannot be done. */
  | 'STRATEGY_BAD_EFFECT'
  /** One step had more effects than the host takes. */
  | 'STRATEGY_TOO_MANY_EFFECTS'
  /** An optimizer that it called has no weights, and the strategy did not catch that; the cause says why. */
  | 'STRATEGY_OPTIMIZER_FAILED'
  /** What `snapshot` gave is no JSON, or too large. */
  | 'STRATEGY_BAD_SNAPSHOT';

/**
 * Why a strategy cannot go on; its step has had no effect. Hosts throw it, and so does what strategies are tested with;
 * strategies themselves throw whatever they like, which is its cause.
 * @example
 * ```ts
 * const isMistakeOfShape = (error: unknown) =>
 *   error instanceof StrategyError && error.code === 'STRATEGY_BAD_EFFECT';
 * ```
 */
export class StrategyError extends Error {
  readonly code: StrategyErrorCode;

  constructor(code: StrategyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StrategyError';
    this.code = code;
  }
}
