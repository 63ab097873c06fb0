/** How strategies are run. Times in ms. */
export interface StrategySettings {
  /** Inputs handed over at a time. */
  readonly batch: number;
  /** Inputs that may wait; more, and the strategy begins again from what was committed. */
  readonly queue: number;
  /** Inputs, and time, after which a strategy without effects is saved all the same. */
  readonly checkpointInputs: number;
  readonly checkpointMs: number;
  readonly openTimeoutMs: number;
  /** Wait before the first restart; each further one doubles it up to `longestPauseMs`. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** More restarts than this within `restartsWithinMs`, and it is stopped for good. */
  readonly mostRestarts: number;
  readonly restartsWithinMs: number;
}

export const DEFAULT_STRATEGY_SETTINGS: StrategySettings = {
  batch: 256,
  queue: 20_000,
  checkpointInputs: 1_000,
  checkpointMs: 60_000,
  openTimeoutMs: 30_000,
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
  mostRestarts: 5,
  restartsWithinMs: 600_000,
};
