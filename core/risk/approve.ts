import type { ApprovedOrder, OrderTerms } from '@omniquant/plugin-sdk';

import type { Order } from '../orders/order.ts';

/** An order was about to be sent whose intent is not in the journal. */
export class NotApprovedError extends Error {
  readonly code = 'NOT_APPROVED';

  constructor(order: Order) {
    super(
      `order ${order.id} is ${order.lifecycle} and was never submitted: ` +
        'a broker gets only what the journal has as SUBMITTED',
    );
    this.name = 'NotApprovedError';
  }
}

/**
 * The only maker of what a broker accepts. For the runtime, after the commit of SUBMITTED (or of the
 * REPLACE_REQUESTED of an order that was): rules, reservation and intent are then durable.
 * Throws NotApprovedError for an order that has not come that far.
 */
export const approveOrder = (
  order: Order,
  venueTerms: OrderTerms,
  venueOrderId: string,
  account: string,
  traceparent: string | null,
): ApprovedOrder => {
  if (!order.sent) throw new NotApprovedError(order);
  // The brand is a type only; this assertion is the one place that gives it.
  return { ...venueTerms, account, venueOrderId, traceparent } as ApprovedOrder;
};
