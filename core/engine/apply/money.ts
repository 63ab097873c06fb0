import type { OrderSide } from '@omniquant/plugin-sdk';
import { type Fixed, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Order, OrderFill } from '../../orders/order.ts';
import type { OrderEvent } from '../../orders/order-event.ts';
import { applyFill, emptyPosition, fillNotional } from '../../portfolio/apply-fill.ts';
import type { Position } from '../../portfolio/position.ts';
import type { AccountState } from '../account-state.ts';

/**
 * Cash, fees and positions. Exactly, by currency:
 *   cash = transfers - sum of signed notionals of standing fills - fees
 *   cash = transfers + realised PnL - cost of positions - fees
 */

export const addTo = (amounts: Map<string, Fixed>, key: string, amount: Fixed): void => {
  amounts.set(key, (amounts.get(key) ?? 0n) + amount);
};

const signedNotional = (order: Order, side: OrderSide, price: Fixed, quantity: Fixed): Fixed => {
  const notional = fillNotional(price, quantity, order.multiplier);
  return side === 'BUY' ? notional : -notional;
};

export const positionFor = (
  state: AccountState,
  symbol: string,
  instrument: Pick<Position, 'currency' | 'multiplier'>,
): Position => {
  const present = state.positions.get(symbol);
  if (present !== undefined) return present;
  const created = emptyPosition(symbol, instrument.currency, instrument.multiplier);
  state.positions.set(symbol, created);
  return created;
};

const payFee = (state: AccountState, currency: string, amount: Fixed): void => {
  if (amount === 0n) return;
  addTo(state.cash, currency, -amount);
  addTo(state.fees, currency, amount);
};

const feeCurrencyOf = (fill: Pick<OrderFill, 'feeCurrency'>, order: Order): string =>
  fill.feeCurrency ?? order.currency;

/** A fill that stands: cash, position, fee. One that was taken back before it came moves nothing. */
export const bookFill = (state: AccountState, order: Order, executionId: string): void => {
  const fill = order.fills.get(executionId);
  if (fill === undefined || fill.busted) return;
  addTo(state.cash, order.currency, -signedNotional(order, order.side, fill.price, fill.quantity));
  applyFill(positionFor(state, order.symbol, order), order.side, fill.quantity, fill.price);
  if (fill.fee !== null) payFee(state, feeCurrencyOf(fill, order), fill.fee);
};

/** `fill` as it was before the bust: a trade that did not happen cost nothing, its fee comes back too. */
export const bookBust = (
  state: AccountState,
  order: Order,
  fill: OrderFill | undefined,
  event: Extract<OrderEvent, { type: 'FILL_BUSTED' }>,
): void => {
  if (fill === undefined || fill.busted || fill.quantity === 0n) return;
  addTo(state.cash, order.currency, signedNotional(order, order.side, fill.price, fill.quantity));
  if (fill.fee !== null) payFee(state, feeCurrencyOf(fill, order), -fill.fee);
  const position = positionFor(state, order.symbol, order);
  position.quantity = parseDecimal(event.position.quantity);
  position.cost = parseDecimal(event.position.cost);
  position.realizedPnl = parseDecimal(event.position.realizedPnl);
};

/** The fee that a fill turned out to cost, in place of the one booked so far. */
export const bookFee = (
  state: AccountState,
  order: Order,
  fill: OrderFill | undefined,
  currency: string,
  amount: Fixed,
): void => {
  if (fill === undefined || fill.busted || fill.quantity === 0n) return;
  if (fill.fee !== null) payFee(state, feeCurrencyOf(fill, order), -fill.fee);
  payFee(state, currency, amount);
};
