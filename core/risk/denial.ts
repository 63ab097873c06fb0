/** Why an order was refused before it reached a broker: the API's closed enum, one value a rule. */
export const DENIAL_CODES = [
  'DUPLICATE_CLIENT_ORDER_ID',
  'INVALID_ORDER',
  'UNKNOWN_SYMBOL',
  'UNSUPPORTED_BY_BROKER',
  'PRICE_PRECISION',
  'QUANTITY_PRECISION',
  'MIN_QUANTITY',
  'MAX_QUANTITY',
  'MAX_ORDER_NOTIONAL',
  'MAX_POSITION_NOTIONAL',
  'MAX_LEVERAGE',
  'MAX_CONCENTRATION',
  'MAX_DRAWDOWN',
  'MAX_DAILY_LOSS',
  'MAX_OPEN_ORDERS',
  'ORDER_RATE',
  'INSUFFICIENT_BUYING_POWER',
  'PRICE_COLLAR',
  'STALE_QUOTE',
  'SELF_TRADE',
  'WOULD_INCREASE_POSITION',
  'NO_POSITION',
  'RESTRICTED_SYMBOL',
  'NOT_SHORTABLE',
  'MARKET_CLOSED',
  'TRADING_HALTED',
  'REDUCE_ONLY_STATE',
  'BROKER_NOT_READY',
  'RECONCILING',
  'ORDER_NOT_OPEN',
  'NOT_REPLACEABLE',
] as const;

export type DenialCode = (typeof DENIAL_CODES)[number];

/** A refusal with the numbers that were compared (decimal strings) and the field to mend, if one. */
export interface Denial {
  readonly code: DenialCode;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}
