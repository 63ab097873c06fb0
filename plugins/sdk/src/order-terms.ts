/** Exact decimal as a canonical string, e.g. `"0.000000001"`; at most 38 digits, 18 after the point. */
export type Decimal = string;

export type OrderSide = 'BUY' | 'SELL';

export type OrderType =
  | 'MARKET'
  | 'LIMIT'
  | 'STOP'
  | 'STOP_LIMIT'
  | 'TRAILING_STOP'
  | 'TRAILING_STOP_LIMIT'
  | 'MARKET_IF_TOUCHED'
  | 'LIMIT_IF_TOUCHED';

/** GTD needs `expireAt`; OPG and CLS trade only in the opening and closing auction. */
export type TimeInForce = 'DAY' | 'GTC' | 'GTD' | 'IOC' | 'FOK' | 'OPG' | 'CLS';

/** PRICE: an amount of price. PERCENT: a fraction of the price, 0.05 is 5 %. */
export type TrailingOffsetType = 'PRICE' | 'PERCENT';

export type Liquidity = 'MAKER' | 'TAKER';

/** What is to be traded and how. Times are epoch milliseconds of market time; null is "not given". */
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
  /** How far the trigger of a trailing order trails behind the best price seen. */
  readonly trailingOffset: Decimal | null;
  readonly trailingOffsetType: TrailingOffsetType | null;
  readonly timeInForce: TimeInForce;
  readonly expireAt: number | null;
  /** Rest or be rejected; never take. */
  readonly postOnly: boolean;
  /** May only make the position smaller. */
  readonly reduceOnly: boolean;
  /** The part of the quantity that the book shows at a time. */
  readonly displayQuantity: Decimal | null;
  readonly extendedHours: boolean;
}
