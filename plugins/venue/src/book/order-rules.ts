import type { EngineOrder } from './engine-order.ts';
import { REASON } from './event-log.ts';

/** An order may show itself in this many parts at most: each makes a trade of its own. */
const MOST_PARTS = 10_000;

const isPositive = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

/** Number of the reason why no engine takes such an order; NONE when it does. */
export function flawOf(order: EngineOrder): number {
  const { type, quantity, display, minimum } = order;
  if (!Number.isSafeInteger(order.id)) return REASON.INVALID_ID;
  if (!Number.isSafeInteger(order.owner)) return REASON.INVALID_OWNER;
  if (!isPositive(quantity)) return REASON.INVALID_QUANTITY;
  if ((type === 'LIMIT' || type === 'STOP_LIMIT') && !Number.isSafeInteger(order.price)) {
    return REASON.INVALID_PRICE;
  }
  if ((type === 'STOP' || type === 'STOP_LIMIT') && !Number.isSafeInteger(order.stop)) {
    return REASON.INVALID_STOP;
  }
  if (display !== 0 && (!isPositive(display) || quantity / display > MOST_PARTS)) {
    return REASON.INVALID_DISPLAY;
  }
  if (minimum !== 0 && (!isPositive(minimum) || minimum > quantity)) return REASON.INVALID_MINIMUM;
  return fits(order) ? REASON.NONE : REASON.INVALID_COMBINATION;
}

/** Whether what an order asks for goes together. */
function fits({ type, timeInForce, postOnly, display, minimum, allOrNone }: EngineOrder): boolean {
  const hasLimit = type === 'LIMIT' || type === 'STOP_LIMIT';
  const isForAuction = timeInForce === 'OPG' || timeInForce === 'CLS';
  if (postOnly !== 'NO' && (!hasLimit || timeInForce !== 'GTC' || minimum > 0)) return false;
  if (display > 0 && (!hasLimit || timeInForce === 'IOC' || timeInForce === 'FOK' || allOrNone)) return false;
  if (!isForAuction) return true;
  return !allOrNone && minimum === 0 && (type === 'LIMIT' || type === 'MARKET');
}

/** Whether an auction's call takes an order: not one that wants to trade at once, or asks how much. */
export function fitsCall({ type, timeInForce, postOnly, minimum, allOrNone }: EngineOrder): boolean {
  if (type === 'STOP' || type === 'STOP_LIMIT') return true;
  return timeInForce !== 'IOC' && timeInForce !== 'FOK' && postOnly === 'NO' && minimum === 0 && !allOrNone;
}
