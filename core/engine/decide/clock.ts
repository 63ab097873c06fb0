import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../../orders/order.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { bracketOf } from './bracket.ts';
import { flattenEvents } from './flatten.ts';
import { equityOf, markToMarket } from './loss-guard.ts';
import { pursue } from './market-moved.ts';
import { done } from './results.ts';

/** Orders at the venue expire there; these are the gateway's own. */
const isExpired = (order: Order, ctx: DecideContext): boolean => {
  switch (order.timeInForce) {
    case 'DAY':
      return ctx.now >= ctx.market.endOfDay(order.symbol, order.createdAt);
    case 'GTD':
      return order.expireAt !== null && ctx.now >= order.expireAt;
    default:
      return false;
  }
};

/** Each bracket is asked once, by the first of its members that is held. */
const heldEvents = (state: AccountState, ctx: DecideContext): readonly DomainEvent[] => {
  const events: DomainEvent[] = [];
  const asked = new Set<string>();
  for (const ids of state.heldOrderIds.values()) {
    for (const id of ids) {
      const order = state.orders.get(id);
      if (order === undefined) continue;
      if (isExpired(order, ctx)) {
        events.push({ type: 'EXPIRED', orderId: id });
        continue;
      }
      const key = bracketOf(state, order)?.entry.id ?? id;
      if (asked.has(key)) continue;
      asked.add(key);
      events.push(...pursue(state, order, ctx));
    }
  }
  return events;
};

/** A new trading day begins with its equity, and with it a halt by the day's loss is over. */
const dayEvents = (
  state: AccountState,
  equity: bigint | null,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  const day = ctx.market.tradingDay(ctx.now);
  if (equity === null || (state.day !== null && day <= state.day)) return [];
  const previous = state.dayOpenEquity === null ? null : formatDecimal(state.dayOpenEquity);
  const opened: DomainEvent = { type: 'DAY_OPENED', day, equity: formatDecimal(equity), previous };
  const isHalted = state.tradingState === 'HALTED' && state.tradingStateSource === 'DAILY_LOSS';
  if (!isHalted) return [opened];
  const reason = `trading day ${day} has begun`;
  return [opened, { type: 'TRADING_STATE_CHANGED', state: 'ACTIVE', source: 'DAILY_LOSS', reason }];
};

const isFlattening = (state: AccountState, ctx: DecideContext): boolean =>
  ctx.settings.flattenOnDailyLoss &&
  state.tradingState === 'HALTED' &&
  state.tradingStateSource === 'DAILY_LOSS';

/** Expiries, the day's roll, the account's value, and what could not be sent before. */
export const decideClockTicked = (state: AccountState, ctx: DecideContext): Decision => {
  const equity = equityOf(state, ctx);
  const day = dayEvents(state, equity, ctx);
  return done([
    ...heldEvents(state, ctx),
    ...(day.length > 0 ? day : markToMarket(state, equity, ctx)),
    ...(day.length === 0 && isFlattening(state, ctx) ? flattenEvents(state, ctx, false) : []),
  ]);
};
