import { type Fixed, formatDecimal, min } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../../orders/order.ts';
import { executedQuantity } from '../../orders/status.ts';
import { venueOrderId } from '../../orders/venue-order-id.ts';
import { closableQuantity } from '../../risk/reservation.ts';
import type { DomainEvent, TradingState } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import { alert } from './alert.ts';

/**
 * An order whose trigger the gateway watched goes out. Its risk was checked and is reserved since it was
 * placed; what may have changed is asked again: the trading state, and for reduce-only orders what there
 * is to reduce. While the broker is not ready it stays triggered and goes out with the next tick.
 */

const SEVERITY: Readonly<Record<TradingState, number>> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 };

/** The stricter one of the account's and the gateway's trading state. */
export const effectiveTradingState = (state: AccountState, ctx: DecideContext): TradingState =>
  SEVERITY[ctx.gatewayTradingState] > SEVERITY[state.tradingState]
    ? ctx.gatewayTradingState
    : state.tradingState;

const refuse = (order: Order, reason: string): readonly DomainEvent[] => [
  { type: 'CANCELED', orderId: order.id, reason },
  alert('TRIGGER_REFUSED', 'WARNING', `a triggered order was not sent: ${reason}`, order.id, {
    symbol: order.symbol,
  }),
];

export const submitted = (order: Order, ctx: DecideContext): DomainEvent => ({
  type: 'SUBMITTED',
  orderId: order.id,
  venueOrderId: venueOrderId(ctx.settings.venueIdPrefix, order.id, order.revision),
  revision: order.revision,
});

/** `wanted` is what a bracket's stop still has to close; the order's own quantity for others. */
export const sendTriggered = (
  state: AccountState,
  order: Order,
  ctx: DecideContext,
  wanted: Fixed = (order.quantity ?? 0n) - executedQuantity(order),
): readonly DomainEvent[] => {
  const closable = closableQuantity(order.side, state.positions.get(order.symbol)?.quantity ?? 0n);
  const trading = effectiveTradingState(state, ctx);
  const reduces = order.reduceOnly || wanted <= closable;
  if (trading !== 'ACTIVE' && !reduces) return refuse(order, `trading is ${trading}`);
  if (order.reduceOnly && closable === 0n) return refuse(order, 'there is no position to reduce');
  if (!ctx.broker.ready) return [];
  const quantity = order.reduceOnly ? min(wanted, closable) : wanted;
  if (quantity === order.quantity) return [submitted(order, ctx)];
  return [{ type: 'RESIZED', orderId: order.id, quantity: formatDecimal(quantity) }, submitted(order, ctx)];
};
