/**
 * An exact decimal as a string in canonical form, e.g. `"0.000000001"`: no exponent, no plus sign, no trailing zeros.
 * At most 38 digits, 18 of them after the point. Money, prices and quantities of orders are decimals and never floats;
 * `parseDecimal` of `@omniquant/plugin-sdk/decimal` makes a number of one that can be computed with.
 * @see {@link OrderTerms}
 */
export type Decimal = string;

/**
 * Which way an order changes the position. There is no side of its own for selling short: a SELL beyond what is held
 * opens a short position, which `reduceOnly` prevents.
 * @see {@link place}
 */
export type OrderSide = 'BUY' | 'SELL';

/**
 * What makes an order trade. MARKET: at once. LIMIT: at `limitPrice` or better. STOP and STOP_LIMIT become one of these
 * when the price has run to `stopPrice` against the side: up for a BUY, down for a SELL. TRAILING_STOP and
 * TRAILING_STOP_LIMIT have a `stopPrice` that follows the best price at `trailingOffset`. MARKET_IF_TOUCHED and
 * LIMIT_IF_TOUCHED are triggered from the other side: down for a BUY, up for a SELL.
 * @see {@link OrderTerms}
 */
export type OrderType =
  | 'MARKET'
  | 'LIMIT'
  | 'STOP'
  | 'STOP_LIMIT'
  | 'TRAILING_STOP'
  | 'TRAILING_STOP_LIMIT'
  | 'MARKET_IF_TOUCHED'
  | 'LIMIT_IF_TOUCHED';

/**
 * How long an order lives. DAY: to the end of the session. GTC: until it is cancelled. GTD: until `expireAt`. IOC: what
 * does not trade at once is cancelled. FOK: all of it at once or nothing. OPG and CLS trade only in the opening and the
 * closing auction.
 * @see {@link OrderTerms}
 */
export type TimeInForce = 'DAY' | 'GTC' | 'GTD' | 'IOC' | 'FOK' | 'OPG' | 'CLS';

/**
 * The unit of a `trailingOffset`. PRICE: an amount of price. PERCENT: a fraction of the price, "0.05" is 5 %.
 * @example
 * ```ts
 * const trailing: StrategyOrder = {
 *   ...{ symbol: 'AAPL', side: 'SELL', quantity: '10', type: 'TRAILING_STOP' },
 *   ...{ trailingOffset: '0.05', trailingOffsetType: 'PERCENT' },
 * };
 * ```
 */
export type TrailingOffsetType = 'PRICE' | 'PERCENT';

/**
 * Whether an execution took from the book (TAKER) or had rested in it (MAKER); venues charge the two differently.
 * @see {@link BrokerEvent}
 */
export type Liquidity = 'MAKER' | 'TAKER';

/**
 * What is to be traded and how. Times are epoch milliseconds of market time, prices are in the instrument's currency for
 * one unit; null is "not given".
 * @example
 * ```ts
 * const terms: OrderTerms = {
 *   ...{ symbol: 'AAPL', side: 'BUY', type: 'LIMIT', quantity: '10', notional: null },
 *   ...{ limitPrice: '189.5', stopPrice: null, trailingOffset: null, trailingOffsetType: null },
 *   ...{ timeInForce: 'GTD', expireAt: Date.UTC(2026, 0, 30, 21), postOnly: false, reduceOnly: false },
 *   ...{ displayQuantity: null, extendedHours: false },
 * };
 * ```
 */
export interface OrderTerms {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  /** Units of the instrument. Exactly one of `quantity` and `notional` is given. */
  readonly quantity: Decimal | null;
  /** Amount of the instrument's currency to trade for. */
  readonly notional: Decimal | null;
  /** Also the limit that a triggered STOP_LIMIT or LIMIT_IF_TOUCHED becomes. */
  readonly limitPrice: Decimal | null;
  /** Trigger of STOP, STOP_LIMIT, MARKET_IF_TOUCHED, LIMIT_IF_TOUCHED; of a trailing stop its first level, if given. */
  readonly stopPrice: Decimal | null;
  /** How far the trigger of a trailing order trails behind the best price seen, in the unit of `trailingOffsetType`. */
  readonly trailingOffset: Decimal | null;
  readonly trailingOffsetType: TrailingOffsetType | null;
  readonly timeInForce: TimeInForce;
  /** When a GTD order ends; null for all others. */
  readonly expireAt: number | null;
  /** Rest or be rejected; never take. */
  readonly postOnly: boolean;
  /** May only make the position smaller. */
  readonly reduceOnly: boolean;
  /** The part of the quantity that the book shows at a time, in units. */
  readonly displayQuantity: Decimal | null;
  /** Whether it may trade before the opening and after the close of the session. */
  readonly extendedHours: boolean;
}
