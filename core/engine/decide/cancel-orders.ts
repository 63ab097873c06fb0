import { isExternalOrderId } from '../../orders/external-order-id.ts';
import type { Order } from '../../orders/order.ts';
import type { OrderEvent } from '../../orders/order-event.ts';
import { isAtGateway, isOpen } from '../../orders/status.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { requireOrder } from './find-order.ts';
import { refused } from './results.ts';

/**
 * Cancels pass no rule at all. What is still here ends at once; what may be at the venue ends by the
 * venue's word. Cancelling one leg of a bracket leaves the other: it goes on as the only exit.
 */

/** The events that cancel an open order; none when its cancel is under way already. */
export const cancelEvents = (order: Order, reason: string | null): readonly OrderEvent[] => {
  if (!isOpen(order)) return [];
  if (isAtGateway(order)) return [{ type: 'CANCELED', orderId: order.id, reason }];
  return order.pendingCancel ? [] : [{ type: 'CANCEL_REQUESTED', orderId: order.id, reason }];
};

export const decideCancelOrder = (
  state: AccountState,
  { orderId, reason }: { readonly orderId: string; readonly reason: string | null },
  ctx: DecideContext,
): Decision => {
  const { order } = requireOrder(state, ctx, orderId);
  if (!isOpen(order)) {
    const status = order.doneReason ?? order.lifecycle;
    const message = `the order is ${status} and cannot be cancelled`;
    return refused({ code: 'ORDER_NOT_OPEN', message, details: { status } }, orderId);
  }
  if (isExternalOrderId(order.id)) {
    const message = 'the order was not placed by this gateway: cancel it where it was placed';
    return refused({ code: 'ORDER_NOT_OPEN', message, details: { origin: order.origin } }, orderId);
  }
  return {
    events: cancelEvents(order, reason),
    result: { kind: 'cancelRequested', orderIds: [orderId] },
  };
};

/** Our open orders, of one symbol or of all. */
export const cancellableOrders = (state: AccountState, symbol: string | null): readonly Order[] => {
  const orders: Order[] = [];
  for (const orderId of state.openOrderIds) {
    const order = state.orders.get(orderId);
    if (order === undefined || isExternalOrderId(orderId)) continue;
    if (symbol === null || order.symbol === symbol) orders.push(order);
  }
  return orders;
};

export const cancelAllEvents = (
  state: AccountState,
  symbol: string | null,
  reason: string,
): readonly OrderEvent[] => cancellableOrders(state, symbol).flatMap((order) => cancelEvents(order, reason));

export const decideCancelAllOrders = (
  state: AccountState,
  { symbol, reason }: { readonly symbol: string | null; readonly reason: string | null },
): Decision => {
  const orders = cancellableOrders(state, symbol);
  return {
    events: orders.flatMap((order) => cancelEvents(order, reason)),
    result: { kind: 'cancelRequested', orderIds: orders.map(({ id }) => id) },
  };
};
