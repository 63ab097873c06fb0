import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../../orders/order.ts';
import { isAtGateway, isOpen } from '../../orders/status.ts';
import { emptyExposure, exposureOf, type OrderExposure } from '../../risk/reservation.ts';
import { insertSorted, removeSorted } from '../../risk/sorted-prices.ts';
import type { AccountState, Exposure } from '../account-state.ts';

/**
 * The sums over open orders, kept by taking an order's share out before it changes and putting the new
 * one in afterwards, so that they always equal what a walk over all open orders gives.
 */

const exposureFor = (state: AccountState, order: Order): Exposure => {
  const present = state.exposure.get(order.symbol);
  if (present !== undefined) return present;
  const created = emptyExposure(order.currency);
  state.exposure.set(order.symbol, created);
  return created;
};

const add = (exposure: Exposure, order: Order, share: OrderExposure, sign: 1n | -1n): void => {
  if (order.side === 'BUY') {
    exposure.buyQuantity += sign * share.quantity;
    exposure.buyNotional += sign * share.notional;
    exposure.reduceOnlyBuyQuantity += sign * share.reduceOnlyQuantity;
  } else {
    exposure.sellQuantity += sign * share.quantity;
    exposure.sellNotional += sign * share.notional;
    exposure.reduceOnlySellQuantity += sign * share.reduceOnlyQuantity;
  }
};

const moveRestingPrice = (exposure: Exposure, order: Order, from: Fixed | null, to: Fixed | null): void => {
  if (from === to) return;
  const prices = order.side === 'BUY' ? exposure.buyRestingPrices : exposure.sellRestingPrices;
  if (from !== null) removeSorted(prices, from);
  if (to !== null) insertSorted(prices, to);
};

const orderIds = (exposure: Exposure, order: Order): Set<string> =>
  order.side === 'BUY' ? exposure.buyOrderIds : exposure.sellOrderIds;

/** What an order counts for at the moment: taken before it changes, handed to {@link settleShare} afterwards. */
export const shareOf = (order: Order | undefined): OrderExposure | null =>
  order === undefined || !isOpen(order) ? null : exposureOf(order);

const sameShare = (a: OrderExposure, b: OrderExposure): boolean =>
  a.quantity === b.quantity &&
  a.notional === b.notional &&
  a.reduceOnlyQuantity === b.reduceOnlyQuantity &&
  a.restingPrice === b.restingPrice;

/** Replaces the share that an order had by the one that it has now; null is none. */
export const settleShare = (state: AccountState, order: Order, before: OrderExposure | null): void => {
  const after = shareOf(order);
  if (before === null && after === null) return;
  if (before !== null && after !== null && sameShare(before, after)) return;
  const exposure = exposureFor(state, order);
  if (before !== null) add(exposure, order, before, -1n);
  moveRestingPrice(exposure, order, before?.restingPrice ?? null, after?.restingPrice ?? null);
  if (after === null) {
    orderIds(exposure, order).delete(order.id);
    if (exposure.buyOrderIds.size === 0 && exposure.sellOrderIds.size === 0) {
      state.exposure.delete(order.symbol);
    }
    return;
  }
  add(exposure, order, after, 1n);
  orderIds(exposure, order).add(order.id);
};

/** Orders that the gateway itself has to watch, send or expire, by symbol. */
export const settleHeld = (state: AccountState, order: Order): void => {
  const ids = state.heldOrderIds.get(order.symbol);
  const held = isAtGateway(order) && order.lifecycle !== 'INITIALIZED';
  if (held) {
    if (ids === undefined) state.heldOrderIds.set(order.symbol, new Set([order.id]));
    else ids.add(order.id);
    return;
  }
  if (ids?.delete(order.id) === true && ids.size === 0) state.heldOrderIds.delete(order.symbol);
};
