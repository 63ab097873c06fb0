import assert from 'node:assert/strict';

import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { JournaledEvent } from '../../core/engine/account-event.ts';
import type { AccountState } from '../../core/engine/account-state.ts';
import { settleShare } from '../../core/engine/apply/exposure.ts';
import { createAccountState } from '../../core/engine/initial-state.ts';
import { applyToOrder, isOrderEvent } from '../../core/orders/apply-to-order.ts';
import type { Order } from '../../core/orders/order.ts';
import { orderToRecord } from '../../core/orders/order-record-codec.ts';
import { isAtGateway, isOpen, leavesQuantity } from '../../core/orders/status.ts';
import { fillNotional } from '../../core/portfolio/apply-fill.ts';

const sum = (amounts: Iterable<Fixed>): Fixed => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
};

const checkOrder = (order: Order): void => {
  const standing = [...order.fills.values()].filter(({ busted }) => !busted);
  const taken = [...order.fills.values()].filter(({ busted }) => busted);
  assert.equal(order.filledQuantity, sum(standing.map(({ quantity }) => quantity)));
  assert.equal(order.bustedQuantity, sum(taken.map(({ quantity }) => quantity)));
  const executed = order.filledQuantity + order.bustedQuantity;
  if (order.quantity !== null && !order.overfilled && order.sent) {
    if (isOpen(order)) assert.equal(executed + (leavesQuantity(order) ?? 0n), order.quantity);
    // A venue may also call FILLED what its own word has made shorter.
    else assert.equal(executed <= order.quantity, true);
  }
  if (!isOpen(order)) {
    assert.equal(order.pendingCancel, false);
    assert.equal(order.pendingReplace, null);
  }
};

const signedFills = (
  state: AccountState,
): { readonly cash: Fixed; readonly quantity: Map<string, Fixed> } => {
  let cash = 0n;
  const quantity = new Map<string, Fixed>();
  for (const order of state.orders.values()) {
    const sign = order.side === 'BUY' ? 1n : -1n;
    for (const fill of order.fills.values()) {
      if (fill.busted) continue;
      cash -= sign * fillNotional(fill.price, fill.quantity, order.multiplier);
      quantity.set(order.symbol, (quantity.get(order.symbol) ?? 0n) + sign * fill.quantity);
    }
  }
  return { cash, quantity };
};

const recomputedExposure = (state: AccountState): AccountState['exposure'] => {
  const fresh = createAccountState(state.accountId);
  for (const orderId of state.openOrderIds) {
    const order = state.orders.get(orderId);
    if (order !== undefined) settleShare(fresh, order, null);
  }
  return fresh.exposure;
};

/** What has to hold of money in one currency, and of every order, at every moment. */
export const checkInvariants = (state: AccountState): void => {
  for (const order of state.orders.values()) checkOrder(order);
  const open = [...state.orders.values()].filter(isOpen).map(({ id }) => id);
  assert.deepEqual([...state.openOrderIds].sort(), open.sort());
  const held = open.filter((id) => {
    const order = state.orders.get(id);
    return order !== undefined && isAtGateway(order);
  });
  assert.deepEqual([...state.heldOrderIds.values()].flatMap((ids) => [...ids]).sort(), held);
  const recomputed = recomputedExposure(state);
  assert.deepEqual([...state.exposure.keys()].sort(), [...recomputed.keys()].sort());
  for (const [symbol, exposure] of state.exposure) {
    const { buyOrderIds, sellOrderIds, ...sums } = exposure;
    const { buyOrderIds: buys, sellOrderIds: sells, ...expected } = recomputed.get(symbol) ?? exposure;
    assert.deepEqual(sums, expected);
    assert.deepEqual([...buyOrderIds].sort(), [...buys].sort());
    assert.deepEqual([...sellOrderIds].sort(), [...sells].sort());
  }
  const cash = state.cash.get('USD') ?? 0n;
  const fees = state.fees.get('USD') ?? 0n;
  const transfers = state.transfers.get('USD') ?? 0n;
  const positions = [...state.positions.values()];
  // Equity by its parts is cash and positions at any mark: transfers + realised - cost - fees = cash.
  const realized = sum(positions.map(({ realizedPnl }) => realizedPnl));
  assert.equal(transfers + realized - sum(positions.map(({ cost }) => cost)) - fees, cash);
  for (const { quantity, cost } of positions) if (quantity === 0n) assert.equal(cost, 0n);
};

/** Cash and positions are those of the fills: as long as none has left memory and none was adopted. */
export const checkFillLedger = (state: AccountState): void => {
  const { cash, quantity } = signedFills(state);
  const transfers = state.transfers.get('USD') ?? 0n;
  assert.equal(state.cash.get('USD') ?? 0n, transfers + cash - (state.fees.get('USD') ?? 0n));
  for (const [symbol, position] of state.positions) {
    assert.equal(position.quantity, quantity.get(symbol) ?? 0n);
  }
};

/** Each order, folded from nothing but its own events, is the order in the state. */
export const checkOwnFolds = (state: AccountState, journal: readonly JournaledEvent[]): void => {
  const folded = new Map<string, Order>();
  for (const envelope of journal) {
    const { event } = envelope;
    if (isOrderEvent(event)) folded.set(event.orderId, applyToOrder(folded.get(event.orderId), envelope));
  }
  for (const order of state.orders.values()) {
    const own = folded.get(order.id);
    assert.deepEqual(
      own === undefined ? null : orderToRecord(own, { fills: true }),
      orderToRecord(order, { fills: true }),
    );
  }
};
