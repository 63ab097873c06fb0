export type ReplayErrorCode =
  /** The bars are none that a market could have, or not those that the strategy was started with. */
  | 'REPLAY_BARS'
  /** The parameters do not pass the strategy's schema or its `check`. */
  | 'REPLAY_CONFIG'
  /** An option of the replay is out of its range. */
  | 'REPLAY_OPTIONS'
  /** The strategy answers its own orders or timers without end while market time stands still. */
  | 'REPLAY_ENDLESS';

/** Why a replay could not be run, or not to its end. What the strategy itself throws is a StrategyError. */
export class ReplayError extends Error {
  readonly code: ReplayErrorCode;

  constructor(code: ReplayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReplayError';
    this.code = code;
  }
}
