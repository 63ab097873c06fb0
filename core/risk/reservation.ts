import type { OrderSide } from '@omniquant/plugin-sdk';
import { type Fixed, max, min, mulDiv } from '@omniquant/plugin-sdk/decimal';

import type { AccountState, Exposure } from '../engine/account-state.ts';
import type { Order } from '../orders/order.ts';
import { executedQuantity } from '../orders/status.ts';
import { fillNotional } from '../portfolio/apply-fill.ts';

/**
 * What open orders reserve. An order with a reserve price reserves what is left of it at that price.
 * Of a symbol's orders only those parts count that could open or enlarge a position: buys first close
 * a short and sells a long. What reduce-only orders may close is not there for the others: they trade
 * before them, maybe. As buys and sells of a symbol cannot both enlarge the position, the larger side is
 * what the symbol reserves:
 *
 *   closable(side) = units of the position that the side could close - units of its reduce-only orders, >= 0
 *   opening(side) = side notional x (side units - closable(side)) / side units, rounded up
 *   reserved(symbol) = max(opening(buy), opening(sell))
 *
 * Gross exposure after any sequence of fills at the reserve prices is then at most the gross exposure
 * now plus all that is reserved: a burst of orders cannot pass a limit together.
 */

/** The share of one order in the sums of {@link Exposure}. */
export interface OrderExposure {
  readonly quantity: Fixed;
  readonly notional: Fixed;
  readonly reduceOnlyQuantity: Fixed;
  /** Where it rests in the book, or may when a pending replace is through; null when it does not. */
  readonly restingPrice: Fixed | null;
}

export const NO_EXPOSURE: OrderExposure = {
  quantity: 0n,
  notional: 0n,
  reduceOnlyQuantity: 0n,
  restingPrice: null,
};

/** Units that an order may still trade; while a replace is pending, by the larger of both revisions. */
const openQuantity = (order: Order): Fixed => {
  const asked = order.quantity ?? order.estimatedQuantity ?? 0n;
  const wanted = order.pendingReplace?.quantity ?? 0n;
  return max(max(asked, wanted) - executedQuantity(order), 0n);
};

const isLeg = (order: Order): boolean => order.role === 'TAKE_PROFIT' || order.role === 'STOP_LOSS';

/** The limit of an order that is in the book or on its way there; of two revisions the one that trades sooner. */
export const restingPrice = (order: Order): Fixed | null => {
  if (order.limitPrice === null || order.lifecycle === 'HELD') return null;
  if (order.type !== 'LIMIT' && order.lifecycle !== 'TRIGGERED') return null;
  const next = order.pendingReplace?.limitPrice ?? order.limitPrice;
  return order.side === 'SELL' ? min(order.limitPrice, next) : max(order.limitPrice, next);
};

/**
 * What an order adds to its symbol's exposure; nothing once it is done. While a replace is pending
 * `reservePrice` is the higher price of both revisions.
 */
export const exposureOf = (order: Order): OrderExposure => {
  if (order.lifecycle === 'DONE' || order.lifecycle === 'DENIED') return NO_EXPOSURE;
  const quantity = openQuantity(order);
  const resting = restingPrice(order);
  if (order.reservePrice !== null) {
    const notional = fillNotional(order.reservePrice, quantity, order.multiplier);
    return { quantity, notional, reduceOnlyQuantity: 0n, restingPrice: resting };
  }
  const reduceOnlyQuantity = order.reduceOnly && !isLeg(order) ? quantity : 0n;
  return { quantity: 0n, notional: 0n, reduceOnlyQuantity, restingPrice: resting };
};

export const emptyExposure = (currency: string): Exposure => ({
  currency,
  buyQuantity: 0n,
  sellQuantity: 0n,
  buyNotional: 0n,
  sellNotional: 0n,
  reduceOnlyBuyQuantity: 0n,
  reduceOnlySellQuantity: 0n,
  buyOrderIds: new Set(),
  sellOrderIds: new Set(),
  buyRestingPrices: [],
  sellRestingPrices: [],
});

/** Units of a position (signed) that an order of this side could close. */
export const closableQuantity = (side: OrderSide, position: Fixed): Fixed =>
  side === 'BUY' ? max(-position, 0n) : max(position, 0n);

/** The part of a side's notional that could open or enlarge a position, rounded up. */
export const openingNotional = (quantity: Fixed, notional: Fixed, closable: Fixed): Fixed => {
  if (closable <= 0n || quantity === 0n) return notional;
  const opening = max(quantity - closable, 0n);
  const part = mulDiv(notional, opening, quantity);
  return part * quantity < notional * opening ? part + 1n : part;
};

/** The sums of one side, as the reservation of a symbol is worked out from. */
export type SideExposure = Pick<OrderExposure, 'quantity' | 'notional' | 'reduceOnlyQuantity'>;

export const sideOf = (exposure: Exposure | undefined, side: OrderSide): SideExposure => {
  if (exposure === undefined) return NO_EXPOSURE;
  const { buyQuantity, buyNotional, sellQuantity, sellNotional } = exposure;
  return side === 'BUY'
    ? { quantity: buyQuantity, notional: buyNotional, reduceOnlyQuantity: exposure.reduceOnlyBuyQuantity }
    : { quantity: sellQuantity, notional: sellNotional, reduceOnlyQuantity: exposure.reduceOnlySellQuantity };
};

/** Units of a position (signed) that orders of a side could close which are not reduce-only. */
export const closableBeside = (side: OrderSide, reduceOnlyQuantity: Fixed, position: Fixed): Fixed =>
  max(closableQuantity(side, position) - reduceOnlyQuantity, 0n);

/** What a side's orders may open beside a position (signed units), in the instrument's currency. */
export const openingOf = (
  side: OrderSide,
  { quantity, notional, reduceOnlyQuantity }: SideExposure,
  position: Fixed,
): Fixed => openingNotional(quantity, notional, closableBeside(side, reduceOnlyQuantity, position));

/** What the orders of a symbol reserve beside a position (signed units), in the instrument's currency. */
export const reservedOf = (buy: SideExposure, sell: SideExposure, position: Fixed): Fixed =>
  max(openingOf('BUY', buy, position), openingOf('SELL', sell, position));

const reservedOfSymbol = (state: AccountState, symbol: string, exposure: Exposure): Fixed =>
  reservedOf(sideOf(exposure, 'BUY'), sideOf(exposure, 'SELL'), state.positions.get(symbol)?.quantity ?? 0n);

/** What all open orders reserve, by currency; currencies without reservations are left out. */
export const reservedByCurrency = (state: AccountState): ReadonlyMap<string, Fixed> => {
  const reserved = new Map<string, Fixed>();
  for (const [symbol, exposure] of state.exposure) {
    if (exposure.buyQuantity === 0n && exposure.sellQuantity === 0n) continue;
    const amount = reservedOfSymbol(state, symbol, exposure);
    if (amount === 0n) continue;
    reserved.set(exposure.currency, (reserved.get(exposure.currency) ?? 0n) + amount);
  }
  return reserved;
};
