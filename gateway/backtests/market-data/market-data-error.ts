export type MarketDataErrorCode =
  /** There are no such bars. */
  | 'UNKNOWN_SERIES'
  /** What was given cannot be used; `field` names it where it is an option. */
  | 'BAD_USER_INPUT'
  /** A file whose rows are wrong; the message has file, row, column and value. */
  | 'DATA_INVALID'
  /** Bars of the same symbol and interval are there already. */
  | 'ALREADY_STORED'
  /** DuckDB, which reads and writes the files, is not installed. */
  | 'NOT_INSTALLED'
  /** The database of stored bars does not answer. */
  | 'UNAVAILABLE'
  /** The folder of market data is not as it was left. */
  | 'STORE_DAMAGED';

/** Why market data cannot be read, imported or removed. */
export class MarketDataError extends Error {
  readonly code: MarketDataErrorCode;
  readonly field: string | null;

  constructor(
    code: MarketDataErrorCode,
    message: string,
    field: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MarketDataError';
    this.code = code;
    this.field = field;
  }
}
