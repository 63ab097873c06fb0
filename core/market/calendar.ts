/** The calendars that an instrument may name. */
export type CalendarId = 'US_EQUITY' | 'ALWAYS';

/** PRE and POST are the extended hours around the regular session. */
export type MarketSession = 'PRE' | 'OPEN' | 'POST' | 'CLOSED';

/**
 * When a market trades. Instants are milliseconds since the epoch; a day is 'YYYY-MM-DD' on the
 * market's own clock. Time is divided without gaps into trading days: each begins where the one
 * before it ended, so a night, a weekend or a holiday belongs to the trading day that follows.
 *
 * Every function throws CivilDateError for a malformed day (INVALID_DAY) or an instant that is not a
 * number of the years 1900 to 9999 (INVALID_INSTANT).
 */
export interface TradingCalendar {
  readonly id: CalendarId;

  session(at: number): MarketSession;

  /** The first instant after `at` with another session than just before it; null when it never changes. */
  nextChange(at: number): number | null;

  /** The trading day that `at` belongs to; what comes after its end belongs to the next. */
  tradingDay(at: number): string;

  /** The end of the trading day of `at`, always later than `at`. Daily limits start anew here. */
  endOfDay(at: number): number;

  /** The next end of a regular session after `at`. An order that is good for the day ends here. */
  nextClose(at: number): number;

  isTradingDay(day: string): boolean;

  /** Start of the regular session; undefined when the market is closed on that day. */
  open(day: string): number | undefined;

  /** End of the regular session, early closes considered; undefined when the market is closed. */
  close(day: string): number | undefined;

  /** The first trading day after `day`, which need not be one itself. */
  nextTradingDay(day: string): string;

  /** The last trading day before `day`, which need not be one itself. */
  previousTradingDay(day: string): string;

  /** The market's wall clock at an instant, as milliseconds since 1970-01-01 00:00 of that clock. */
  toWallClock(at: number): number;

  /** The instant at which the market's wall clock shows `wall`. */
  fromWallClock(wall: number): number;
}
