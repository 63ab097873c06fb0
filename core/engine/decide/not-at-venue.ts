import { venueOrderId } from '../../orders/venue-order-id.ts';
import type { AccountState } from '../account-state.ts';
import type { SystemCommand } from '../command.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { findOrder } from './find-order.ts';
import { DONE, done } from './results.ts';
import { revisionOf } from './venue-evidence.ts';

/**
 * The complete evidence that the venue does not have a revision of an order. A replace that never came
 * is refused; an order that never came is rejected; one that had worked there is taken for cancelled.
 * All of it is an assumption: a fill books all the same, and an order that shows up is adopted.
 */
export const decideNotAtVenue = (
  state: AccountState,
  { orderId, revision, evidence }: Extract<SystemCommand, { kind: 'notAtVenue' }>,
  ctx: DecideContext,
): Decision => {
  const order = findOrder(state, ctx, orderId)?.order;
  if (order === undefined || !order.sent || order.lifecycle === 'DONE') return DONE;
  const code = 'NOT_AT_VENUE';
  switch (revisionOf(order, revision)) {
    case 'PENDING':
      return done([{ type: 'REPLACE_REJECTED', orderId, revision, code, message: evidence }]);
    case 'CURRENT':
      if (order.lifecycle === 'SUBMITTED' || order.lifecycle === 'IN_DOUBT') {
        return done([{ type: 'REJECTED', orderId, code, message: evidence }]);
      }
      return done([
        {
          type: 'RECONCILED',
          orderId,
          lifecycle: 'DONE',
          doneReason: 'CANCELED',
          brokerOrderId: null,
          revision,
          terms: null,
          source: 'GATEWAY',
          reason: `${code}: ${evidence}`,
        },
      ]);
    case 'PAST':
    case 'UNKNOWN':
      return DONE;
  }
};

/** Sent again only in doubt, under the same venue id, and only to a venue that refuses a second one. */
export const decideResubmit = (
  state: AccountState,
  { orderId }: Extract<SystemCommand, { kind: 'resubmit' }>,
  ctx: DecideContext,
): Decision => {
  const order = state.orders.get(orderId);
  const { ready, capabilities } = ctx.broker;
  if (order?.lifecycle !== 'IN_DOUBT' || order.pendingCancel || !ready || !capabilities.refusesDuplicates) {
    return DONE;
  }
  const { revision } = order;
  return done([
    {
      type: 'SUBMITTED',
      orderId,
      venueOrderId: venueOrderId(ctx.settings.venueIdPrefix, orderId, revision),
      revision,
    },
  ]);
};
