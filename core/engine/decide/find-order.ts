import type { Order } from '../../orders/order.ts';
import { orderToRecord } from '../../orders/order-record-codec.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import { CommandError } from '../decision.ts';

/** An order, and the event that brings it back to memory first if it had left. */
export interface FoundOrder {
  readonly order: Order;
  readonly recall: readonly DomainEvent[];
}

export const findOrder = (
  state: AccountState,
  ctx: DecideContext,
  orderId: string,
): FoundOrder | undefined => {
  const present = state.orders.get(orderId);
  if (present !== undefined) return { order: present, recall: [] };
  const archived = ctx.archive.order(orderId);
  if (archived === undefined) return undefined;
  const record = orderToRecord(archived, { fills: true });
  return { order: archived, recall: [{ type: 'RECALLED', orderId, record }] };
};

/** Throws CommandError NOT_FOUND. */
export const requireOrder = (state: AccountState, ctx: DecideContext, orderId: string): FoundOrder => {
  const found = findOrder(state, ctx, orderId);
  if (found === undefined) throw new CommandError('NOT_FOUND', `there is no order ${orderId}`, 'id');
  return found;
};

export const findByClientId = (
  state: AccountState,
  ctx: DecideContext,
  clientOrderId: string,
): Order | undefined => {
  const orderId = state.orderIdByClientId.get(clientOrderId);
  return orderId === undefined ? ctx.archive.orderByClientId(clientOrderId) : state.orders.get(orderId);
};
