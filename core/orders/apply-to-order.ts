import type { Decimal } from '@omniquant/plugin-sdk';
import { type Fixed, max, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { DomainEvent, JournaledEvent } from '../engine/account-event.ts';
import { newOrder } from './new-order.ts';
import type { Order, OrderRevision } from './order.ts';
import { end, endIfExecuted } from './order-end.ts';
import type { OrderEvent, RevisedTerms } from './order-event.ts';
import { bookFill, bustFill, chargeFee } from './order-fills.ts';
import { orderFromRecord } from './order-record-codec.ts';
import { hasTrigger } from './order-types.ts';
import { requireTransition, type TransitionTarget } from './transitions.ts';

/**
 * One order as a fold of its own events (and FEE_CHARGED, which is the account's and names the order).
 * It decides nothing: the events say everything. Used by the engine's `apply`, and alone wherever an
 * order is shown as it stood after an event.
 */

const fixedOrNull = (text: Decimal | null): Fixed | null => (text === null ? null : parseDecimal(text));

const revise = (order: Order, to: OrderRevision): void => {
  if (to.stopPrice !== order.stopPrice) order.triggerPrice = to.stopPrice;
  order.quantity = to.quantity;
  order.limitPrice = to.limitPrice;
  order.stopPrice = to.stopPrice;
  order.trailingOffset = to.trailingOffset;
  order.timeInForce = to.timeInForce;
  order.expireAt = to.expireAt;
};

const toRevision = (terms: RevisedTerms): OrderRevision => ({
  quantity: fixedOrNull(terms.quantity),
  limitPrice: fixedOrNull(terms.limitPrice),
  stopPrice: fixedOrNull(terms.stopPrice),
  trailingOffset: fixedOrNull(terms.trailingOffset),
  timeInForce: terms.timeInForce,
  expireAt: terms.expireAt,
});

/** The pending terms take over, whatever revision number they got. */
const takePending = (order: Order): void => {
  const pending = order.pendingReplace;
  if (pending === null) return;
  revise(order, pending);
  order.reservePrice = pending.reservePrice;
  order.pendingReplace = null;
};

const higher = (a: Fixed | null, b: Fixed | null): Fixed | null =>
  a === null || b === null ? (a ?? b) : max(a, b);

const submit = (order: Order, revision: number, recordedAt: number): void => {
  order.sent = true;
  order.heldAt = hasTrigger(order.type) && order.triggeredAt === null ? 'VENUE' : null;
  // The age of a request in doubt counts from its first sending.
  if (order.submittedAt === null) order.submittedAt = recordedAt;
  order.revision = revision;
  order.lastRevision = Math.max(order.lastRevision, revision);
};

const accept = (order: Order, brokerOrderId: string, quantity: Decimal | null, at: number): void => {
  order.brokerOrderId ??= brokerOrderId;
  if (order.quantity === null && quantity !== null) order.quantity = parseDecimal(quantity);
  if (order.lifecycle !== 'DONE') order.reason = null;
  endIfExecuted(order, at);
};

const requestReplace = (order: Order, event: Extract<OrderEvent, { type: 'REPLACE_REQUESTED' }>): void => {
  const reservePrice = fixedOrNull(event.reservePrice);
  order.pendingReplace = {
    ...toRevision(event.terms),
    requestId: event.requestId,
    revision: event.revision,
    reservePrice,
    previousReservePrice: order.reservePrice,
  };
  order.reservePrice = higher(order.reservePrice, reservePrice);
  order.lastRevision = Math.max(order.lastRevision, event.revision);
  order.replaceRequestIds.add(event.requestId);
};

/** Another reserve price of the revision that works; what is asked for meanwhile keeps its own. */
const reserveAt = (order: Order, price: Fixed): void => {
  const pending = order.pendingReplace;
  order.reservePrice = pending === null ? price : higher(price, pending.reservePrice);
  if (pending !== null) order.pendingReplace = { ...pending, previousReservePrice: price };
};

const reconcile = (order: Order, event: Extract<OrderEvent, { type: 'RECONCILED' }>, at: number): void => {
  if (order.pendingReplace !== null && event.revision >= order.pendingReplace.revision) takePending(order);
  if (event.terms !== null) revise(order, toRevision(event.terms));
  if (event.reservePrice !== undefined) reserveAt(order, parseDecimal(event.reservePrice));
  order.revision = event.revision;
  order.lastRevision = Math.max(order.lastRevision, event.revision);
  order.brokerOrderId = event.brokerOrderId ?? order.brokerOrderId;
  order.sent = true;
  if (event.lifecycle === 'DONE') {
    end(order, event.doneReason ?? 'CANCELED', at, event.reason);
    order.assumedDone = event.source !== 'VENUE';
  } else {
    order.lifecycle = event.lifecycle;
    order.doneReason = null;
    order.doneAt = null;
    order.assumedDone = false;
    order.reason = event.reason;
    if (event.lifecycle === 'TRIGGERED') order.triggeredAt ??= at;
    order.heldAt = hasTrigger(order.type) && order.triggeredAt === null ? 'VENUE' : null;
  }
  endIfExecuted(order, at);
};

/** Codes of rejections that are no word of the venue. */
const ASSUMED_REJECTIONS: ReadonlySet<string> = new Set(['NOT_SENT', 'NOT_AT_VENUE']);

const change = (order: Order, event: OrderEvent, envelope: JournaledEvent): void => {
  const { at } = envelope;
  switch (event.type) {
    case 'INITIALIZED':
    case 'RECALLED':
      return;
    case 'CANCEL_REJECTED':
      order.pendingCancel = false;
      order.reason = `${event.code}: ${event.message}`;
      return;
    case 'DENIED':
      order.denial = { code: event.code, message: event.message, details: event.details };
      order.reason = event.message;
      order.doneAt = at;
      return;
    case 'HELD':
      order.heldAt = event.at;
      order.heldFor = event.reason;
      return;
    case 'RELEASED':
      order.quantity = parseDecimal(event.quantity);
      if (order.role === 'STOP_LOSS') order.heldFor = 'EMULATED_TRIGGER';
      return;
    case 'RESIZED':
      order.quantity = parseDecimal(event.quantity);
      return;
    case 'SUBMITTED':
      submit(order, event.revision, envelope.recordedAt);
      return;
    case 'IN_DOUBT':
      order.doubted = true;
      order.reason = event.reason;
      return;
    case 'ACCEPTED':
      accept(order, event.brokerOrderId, event.quantity, at);
      return;
    case 'REJECTED':
      end(order, 'REJECTED', at, `${event.code}: ${event.message}`);
      order.assumedDone = ASSUMED_REJECTIONS.has(event.code);
      return;
    case 'TRIGGERED':
      order.triggeredAt ??= at;
      if (order.sent) order.heldAt = null;
      return;
    case 'STOP_MOVED':
      order.triggerPrice = parseDecimal(event.triggerPrice);
      if (event.limitPrice !== null) order.limitPrice = parseDecimal(event.limitPrice);
      return;
    case 'REPLACE_REQUESTED':
      requestReplace(order, event);
      return;
    case 'REPLACED':
      takePending(order);
      order.revision = event.revision;
      order.brokerOrderId = event.brokerOrderId;
      order.reason = null;
      endIfExecuted(order, at);
      return;
    case 'REPLACE_REJECTED':
      if (order.pendingReplace !== null) order.reservePrice = order.pendingReplace.previousReservePrice;
      order.pendingReplace = null;
      order.reason = `${event.code}: ${event.message}`;
      return;
    case 'CANCEL_REQUESTED':
      order.pendingCancel = true;
      return;
    case 'CANCELED':
      end(order, 'CANCELED', at, event.reason);
      return;
    case 'EXPIRED':
      end(order, 'EXPIRED', at, null);
      return;
    case 'FILLED':
      bookFill(order, event, envelope);
      return;
    case 'FILL_BUSTED':
      bustFill(order, event.executionId, envelope);
      return;
    case 'OVERFILLED':
      order.overfilled = true;
      return;
    case 'RECONCILED':
      reconcile(order, event, at);
      return;
  }
};

/** DONE and GIVEN are entered together with what they mean, in `change`. */
const enter = (order: Order, target: TransitionTarget): void => {
  if (target !== 'SAME' && target !== 'GIVEN' && target !== 'DONE') order.lifecycle = target;
};

/** Whether an event changes an order: those of orders, and the fee of a fill. */
export const isOrderEvent = (
  event: DomainEvent,
): event is OrderEvent | Extract<DomainEvent, { type: 'FEE_CHARGED' }> =>
  'orderId' in event && event.type !== 'RISK_ALERT';

/**
 * The order after the event: the given one, changed, or a new one for INITIALIZED and RECALLED. Throws
 * TransitionError for an event that the table has no place for; nothing has changed then.
 */
export const applyToOrder = (order: Order | undefined, envelope: JournaledEvent): Order => {
  const { event, seq, at } = envelope;
  if (!isOrderEvent(event)) throw new TypeError(`${event.type} is not an event of an order`);
  if (event.type === 'FEE_CHARGED') {
    if (order === undefined) throw new TypeError(`FEE_CHARGED before order ${event.orderId} exists`);
    chargeFee(order, event, envelope);
    order.lastSeq = seq;
    return order;
  }
  const target = requireTransition(event.orderId, order?.lifecycle ?? 'NONE', event.type);
  if (order === undefined) {
    if (event.type === 'INITIALIZED') return newOrder(event, envelope);
    if (event.type === 'RECALLED') return orderFromRecord(event.record);
    throw new TypeError(`${event.type} cannot begin an order`);
  }
  enter(order, target);
  change(order, event, envelope);
  if (event.type !== 'RECALLED') order.updatedAt = at;
  order.lastSeq = seq;
  return order;
};
