import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { applyToOrder } from '../../orders/apply-to-order.ts';
import type { Order, OrderFill } from '../../orders/order.ts';
import type { OrderEvent } from '../../orders/order-event.ts';
import { isOpen } from '../../orders/status.ts';
import type { DomainEvent, JournaledEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import { bookStrategyBust, bookStrategyFill } from './apply-strategy-event.ts';
import { settleHeld, settleShare, shareOf } from './exposure.ts';
import { bookBust, bookFee, bookFill } from './money.ts';
import { settleRetention } from './retention.ts';

export type OrderOrFeeEvent = OrderEvent | Extract<DomainEvent, { type: 'FEE_CHARGED' }>;

/** The rate rule looks no further back than this many submissions. */
export const SUBMISSIONS_KEPT = 1_000;

const noteSubmission = (state: AccountState, recordedAt: number): void => {
  const limit = state.limits.maxOrdersPerSecond;
  if (limit === null) return;
  state.recentSubmissions.push(recordedAt);
  const excess = state.recentSubmissions.length - Math.min(limit, SUBMISSIONS_KEPT);
  if (excess > 0) state.recentSubmissions.splice(0, excess);
};

const enterMemory = (state: AccountState, order: Order): void => {
  state.orders.set(order.id, order);
  state.orderIdByClientId.set(order.clientOrderId, order.id);
};

const bookMoney = (
  state: AccountState,
  order: Order,
  event: OrderOrFeeEvent,
  before: OrderFill | undefined,
): void => {
  switch (event.type) {
    case 'FILLED':
      bookFill(state, order, event.executionId);
      bookStrategyFill(state, order, event.executionId);
      return;
    case 'FILL_BUSTED':
      bookBust(state, order, before, event);
      bookStrategyBust(state, order, before);
      return;
    case 'FEE_CHARGED':
      bookFee(state, order, before, event.currency, parseDecimal(event.amount));
      return;
    default:
  }
};

const concernsFill = (
  event: OrderOrFeeEvent,
): event is Extract<OrderOrFeeEvent, { type: 'FILLED' | 'FILL_BUSTED' | 'FEE_CHARGED' }> =>
  event.type === 'FILLED' || event.type === 'FILL_BUSTED' || event.type === 'FEE_CHARGED';

/** The order's own fold, and everything in the account that follows from it. */
export const applyOrderEvent = (
  state: AccountState,
  envelope: JournaledEvent,
  event: OrderOrFeeEvent,
): void => {
  const known = state.orders.get(event.orderId);
  const share = shareOf(known);
  const fill = concernsFill(event) ? known?.fills.get(event.executionId) : undefined;
  const fillBefore = fill === undefined || event.type === 'FILLED' ? undefined : { ...fill };

  const order = applyToOrder(known, envelope);
  if (known === undefined) {
    enterMemory(state, order);
    if (event.type === 'RECALLED') state.evictedOrders -= 1;
  }
  if (concernsFill(event)) bookMoney(state, order, event, fillBefore);
  if (event.type === 'SUBMITTED' || event.type === 'REPLACE_REQUESTED') {
    noteSubmission(state, envelope.recordedAt);
  }

  if (isOpen(order)) state.openOrderIds.add(order.id);
  else state.openOrderIds.delete(order.id);
  settleShare(state, order, share);
  settleHeld(state, order);
  settleRetention(state, order, envelope.recordedAt);
};
