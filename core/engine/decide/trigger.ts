import type { OrderSide, OrderTerms, TrailingOffsetType } from '@omniquant/plugin-sdk';
import { type Fixed, multiply, ONE, parseDecimal, roundToStep } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../../orders/order.ts';
import { isTrailing, triggerKind } from '../../orders/order-types.ts';
import type { MarketQuote } from '../decide-context.ts';

/**
 * Triggers that the gateway watches. The price that counts is the one at which the order would trade at
 * once: the ask for a buy, the bid for a sell, the last trade where the book has no such side.
 */
export const referencePrice = (side: OrderSide, quote: MarketQuote): Fixed | null =>
  (side === 'BUY' ? quote.ask : quote.bid) ?? quote.last;

const levelAt = (
  side: OrderSide,
  offset: Fixed,
  offsetType: TrailingOffsetType | null,
  tickSize: Fixed,
  reference: Fixed,
): Fixed | null => {
  const distance = offsetType === 'PERCENT' ? multiply(reference, offset) : offset;
  // Away from the market, so that it never triggers earlier than asked for.
  const level =
    side === 'BUY'
      ? roundToStep(reference + distance, tickSize, 'ceil')
      : roundToStep(reference - distance, tickSize, 'floor');
  return level > 0n ? level : null;
};

/** Where a trailing trigger is for a reference price; null when the offset reaches below zero. */
export const trailedLevel = (terms: OrderTerms, tickSize: Fixed, reference: Fixed): Fixed | null =>
  terms.trailingOffset === null
    ? null
    : levelAt(terms.side, parseDecimal(terms.trailingOffset), terms.trailingOffsetType, tickSize, reference);

/** Whether a level is closer to the market than the one that stands: a trigger never moves away. */
export const isTighter = (side: OrderSide, level: Fixed, standing: Fixed | null): boolean =>
  standing === null || (side === 'BUY' ? level < standing : level > standing);

/** The tighter level of a trailing order at a reference price; null when it stays. */
export const movedLevel = (order: Order, reference: Fixed): Fixed | null => {
  if (!isTrailing(order.type) || order.trailingOffset === null) return null;
  const tick = order.tickSize > 0n ? order.tickSize : ONE;
  const level = levelAt(order.side, order.trailingOffset, order.trailingOffsetType, tick, reference);
  return level !== null && isTighter(order.side, level, order.triggerPrice) ? level : null;
};

/** Whether the reference price has reached the trigger. */
export const isReached = (order: Order, reference: Fixed): boolean => {
  if (order.triggerPrice === null) return false;
  const runsUp = (order.side === 'BUY') === (triggerKind(order.type) === 'STOP');
  return runsUp ? reference >= order.triggerPrice : reference <= order.triggerPrice;
};
