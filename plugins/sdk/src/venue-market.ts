import type { Decimal } from './order-terms.ts';

/**
 * What can be traded at a venue, or is told of by a feed, and in which steps. Null is "not known", and of the quantities
 * "no bound".
 * @example
 * ```ts
 * const bitcoin: VenueInstrument = {
 *   ...{ symbol: 'BTC.ACME', name: 'Bitcoin', assetClass: 'CRYPTO', currency: 'USD', calendar: 'ALWAYS' },
 *   ...{ tickSize: '0.01', lotSize: '0.00001', multiplier: '1', minQuantity: '0.0001', maxQuantity: null },
 *   ...{ shortable: false, fractionable: true, exchange: null },
 * };
 * ```
 */
export interface VenueInstrument {
  /** TICKER or TICKER.VENUE, in capitals. */
  readonly symbol: string;
  /** For people. */
  readonly name: string | null;
  readonly assetClass: 'EQUITY' | 'CRYPTO' | 'FX' | 'FUTURE' | 'OPTION' | 'INDEX';
  /** Of its prices. */
  readonly currency: string;
  /** Prices are whole multiples of it. */
  readonly tickSize: Decimal;
  /** Quantities are whole multiples of it, in units. */
  readonly lotSize: Decimal;
  /** What one unit is worth at a price of 1: "1" for a share, "50" for a future of 50 dollars a point. */
  readonly multiplier: Decimal;
  /** Units that an order has at least. */
  readonly minQuantity: Decimal | null;
  /** Units that an order has at most. */
  readonly maxQuantity: Decimal | null;
  readonly shortable: boolean;
  /** Whether quantities need not be whole numbers. */
  readonly fractionable: boolean;
  /** Where it is listed, e.g. "XNAS". */
  readonly exchange: string | null;
  /** When it trades: in the sessions of American equities, or around the clock. */
  readonly calendar: 'US_EQUITY' | 'ALWAYS';
}

/**
 * Top of the book. Prices of one unit in the instrument's currency, sizes in units; null where there is none.
 * @example
 * ```ts
 * const quote: VenueQuote = {
 *   ...{ symbol: 'AAPL', at: Date.UTC(2026, 0, 30, 14, 30), bid: '189.49', ask: '189.5' },
 *   ...{ bidSize: '300', askSize: '120', last: null },
 * };
 * ```
 */
export interface VenueQuote {
  readonly symbol: string;
  /** Market time, epoch ms. */
  readonly at: number;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly bidSize: Decimal | null;
  readonly askSize: Decimal | null;
  /** Price of the last trade. */
  readonly last: Decimal | null;
}

/**
 * A trade of the market, whoever made it.
 * @see {@link BrokerSink}
 */
export interface VenueTrade {
  readonly symbol: string;
  /** Market time, epoch ms. */
  readonly at: number;
  /** Of one unit, in the instrument's currency. */
  readonly price: Decimal;
  /** Units. */
  readonly size: Decimal;
}

/**
 * The lengths that bars have, from the finest to the coarsest; bars of each can be put together to any that
 * comes after it.
 * @example
 * ```ts
 * const finestOf = (intervals: readonly BarInterval[]) =>
 *   BAR_INTERVALS.find((interval) => intervals.includes(interval));
 * ```
 */
export const BAR_INTERVALS = [
  'SECOND_1',
  'MINUTE_1',
  'MINUTE_5',
  'MINUTE_15',
  'HOUR_1',
  'HOUR_4',
  'DAY_1',
  'WEEK_1',
] as const;

/**
 * How long a bar is: a unit, and how many of it. Days and weeks are those of the instrument's calendar.
 * @see {@link BAR_INTERVALS}
 */
export type BarInterval = (typeof BAR_INTERVALS)[number];

/**
 * The prices of one span of time, as a venue or a feed tells them: decimals, of one unit in the instrument's currency.
 * @example
 * ```ts
 * const bar: VenueBar = {
 *   ...{ symbol: 'AAPL', interval: 'MINUTE_1', at: Date.UTC(2026, 0, 30, 14, 30), isClosed: true },
 *   ...{ open: '189.4', high: '189.62', low: '189.31', close: '189.5', volume: '18200' },
 * };
 * ```
 */
export interface VenueBar {
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the bar, market time, epoch ms. */
  readonly at: number;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  /** Units traded; null where it is not known. */
  readonly volume: Decimal | null;
  /** False while its time is not over: it may be told again, with other prices. */
  readonly isClosed: boolean;
}

/**
 * The venue's own clock. `at` is market time in epoch milliseconds; `speed` is market seconds per second, 1 elsewhere
 * than on a replay, and 0 while time stands still.
 * @example
 * ```ts
 * const clock: VenueClock = { at: Date.UTC(2024, 2, 1, 14, 30), replayed: true, speed: 60 };
 * ```
 */
export interface VenueClock {
  readonly at: number;
  readonly replayed: boolean;
  readonly speed: number;
}
