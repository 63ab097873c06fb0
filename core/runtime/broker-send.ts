import type { BrokerCapabilities, OrderTerms } from '@omniquant/plugin-sdk';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { Order } from '../orders/order.ts';
import { replacementTerms, venueTerms } from '../orders/venue-terms.ts';

interface SendBase {
  readonly orderId: string;
  /** Goes on changing: only for the approval, which asks whether the order's intent is journaled. */
  readonly order: Order;
  /** The revision that is submitted, asked for, or to be cancelled. */
  readonly revision: number;
  /** Of the order's request. */
  readonly traceparent: string | null;
}

/**
 * A request to the venue that a committed event stands for. Copied out of the state when the batch is
 * sealed, since the order goes on changing while the commit is under way.
 */
export type BrokerSend =
  | (SendBase & { readonly kind: 'submit'; readonly terms: OrderTerms })
  | (SendBase & {
      readonly kind: 'replace';
      readonly terms: OrderTerms;
      readonly previousRevision: number;
      readonly previousBrokerOrderId: string | null;
    })
  | (SendBase & { readonly kind: 'cancel'; readonly brokerOrderId: string | null });

type Capabilities = Pick<BrokerCapabilities, 'reduceOnly'>;

/** What the events ask of the venue, in their order; `orderOf` gives orders as they are after the events. */
export function collectSends(
  orderOf: (orderId: string) => Order | undefined,
  events: readonly JournaledEvent[],
  capabilities: Capabilities,
): BrokerSend[] {
  const sends: BrokerSend[] = [];
  for (const { event } of events) {
    switch (event.type) {
      case 'SUBMITTED':
      case 'REPLACE_REQUESTED':
      case 'CANCEL_REQUESTED': {
        const order = orderOf(event.orderId);
        // Not sent: held here, so the answer is in the same batch. Done: it was settled in the same batch.
        if (order === undefined || !order.sent || order.lifecycle === 'DONE') {
          break;
        }
        const send = sendOf(
          order,
          event.type,
          event.type === 'CANCEL_REQUESTED' ? order.revision : event.revision,
          capabilities,
        );
        if (send !== null) {
          sends.push(send);
        }
        break;
      }
      case 'REPLACED': {
        // The cancel that was asked for meanwhile has named the revision that is gone.
        const order = orderOf(event.orderId);
        if (order !== undefined && order.sent && order.lifecycle !== 'DONE' && order.pendingCancel) {
          sends.push(cancelSend(order));
        }
        break;
      }
      default:
    }
  }
  return sends;
}

function sendOf(
  order: Order,
  type: 'SUBMITTED' | 'REPLACE_REQUESTED' | 'CANCEL_REQUESTED',
  revision: number,
  capabilities: Capabilities,
): BrokerSend | null {
  const base = { orderId: order.id, order, revision, traceparent: order.traceparent };
  switch (type) {
    case 'SUBMITTED':
      return { ...base, kind: 'submit', terms: venueTerms(order, capabilities) };
    case 'REPLACE_REQUESTED': {
      const terms =
        order.pendingReplace?.revision === revision ? replacementTerms(order, capabilities) : null;
      return terms === null
        ? null
        : {
            ...base,
            kind: 'replace',
            terms,
            previousRevision: order.revision,
            previousBrokerOrderId: order.brokerOrderId,
          };
    }
    case 'CANCEL_REQUESTED':
      return cancelSend(order);
  }
}

/** A cancel of the revision that works; also used to ask again, which does no harm. */
export function cancelSend(order: Order): BrokerSend {
  const { id: orderId, revision, traceparent, brokerOrderId } = order;
  return { kind: 'cancel', orderId, order, revision, traceparent, brokerOrderId };
}
