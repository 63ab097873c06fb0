export type StrategyErrorCode =
  /** A hook, or `create`, threw. */
  | 'STRATEGY_THREW'
  /** A hook answered something that is no effect, or an effect that cannot be done. */
  | 'STRATEGY_BAD_EFFECT'
  /** One step had more effects than the host takes. */
  | 'STRATEGY_TOO_MANY_EFFECTS'
  /** What `snapshot` gave is no JSON, or too large. */
  | 'STRATEGY_BAD_SNAPSHOT';

/** Why a strategy cannot go on; its step has had no effect. */
export class StrategyError extends Error {
  readonly code: StrategyErrorCode;

  constructor(code: StrategyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StrategyError';
    this.code = code;
  }
}
