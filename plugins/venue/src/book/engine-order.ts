import type { OrderSide } from '@omniquant/plugin-sdk';

/** `STOP` and `STOP_LIMIT` become `MARKET` and `LIMIT` when the market trades at `stop` or beyond it. */
export type EngineOrderType = 'MARKET' | 'LIMIT' | 'STOP' | 'STOP_LIMIT';

/** `OPG` and `CLS` orders wait for the next opening or closing auction and end with it. */
export type EngineTimeInForce = 'GTC' | 'IOC' | 'FOK' | 'OPG' | 'CLS';

/**
 * What becomes of a limit order that would take liquidity: `NO` takes it, `REJECT` refuses the order,
 * `SLIDE` moves its limit to one tick behind the best opposite price.
 */
export type PostOnly = 'NO' | 'REJECT' | 'SLIDE';

/**
 * What happens instead of a trade between two orders of one owner; the incoming order's mode counts.
 * `CANCEL_NEWEST` cancels the incoming order, `CANCEL_OLDEST` the resting one, `CANCEL_BOTH` both;
 * `DECREMENT_AND_CANCEL` takes the smaller quantity off both, which ends one of them or both.
 */
export type SelfTradeMode =
  'ALLOW' | 'CANCEL_NEWEST' | 'CANCEL_OLDEST' | 'CANCEL_BOTH' | 'DECREMENT_AND_CANCEL';

/**
 * An order for the matching engine. Prices in ticks of any sign, quantities in lots, all safe integers.
 * The engine copies what it keeps: a caller may fill in the same object for each order.
 */
export interface EngineOrder {
  /** Unique among the orders that the engine holds. */
  id: number;
  /** For self-trade prevention; 0 is nobody, who trades with everybody. */
  owner: number;
  side: OrderSide;
  type: EngineOrderType;
  /** The limit; not looked at in orders without one. */
  price: number;
  /** The trigger; not looked at in orders without one. */
  stop: number;
  quantity: number;
  /** The most that the book shows of it at a time; 0 shows all. */
  display: number;
  /** The least that has to trade when it enters, or it is canceled untouched; 0 asks for nothing. */
  minimum: number;
  timeInForce: EngineTimeInForce;
  /** Trades whole or not at all. */
  allOrNone: boolean;
  postOnly: PostOnly;
  selfTrade: SelfTradeMode;
}

/** A plain limit order to buy, good till canceled, with whatever is given instead. */
export function engineOrder(values: Partial<EngineOrder>): EngineOrder {
  return {
    id: 0,
    owner: 0,
    side: 'BUY',
    type: 'LIMIT',
    price: 0,
    stop: 0,
    quantity: 1,
    display: 0,
    minimum: 0,
    timeInForce: 'GTC',
    allOrNone: false,
    postOnly: 'NO',
    selfTrade: 'ALLOW',
    ...values,
  };
}
