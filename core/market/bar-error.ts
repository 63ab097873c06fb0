export type BarErrorCode =
  /** A bar or tick of another symbol, or a bar of another interval, than the aggregation is for. */
  | 'BAR_MISMATCH'
  /** Bars that do not ascend in time. */
  | 'BARS_OUT_OF_ORDER'
  /** The result would be finer than the bars it is made of. */
  | 'INTERVAL_TOO_FINE';

/** Bars or ticks that cannot be put together. */
export class BarError extends Error {
  readonly code: BarErrorCode;

  constructor(code: BarErrorCode, message: string) {
    super(message);
    this.name = 'BarError';
    this.code = code;
  }
}
