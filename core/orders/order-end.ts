import type { DoneReason, Order } from './order.ts';
import { executedQuantity } from './status.ts';

/** How an order's life ends. */

/** Over, for whatever reason; an order that was over already only gets another reason. */
export const end = (order: Order, reason: DoneReason, at: number, why: string | null): void => {
  if (order.lifecycle !== 'DONE') order.doneAt = at;
  order.lifecycle = 'DONE';
  order.doneReason = reason;
  order.reason = why;
  // Should the venue show it again after all, it is the revision that worked.
  if (order.pendingReplace !== null) order.reservePrice = order.pendingReplace.previousReservePrice;
  order.pendingReplace = null;
  order.pendingCancel = false;
  order.heldAt = null;
};

/** The rule beside the table: executed in full is FILLED, whatever the order was. */
export const endIfExecuted = (order: Order, at: number): void => {
  if (order.quantity === null || order.quantity === 0n) return;
  if (executedQuantity(order) < order.quantity || order.doneReason === 'FILLED') return;
  end(order, 'FILLED', at, null);
  order.assumedDone = false;
};
