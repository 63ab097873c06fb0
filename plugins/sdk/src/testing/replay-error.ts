/**
 * Why a replay could not be run, or not to its end.
 *
 * @see {@link ReplayError}
 */
export type ReplayErrorCode =
  /** The bars are none that a market could have, or not those that the strategy was started with. */
  | 'REPLAY_BARS'
  /** The parameters do not pass the strategy's schema or its `check`. */
  | 'REPLAY_CONFIG'
  /** An option of the replay is out of its range. */
  | 'REPLAY_OPTIONS'
  /** The strategy answers its own orders or timers without end while market time stands still. */
  | 'REPLAY_ENDLESS';

/**
 * Why a replay could not be run, or not to its end. What the strategy itself throws is a StrategyError.
 *
 * @example
 * ```ts
 * const idle = defineStrategy({
 *   id: 'idle',
 *   description: 'Does nothing',
 *   config: T.Object({}),
 *   create: () => ({}),
 * });
 * const codeOf = (error: unknown): string => (error instanceof ReplayError ? error.code : 'another');
 * await replay(idle, barsOf([100, 101]), { config: { speed: 2 } }).catch(codeOf); // 'REPLAY_CONFIG'
 * ```
 */
export class ReplayError extends Error {
  readonly code: ReplayErrorCode;

  constructor(code: ReplayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReplayError';
    this.code = code;
  }
}
