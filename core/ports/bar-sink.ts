import type { Bar } from '../market/bar.ts';
import type { Instrument } from '../market/instrument.ts';

/** Where bars came from. */
export interface BarOrigin {
  /** For people and for telling sources apart: "feed ticks" or "broker simulated". */
  readonly source: string;
  /**
   * The connection of an account's own credentials, whose data is for its workspace alone; null for a feed or connection of
   * the gateway itself, whose data all may use.
   */
  readonly connection: string | null;
}

/**
 * Takes bars that are over to where backtests find them. A bar is one of its origin, symbol, interval and start: putting
 * it again changes nothing unless its revision is higher.
 */
export interface BarSink {
  /** Neither throws nor waits: bars that there is no room for are counted and lost. */
  put(origin: BarOrigin, instrument: Instrument, bar: Bar): void;
}
