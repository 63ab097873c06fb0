import type { OrderSide } from '@omniquant/plugin-sdk';

import type { EngineOrder, EngineTimeInForce, PostOnly, SelfTradeMode } from './engine-order.ts';

/** Side: of flags, the lowest bit. */
export const BUY = 0;
export const SELL = 1;
/** All or none. */
export const WHOLE_ONLY = 2;
/** No limit. */
const MARKET = 4;
const TIME_SHIFT = 3;
const POST_SHIFT = 6;
const SELF_SHIFT = 8;

/** All bits of {@link flagsOf}; a store keeps marks of its own above them. */
export const ORDER_FLAGS = (1 << (SELF_SHIFT + 3)) - 1;

const TIMES: readonly EngineTimeInForce[] = ['GTC', 'IOC', 'FOK', 'OPG', 'CLS'];
const POSTS: readonly PostOnly[] = ['NO', 'REJECT', 'SLIDE'];
const MODES: readonly SelfTradeMode[] = [
  'ALLOW',
  'CANCEL_NEWEST',
  'CANCEL_OLDEST',
  'CANCEL_BOTH',
  'DECREMENT_AND_CANCEL',
];

/** What an order asks for, as bits: a column of a store holds it. */
export function flagsOf(order: EngineOrder): number {
  const { side, type, timeInForce, postOnly, selfTrade } = order;
  let flags = side === 'BUY' ? BUY : SELL;
  if (order.allOrNone) flags |= WHOLE_ONLY;
  if (type === 'MARKET' || type === 'STOP') flags |= MARKET;
  if (timeInForce !== 'GTC') flags |= TIMES.indexOf(timeInForce) << TIME_SHIFT;
  if (postOnly !== 'NO') flags |= POSTS.indexOf(postOnly) << POST_SHIFT;
  if (selfTrade !== 'ALLOW') flags |= MODES.indexOf(selfTrade) << SELF_SHIFT;
  return flags;
}

export function sideOf(flags: number): OrderSide {
  return (flags & SELL) === 0 ? 'BUY' : 'SELL';
}

/** Whether the order ends with the auction that it is for. */
export function isForAuction(flags: number): boolean {
  const time = TIMES[(flags >>> TIME_SHIFT) & 7];
  return time === 'OPG' || time === 'CLS';
}

/** Writes back into an order what {@link flagsOf} made of it, as of an order without a trigger. */
export function writeFlags(flags: number, order: EngineOrder): void {
  order.side = sideOf(flags);
  order.allOrNone = (flags & WHOLE_ONLY) !== 0;
  order.type = (flags & MARKET) === 0 ? 'LIMIT' : 'MARKET';
  order.timeInForce = TIMES[(flags >>> TIME_SHIFT) & 7]!;
  order.postOnly = POSTS[(flags >>> POST_SHIFT) & 3]!;
  order.selfTrade = MODES[(flags >>> SELF_SHIFT) & 7]!;
}
