import type { Decimal, VenueOrder } from '@omniquant/plugin-sdk';
import { formatDecimal, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import { isExternalOrderId } from '../../orders/external-order-id.ts';
import type { DoneReason, Order } from '../../orders/order.ts';
import type { RevisedTerms } from '../../orders/order-event.ts';
import { hasTrigger } from '../../orders/order-types.ts';
import { isOpen } from '../../orders/status.ts';
import { type ReadTerms, readTerms } from '../../risk/read-terms.ts';
import { reservePrice } from '../../risk/reserve-price.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { orderReference } from './broker-event.ts';
import { findOrder } from './find-order.ts';
import { newVenueOrder } from './new-venue-order.ts';
import { DONE, done } from './results.ts';
import { isTighter } from './trigger.ts';
import { adopt, blockEntries, catchUp, endsByReplace, revisionOf } from './venue-evidence.ts';

/**
 * What a lookup or a full list says about an order: how it is at the venue now. It settles orders in
 * doubt, pending replaces and cancels, and shows orders that the journal lacks or takes for done.
 */

const termsOf = ({ terms }: VenueOrder): RevisedTerms => ({
  quantity: terms.quantity,
  limitPrice: terms.limitPrice,
  stopPrice: terms.stopPrice,
  trailingOffset: terms.trailingOffset,
  timeInForce: terms.timeInForce,
  expireAt: terms.expireAt,
});

const ENDS: Readonly<Partial<Record<VenueOrder['status'], DoneReason>>> = {
  CANCELED: 'CANCELED',
  EXPIRED: 'EXPIRED',
  REJECTED: 'REJECTED',
};

const isLive = ({ status }: VenueOrder): boolean =>
  status === 'HELD' || status === 'WORKING' || status === 'TRIGGERED';

const whileLive = (order: Order, found: VenueOrder): readonly DomainEvent[] => {
  const events: DomainEvent[] = [];
  const watched = hasTrigger(order.type) && order.heldFor !== 'EMULATED_TRIGGER';
  if (watched && found.status === 'TRIGGERED' && order.triggeredAt === null) {
    events.push({ type: 'TRIGGERED', orderId: order.id, price: null });
  }
  const level = found.stopPrice === null ? undefined : tryParseDecimal(found.stopPrice);
  if (
    watched &&
    found.stopPrice !== null &&
    level !== undefined &&
    isTighter(order.side, level, order.triggerPrice)
  ) {
    events.push({ type: 'STOP_MOVED', orderId: order.id, triggerPrice: found.stopPrice, limitPrice: null });
  }
  if (order.quantity === null && found.terms.quantity !== null) {
    const { brokerOrderId } = found;
    events.push({ type: 'ACCEPTED', orderId: order.id, brokerOrderId, quantity: found.terms.quantity });
  }
  return events;
};

const ended = (order: Order, found: VenueOrder, doneReason: DoneReason, revision: number): DomainEvent => ({
  type: 'RECONCILED',
  orderId: order.id,
  lifecycle: 'DONE',
  doneReason,
  brokerOrderId: found.brokerOrderId,
  revision,
  terms: null,
  source: 'VENUE',
  reason: found.message ?? `found ${found.status} at the venue`,
});

/** Filled there, and its fills may still be under way: it is over when they are booked, or when none is missing. */
const whenFilled = (order: Order, found: VenueOrder, revision: number): readonly DomainEvent[] => {
  const there = tryParseDecimal(found.filledQuantity);
  return there !== undefined && order.filledQuantity >= there
    ? [ended(order, found, 'FILLED', revision)]
    : [];
};

/** An order that was never sent, or whose end was only assumed, or that ended before what the venue shows. */
const isTakenOver = (order: Order, found: VenueOrder): boolean => {
  if (!order.sent) return true;
  return order.lifecycle === 'DONE' && (order.assumedDone || found.at > (order.doneAt ?? 0));
};

/** What an order that reserves comes to by the terms that it has at the venue. */
const reservedAt = (order: Order, read: ReadTerms, ctx: DecideContext): Decimal | undefined => {
  if (order.reservePrice === null) return undefined;
  const { side, trailingOffsetType, symbol } = order;
  const price = reservePrice({ ...read, side, trailingOffsetType }, ctx.market.quote(symbol));
  return price === null ? undefined : formatDecimal(price);
};

/** With the terms that it has there; where these cannot be read it goes on with its own. */
const takeOver = (
  state: AccountState,
  order: Order,
  found: VenueOrder,
  revision: number,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  const read = readTerms(found.terms);
  const shared = { revision, brokerOrderId: found.brokerOrderId, triggered: found.status === 'TRIGGERED' };
  if ('code' in read) return adopt(state, order, shared);
  const reserved = reservedAt(order, read, ctx);
  const terms = termsOf(found);
  return adopt(state, order, {
    ...shared,
    terms,
    ...(reserved === undefined ? {} : { reservePrice: reserved }),
  });
};

const onPending = (
  state: AccountState,
  order: Order,
  found: VenueOrder,
  revision: number,
): readonly DomainEvent[] => {
  if (found.status === 'REJECTED') {
    const message = found.message ?? 'refused by the venue';
    return [{ type: 'REPLACE_REJECTED', orderId: order.id, revision, code: 'OTHER', message }];
  }
  const events = catchUp(state, order, { revision, brokerOrderId: found.brokerOrderId }, true);
  if (endsByReplace(order, revision)) return events;
  if (isLive(found)) return [...events, ...whileLive(order, found)];
  const reason = ENDS[found.status];
  return reason === undefined ? events : [...events, ended(order, found, reason, revision)];
};

const onCurrent = (
  state: AccountState,
  order: Order,
  found: VenueOrder,
  revision: number,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  const { brokerOrderId, status } = found;
  if (isLive(found)) {
    // By our fills there is nothing left of it: opening it again would not last.
    if (order.doneReason === 'FILLED') {
      return found.at > (order.doneAt ?? 0) ? blockEntries(state, order.id) : [];
    }
    if (isTakenOver(order, found)) {
      return takeOver(state, order, found, revision, ctx);
    }
    if (!isOpen(order)) return [];
    return [...catchUp(state, order, { revision, brokerOrderId }, true), ...whileLive(order, found)];
  }
  if (status === 'REPLACED') {
    const pending = order.pendingReplace;
    if (pending === null) return [];
    return [{ type: 'REPLACED', orderId: order.id, revision: pending.revision, brokerOrderId: null }];
  }
  if (!isOpen(order) && !order.assumedDone) return [];
  if (status === 'FILLED') {
    const events =
      order.lifecycle === 'DONE' ? [] : catchUp(state, order, { revision, brokerOrderId }, false);
    return [...events, ...whenFilled(order, found, revision)];
  }
  const reason = ENDS[status];
  return reason === undefined ? [] : [ended(order, found, reason, revision)];
};

/** A revision that the journal gave up: a replace that was taken for lost has arrived after all. */
const onUnknown = (
  state: AccountState,
  order: Order,
  found: VenueOrder,
  revision: number,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  if (!isLive(found)) return [];
  return takeOver(state, order, found, revision, ctx);
};

const knownOrderEvents = (
  state: AccountState,
  order: Order,
  found: VenueOrder,
  revision: number,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  switch (revisionOf(order, revision)) {
    case 'PAST':
      return [];
    case 'PENDING':
      return onPending(state, order, found, revision);
    case 'CURRENT':
      return onCurrent(state, order, found, revision, ctx);
    case 'UNKNOWN':
      return onUnknown(state, order, found, revision, ctx);
  }
};

export const decideVenueOrder = (state: AccountState, found: VenueOrder, ctx: DecideContext): Decision => {
  const { orderId, revision } = orderReference(state.accountId, ctx.settings.venueIdPrefix, found);
  const known = findOrder(state, ctx, orderId);
  if (known === undefined) return newVenueOrder(state, orderId, revision ?? 0, found, ctx);
  const { order, recall } = known;
  // An order of others comes and goes as it likes there; only its terms at the time of finding are shown.
  const at = isExternalOrderId(orderId) ? order.revision : (revision ?? order.revision);
  const events = knownOrderEvents(state, order, found, at, ctx);
  return events.length === 0 ? DONE : done([...recall, ...events]);
};
