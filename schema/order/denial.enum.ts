import { DENIAL_CODES, type DenialCode } from '../../core/risk/denial.ts';
import { enumType } from '../enum.ts';

const MEANING: Readonly<Record<DenialCode, string>> = {
  DUPLICATE_CLIENT_ORDER_ID: 'The client order id was used before with other content.',
  INVALID_ORDER: 'The fields do not make an order; `details.field` names the one to mend.',
  UNKNOWN_SYMBOL: 'There is no such instrument.',
  UNSUPPORTED_BY_BROKER: 'The broker has no such order type, time in force or flag.',
  PRICE_PRECISION: 'A price is no multiple of the tick size.',
  QUANTITY_PRECISION: 'A quantity is no multiple of the lot size.',
  MIN_QUANTITY: 'Less than the instrument’s smallest order.',
  MAX_QUANTITY: 'More than the instrument’s largest order.',
  MAX_ORDER_NOTIONAL: 'The order is worth more than one order may be.',
  MAX_POSITION_NOTIONAL: 'The position would be worth more than one may be, open orders counted in.',
  MAX_LEVERAGE: 'Gross exposure over equity would exceed the limit.',
  MAX_CONCENTRATION: 'One position would be too large a part of equity.',
  MAX_DRAWDOWN: 'Equity has fallen too far from its peak.',
  MAX_DAILY_LOSS: 'The day has lost too much.',
  MAX_OPEN_ORDERS: 'There are too many open orders.',
  ORDER_RATE: 'Too many orders in a second; the order leaves no trace, so the client order id is free.',
  INSUFFICIENT_BUYING_POWER: 'Buying power, less what open orders reserve, does not cover it.',
  PRICE_COLLAR: 'The limit price is too far through the quote.',
  STALE_QUOTE: 'There is no fresh quote to judge the risk by.',
  SELF_TRADE: 'It would trade with an own open order.',
  WOULD_INCREASE_POSITION: 'Reduce-only, and it would open or enlarge a position.',
  NO_POSITION: 'There is no position to close.',
  RESTRICTED_SYMBOL: 'The gateway allows no new positions in this symbol.',
  NOT_SHORTABLE: 'The instrument cannot be sold short.',
  MARKET_CLOSED: 'The market does not take this order now.',
  TRADING_HALTED: 'The symbol, the strategy, the account or the gateway is halted.',
  REDUCE_ONLY_STATE: 'The account or the gateway is REDUCING, and the order does not reduce.',
  BROKER_NOT_READY: 'There is no working connection to the broker.',
  RECONCILING: 'Entries are blocked until the account agrees with the broker.',
  ORDER_NOT_OPEN: 'The order is over.',
  NOT_REPLACEABLE: 'The order cannot be replaced as it stands, or not in this way.',
};

export const DenialCodeEnum = enumType<DenialCode>(
  'DenialCode',
  DENIAL_CODES,
  'Why an order was refused before it reached a broker: one value a rule, each described where it is defined.',
  MEANING,
);
