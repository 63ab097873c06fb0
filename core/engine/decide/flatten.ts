import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import { alert } from './alert.ts';
import { closingOrder, closingTerms } from './close-position.ts';
import { GATEWAY_CLIENT_ID_PREFIX } from './order-shape.ts';
import { placeNewOrder } from './place-order.ts';

/** Whether a reduce-only order for the position is under way already. */
const isClosing = (state: AccountState, symbol: string, quantity: bigint): boolean => {
  const exposure = state.exposure.get(symbol);
  if (exposure === undefined) return false;
  return (quantity > 0n ? exposure.reduceOnlySellQuantity : exposure.reduceOnlyBuyQuantity) > 0n;
};

/**
 * Reduce-only market orders of the gateway's own for all positions that none is under way for. What
 * cannot be placed now (a closed market, a broker that is away) is tried again with the next tick; only
 * the first time it alarms.
 */
export const flattenEvents = (
  state: AccountState,
  ctx: DecideContext,
  isFirst: boolean,
): readonly DomainEvent[] => {
  const events: DomainEvent[] = [];
  for (const position of state.positions.values()) {
    const { symbol, quantity } = position;
    if (quantity === 0n || isClosing(state, symbol, quantity)) continue;
    const orderId = ctx.newOrderId();
    const ids = { orderId, clientOrderId: `${GATEWAY_CLIENT_ID_PREFIX}${orderId}`, requestHash: '' };
    const terms = closingTerms(position, null, ctx.broker.capabilities);
    const decision = placeNewOrder(state, closingOrder(terms, ids, 'GATEWAY'), ctx);
    if (decision.result.kind === 'orderPlaced') events.push(...decision.events);
    else if (isFirst && decision.result.kind === 'denied') {
      const text = `the position in ${symbol} could not be closed yet: ${decision.result.denial.message}`;
      events.push(alert('DAILY_LOSS', 'CRITICAL', text, null, { symbol, code: decision.result.denial.code }));
    }
  }
  return events;
};
