import type { Order } from '../../orders/order.ts';
import { isOpen } from '../../orders/status.ts';
import { isRunning } from '../../strategies/strategy-state.ts';
import type { AccountState } from '../account-state.ts';
import { forgetRef } from './apply-strategy-event.ts';

/**
 * Done orders leave memory by a rule on journaled time alone, so that a replay forgets at the very same
 * events: the oldest go when nothing has happened to them for more than 60 s (wall time) before the event
 * at hand, or when more than 500 are kept. What happens to a done order keeps it anew: the next event of
 * the same decision, and what follows from it, still find it. The members of a bracket go together, after
 * the last of them is done. An order of which its running strategy may still have to be told stays until the
 * strategy's position has passed it.
 */
export const DONE_KEPT_MS = 60_000;
export const DONE_KEPT_ORDERS = 500;

const bracketOf = (state: AccountState, order: Order): readonly Order[] => {
  const entry = order.parentId === null ? order : state.orders.get(order.parentId);
  if (entry === undefined) return [order];
  return [entry, ...entry.legIds.map((id) => state.orders.get(id)).filter((leg) => leg !== undefined)];
};

/** To the end of the list, which is by age. */
const keep = (state: AccountState, orderId: string, recordedAt: number): void => {
  state.doneOrders.delete(orderId);
  state.doneOrders.set(orderId, recordedAt);
};

/** Notes that something happened to an order: it is over, or open again. */
export const settleRetention = (state: AccountState, order: Order, recordedAt: number): void => {
  if (isOpen(order)) {
    if (order.parentId === null && order.legIds.length === 0) state.doneOrders.delete(order.id);
    else for (const member of bracketOf(state, order)) state.doneOrders.delete(member.id);
    return;
  }
  if (order.parentId === null && order.legIds.length === 0) {
    keep(state, order.id, recordedAt);
    return;
  }
  const members = bracketOf(state, order);
  if (members.some(isOpen)) return;
  for (const member of members) keep(state, member.id, recordedAt);
};

const forget = (state: AccountState, orderId: string): void => {
  const order = state.orders.get(orderId);
  state.doneOrders.delete(orderId);
  if (order === undefined) return;
  state.orders.delete(orderId);
  state.orderIdByClientId.delete(order.clientOrderId);
  state.evictedOrders += 1;
  forgetRef(state, order);
};

const isOwed = (state: AccountState, { lastSeq, strategyId }: Order): boolean => {
  const strategy = strategyId === null ? undefined : state.strategies.get(strategyId);
  return strategy !== undefined && isRunning(strategy) && lastSeq > strategy.position.seq;
};

/** Lets go of the done orders whose time is over at an event's wall time. */
export const evictDoneOrders = (state: AccountState, recordedAt: number): void => {
  for (const [orderId, endedAt] of state.doneOrders) {
    if (state.doneOrders.size <= DONE_KEPT_ORDERS && recordedAt - endedAt <= DONE_KEPT_MS) return;
    const order = state.orders.get(orderId);
    const isKept = order !== undefined && bracketOf(state, order).some((member) => isOwed(state, member));
    if (!isKept) forget(state, orderId);
  }
};
