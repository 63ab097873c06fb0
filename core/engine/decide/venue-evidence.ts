import type { BrokerRejection } from '@omniquant/plugin-sdk';

import { isExternalOrderId } from '../../orders/external-order-id.ts';
import type { Order } from '../../orders/order.ts';
import type { OrderEvent } from '../../orders/order-event.ts';
import { executedQuantity } from '../../orders/status.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';

/**
 * What it means for an order that the venue speaks of it. Messages may be late, doubled or out of
 * order; every one of them proves what must have happened before it, so that any order of the same
 * messages ends in the same order.
 */

/** Which revision a message speaks of, as the order has them. */
export type MessageRevision = 'PAST' | 'CURRENT' | 'PENDING' | 'UNKNOWN';

export const revisionOf = (order: Order, revision: number): MessageRevision => {
  if (revision === order.revision) return 'CURRENT';
  if (revision === order.pendingReplace?.revision) return 'PENDING';
  return revision < order.revision ? 'PAST' : 'UNKNOWN';
};

/**
 * A cancel refused with such a code is not over: the order has ended, which the venue tells, or another
 * revision took its place and is cancelled next, or it never arrived, which lookups show. Its order must
 * neither go on nor be sent again.
 */
export const leavesCancelPending = (code: BrokerRejection): boolean =>
  code === 'TOO_LATE' || code === 'UNKNOWN_ORDER';

/** Why entries are blocked by an order. */
export const blockCause = (orderId: string): string => `order ${orderId}`;

/** Blocks entries once for an order; an order of others blocks nothing. */
export const blockEntries = (state: AccountState, orderId: string): readonly DomainEvent[] => {
  const cause = blockCause(orderId);
  if (state.entryBlocks.has(cause) || isExternalOrderId(orderId)) return [];
  return [{ type: 'ENTRIES_BLOCKED', cause }];
};

type Reconciled = Extract<OrderEvent, { type: 'RECONCILED' }>;

/** The venue has an order that the journal never sent, or takes for done: it is taken over as it is there. */
export const adopt = (
  state: AccountState,
  order: Order,
  found: {
    readonly revision: number;
    readonly brokerOrderId: string | null;
    readonly triggered: boolean;
    readonly terms?: Reconciled['terms'];
    readonly reservePrice?: Reconciled['reservePrice'];
  },
): readonly DomainEvent[] => [
  {
    type: 'RECONCILED',
    orderId: order.id,
    lifecycle: found.triggered ? 'TRIGGERED' : 'WORKING',
    doneReason: null,
    brokerOrderId: found.brokerOrderId,
    revision: found.revision,
    terms: found.terms ?? null,
    ...(found.reservePrice === undefined ? {} : { reservePrice: found.reservePrice }),
    source: 'VENUE',
    reason: `found at the venue while ${order.doneReason ?? order.lifecycle} here`,
  },
  ...blockEntries(state, order.id),
];

/**
 * Whether the revision that a message speaks of asks for no more than was executed while it was on its
 * way: once it takes over the order is filled, and nothing else can happen to it.
 */
export const endsByReplace = ({ pendingReplace, ...order }: Order, revision: number): boolean => {
  const quantity = pendingReplace?.revision === revision ? pendingReplace.quantity : null;
  return quantity !== null && quantity > 0n && executedQuantity(order) >= quantity;
};

/** Never sent, or its end was only assumed: the venue's message shows that this was wrong. */
const isUnexpected = (order: Order): boolean =>
  !order.sent || (order.lifecycle === 'DONE' && order.assumedDone);

/**
 * The events by which an order gets to where a message about its current or pending revision makes
 * sense: accepted, replaced, or adopted. `isAlive` says whether the message proves that it works now.
 */
export const catchUp = (
  state: AccountState,
  order: Order,
  message: { readonly revision: number; readonly brokerOrderId: string | null },
  isAlive: boolean,
): readonly DomainEvent[] => {
  const { brokerOrderId } = message;
  if (isUnexpected(order)) {
    if (!isAlive && order.lifecycle === 'DONE') return [];
    return adopt(state, order, { revision: message.revision, brokerOrderId, triggered: false });
  }
  const events: DomainEvent[] = [];
  const isUnanswered = order.lifecycle === 'SUBMITTED' || order.lifecycle === 'IN_DOUBT';
  if (brokerOrderId !== null && (isUnanswered || order.brokerOrderId === null)) {
    events.push({ type: 'ACCEPTED', orderId: order.id, brokerOrderId, quantity: null });
  }
  if (revisionOf(order, message.revision) === 'PENDING') {
    events.push({ type: 'REPLACED', orderId: order.id, revision: message.revision, brokerOrderId });
  }
  return events;
};
