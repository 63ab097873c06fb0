import { formatDecimal, parseDecimal } from '../../decimal.ts';
import type { OrderChange, StrategyOrder } from '../../strategy-effects.ts';
import { type PaperOrder, textOrNull } from './order.ts';

/** Why an open order cannot be changed so, whatever the new terms are; null when it can. */
export function badChange(order: PaperOrder, change: OrderChange): string | null {
  if (order.entry !== null && (change.quantity ?? change.timeInForce) !== undefined) {
    return 'the quantity of a bracket leg follows its entry, and it is GTC';
  }
  if (order.triggered && (change.stopPrice ?? change.trailingOffset) !== undefined) {
    return 'its trigger has been reached already';
  }
  if (change.quantity === undefined) return null;
  if (order.notional !== null) return 'a notional order has no quantity to change';
  return parseDecimal(change.quantity) > order.filled ? null : 'its quantity has to be above what has filled';
}

const given = (name: keyof StrategyOrder, value: string | number | null): Partial<StrategyOrder> =>
  value === null ? {} : { [name]: value };

const expiryOf = (order: PaperOrder, change: OrderChange): number | null =>
  change.expireAt ?? ((change.timeInForce ?? order.timeInForce) === 'GTD' ? order.expireAt : null);

/** An order as it would be asked for with its new terms. */
export const revised = (order: PaperOrder, change: OrderChange): StrategyOrder => {
  const { notional, postOnly, side, symbol, trailingOffsetType, type } = order;
  return {
    ...{ symbol, side, type, postOnly },
    timeInForce: change.timeInForce ?? order.timeInForce,
    ...(notional === null
      ? given('quantity', change.quantity ?? textOrNull(order.quantity))
      : { notional: formatDecimal(notional) }),
    ...given('limitPrice', change.limitPrice ?? textOrNull(order.limit)),
    ...given('stopPrice', change.stopPrice ?? textOrNull(order.stop)),
    ...given('trailingOffset', change.trailingOffset ?? textOrNull(order.trailingOffset)),
    ...given('trailingOffsetType', trailingOffsetType),
    ...given('expireAt', expiryOf(order, change)),
  };
};

/** Gives an order its new terms. */
export function changeTerms(order: PaperOrder, change: OrderChange): void {
  const { limitPrice, quantity, stopPrice, trailingOffset } = change;
  order.expireAt = expiryOf(order, change);
  order.timeInForce = change.timeInForce ?? order.timeInForce;
  if (quantity !== undefined) order.quantity = parseDecimal(quantity);
  if (limitPrice !== undefined) order.limit = parseDecimal(limitPrice);
  if (stopPrice !== undefined) order.stop = parseDecimal(stopPrice);
  if (trailingOffset !== undefined) order.trailingOffset = parseDecimal(trailingOffset);
}
