import { type Fixed, formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../../orders/order.ts';
import { hasLimit } from '../../orders/order-types.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext, MarketQuote } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { alignBracket } from './bracket.ts';
import { equityOf, markToMarket } from './loss-guard.ts';
import { done } from './results.ts';
import { sendTriggered } from './send-triggered.ts';
import { isReached, movedLevel, referencePrice } from './trigger.ts';

/** A limit that trails keeps its distance from the trigger. */
const movedLimit = (order: Order, level: Fixed): string | null => {
  if (!hasLimit(order.type) || order.limitPrice === null || order.triggerPrice === null) return null;
  const limit = order.limitPrice + (level - order.triggerPrice);
  return limit > 0n ? formatDecimal(limit) : null;
};

const watch = (order: Order, quote: MarketQuote): readonly DomainEvent[] => {
  const reference = referencePrice(order.side, quote);
  if (reference === null || order.quantity === 0n) return [];
  if (isReached(order, reference)) {
    return [{ type: 'TRIGGERED', orderId: order.id, price: formatDecimal(reference) }];
  }
  const level = movedLevel(order, reference);
  if (level === null) return [];
  return [
    {
      type: 'STOP_MOVED',
      orderId: order.id,
      triggerPrice: formatDecimal(level),
      limitPrice: movedLimit(order, level),
    },
  ];
};

/** Triggers wait for the regular session, as at an exchange; a halt of the symbol stops them too. */
const isTrading = (symbol: string, ctx: DecideContext): boolean =>
  ctx.market.session(symbol) === 'OPEN' && !ctx.market.isHalted(symbol);

/** What the gateway holds back of an order that is due: a leg or a triggered order that could not go out yet. */
export const pursue = (state: AccountState, order: Order, ctx: DecideContext): readonly DomainEvent[] => {
  if (order.parentId !== null) return alignBracket(state, order, ctx, null);
  return order.lifecycle === 'TRIGGERED' ? sendTriggered(state, order, ctx) : [];
};

const ordersOf = (state: AccountState, symbol: string): readonly Order[] =>
  Array.from(state.heldOrderIds.get(symbol) ?? [], (id) => state.orders.get(id)).filter(
    (order) => order !== undefined,
  );

const watchSymbol = (state: AccountState, symbol: string, ctx: DecideContext): readonly DomainEvent[] => {
  if (!state.heldOrderIds.has(symbol) || !isTrading(symbol, ctx)) return [];
  const quote = ctx.market.quote(symbol);
  if (quote === undefined) return [];
  return ordersOf(state, symbol).flatMap((order) => {
    if (order.lifecycle === 'HELD') return order.heldFor === 'EMULATED_TRIGGER' ? watch(order, quote) : [];
    return order.parentId === null ? pursue(state, order, ctx) : [];
  });
};

/** Triggers that the gateway watches, and the account's value, by the latest quotes. */
export const decideMarketMoved = (
  state: AccountState,
  symbols: readonly string[],
  ctx: DecideContext,
): Decision => {
  const triggers = symbols.flatMap((symbol) => watchSymbol(state, symbol, ctx));
  return done([...triggers, ...markToMarket(state, equityOf(state, ctx), ctx)]);
};
