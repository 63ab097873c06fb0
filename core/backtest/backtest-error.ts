export type BacktestErrorCode =
  /** A setting that no run can be made with; `field` names it. */
  | 'BAD_USER_INPUT'
  /** Bars that are none, or out of order. */
  | 'BAD_BARS'
  /** Quotes, trades or messages of a book that are none, out of order, or do not fit each other. */
  | 'BAD_TICKS'
  /** Too few bars, or none of a series that the strategy asks for. */
  | 'NOT_ENOUGH_BARS'
  /** The strategy has no `snapshot` and `restore`, so that a run of it cannot be saved in the middle. */
  | 'NOT_SAVABLE'
  /** A snapshot of another run, or of another version. */
  | 'SNAPSHOT_MISMATCH'
  /** The strategy answers its own orders without end. */
  | 'STRATEGY_LOOPS';

/** Why a backtest cannot be run, or not any further. What a strategy throws is a StrategyError and ends the run as FAILED. */
export class BacktestError extends Error {
  readonly code: BacktestErrorCode;
  /** Path of the setting that is wrong, such as "fees.rate"; null when none is. */
  readonly field: string | null;

  constructor(code: BacktestErrorCode, message: string, field: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BacktestError';
    this.code = code;
    this.field = field;
  }
}
