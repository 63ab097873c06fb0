import type { BrokerCapabilities, OrderTerms } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Order, OrderRevision } from './order.ts';
import { triggeredType } from './order-types.ts';

const text = (value: Fixed | null): string | null => (value === null ? null : formatDecimal(value));

/** The order's terms as they stand. */
export const orderTerms = (order: Order): OrderTerms => revisionTerms(order, order);

/** The order's terms with what a revision of it changes. */
export const revisionTerms = (order: Order, revision: OrderRevision): OrderTerms => ({
  symbol: order.symbol,
  side: order.side,
  type: order.type,
  quantity: text(revision.quantity),
  notional: revision.quantity === null ? text(order.notional) : null,
  limitPrice: text(revision.limitPrice),
  stopPrice: text(revision.stopPrice),
  trailingOffset: text(revision.trailingOffset),
  trailingOffsetType: order.trailingOffsetType,
  timeInForce: revision.timeInForce,
  expireAt: revision.expireAt,
  postOnly: order.postOnly,
  reduceOnly: order.reduceOnly,
  displayQuantity: text(order.displayQuantity),
  extendedHours: order.extendedHours,
});

const asVenueSees = (
  order: Order,
  terms: OrderTerms,
  capabilities: Pick<BrokerCapabilities, 'reduceOnly'>,
): OrderTerms => {
  // A venue without reduce-only gets orders that the gateway has sized within the position.
  const reduceOnly = terms.reduceOnly && capabilities.reduceOnly;
  if (order.heldFor !== 'EMULATED_TRIGGER') {
    return reduceOnly === terms.reduceOnly ? terms : { ...terms, reduceOnly };
  }
  return {
    ...terms,
    reduceOnly,
    type: triggeredType(order.type),
    stopPrice: null,
    trailingOffset: null,
    trailingOffsetType: null,
  };
};

/** What a submit sends: of an order whose trigger the gateway watched, what the trigger set off. */
export const venueTerms = (order: Order, capabilities: Pick<BrokerCapabilities, 'reduceOnly'>): OrderTerms =>
  asVenueSees(order, orderTerms(order), capabilities);

/** What the pending replace sends; null when none is pending. */
export const replacementTerms = (
  order: Order,
  capabilities: Pick<BrokerCapabilities, 'reduceOnly'>,
): OrderTerms | null =>
  order.pendingReplace === null
    ? null
    : asVenueSees(order, revisionTerms(order, order.pendingReplace), capabilities);
