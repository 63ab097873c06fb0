import { type Fixed, formatDecimal, max } from '@omniquant/plugin-sdk/decimal';

import type { Order, OrderRole } from '../../orders/order.ts';
import { executedQuantity, isAtGateway, isOpen } from '../../orders/status.ts';
import { orderTerms } from '../../orders/venue-terms.ts';
import { closableQuantity } from '../../risk/reservation.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import { alert } from './alert.ts';
import { cancelEvents } from './cancel-orders.ts';
import { replaceEvents } from './replace-order.ts';
import { sendTriggered, submitted } from './send-triggered.ts';

/**
 * A bracket: an entry, and a take profit, a stop loss or both, which end what the entry has opened.
 *
 * - Legs are held until the entry fills, and follow what it has filled less what the other leg has.
 * - The take profit then works at the venue, reduce-only; the gateway watches the stop.
 * - When the stop triggers, the take profit and what is left of the entry are cancelled and their ends
 *   awaited: only then is it known what remains, and that is sent, reduce-only. A cancel in doubt alarms
 *   and sends nothing.
 * - When the take profit has filled while the entry still works, what is left of the entry is cancelled:
 *   the target was reached, and further units would have no exit but the stop.
 * - A leg that ends by itself (cancelled by its owner, refused) leaves the other as the only exit.
 * - An entry that ends unfilled takes its legs with it; one that ends part-filled leaves them.
 * - When the entry is done and the account's position is flat, other orders have closed what it opened: nothing is
 *   left for the legs, and they go, lest they close what somebody else opens later.
 * - Both legs together never close more than the entry opened, but for a fill that crosses a cancel: that
 *   raises BRACKET_BOTH_FILLED.
 *
 * `alignBracket` compares the bracket with this and answers what is to be done next. It is asked after
 * every event of a member and at every tick, and answers nothing when all is as it should be.
 */

interface Bracket {
  readonly entry: Order;
  readonly takeProfit: Order | undefined;
  readonly stopLoss: Order | undefined;
  /** Units opened and not closed by a leg or by others yet; below zero when the legs closed too much. */
  readonly remaining: Fixed;
}

const legOf = (state: AccountState, entry: Order, role: OrderRole): Order | undefined => {
  for (const id of entry.legIds) {
    const leg = state.orders.get(id);
    if (leg?.role === role) return leg;
  }
  return undefined;
};

/** The bracket that an order is a member of. */
export const bracketOf = (state: AccountState, order: Order): Bracket | null => {
  const entry = order.role === 'ENTRY' ? order : state.orders.get(order.parentId ?? '');
  if (entry?.role !== 'ENTRY') return null;
  const takeProfit = legOf(state, entry, 'TAKE_PROFIT');
  const stopLoss = legOf(state, entry, 'STOP_LOSS');
  const closed = (takeProfit?.filledQuantity ?? 0n) + (stopLoss?.filledQuantity ?? 0n);
  const remaining = entry.filledQuantity - closed;
  const isClosedByOthers = remaining > 0n && !isOpen(entry) && exitable(state, entry) === 0n;
  return { entry, takeProfit, stopLoss, remaining: isClosedByOthers ? 0n : remaining };
};

/** What of the account's position orders against the entry could close. */
const exitable = (state: AccountState, { side, symbol }: Order): Fixed =>
  closableQuantity(side === 'BUY' ? 'SELL' : 'BUY', state.positions.get(symbol)?.quantity ?? 0n);

/** What a leg's total quantity should be: what it has executed and all that remains. */
const targetOf = (leg: Order, remaining: Fixed): Fixed => executedQuantity(leg) + max(remaining, 0n);

const isOver = (order: Order | undefined): boolean => order === undefined || !isOpen(order);

/** A held leg that has nothing to end and never will. */
const endUnneeded = (bracket: Bracket, leg: Order): readonly DomainEvent[] => {
  const { entry, remaining } = bracket;
  if (isOpen(entry) || remaining > 0n) return [];
  const reason = entry.filledQuantity === 0n ? 'the entry ended without a fill' : 'nothing is left to close';
  return [{ type: 'CANCELED', orderId: leg.id, reason }];
};

const alignHeldStop = (bracket: Bracket, stop: Order): readonly DomainEvent[] => {
  const { takeProfit, remaining } = bracket;
  // What the take profit may still close is its until it is over.
  const ended = isOver(takeProfit) || takeProfit?.sent === false ? endUnneeded(bracket, stop) : [];
  if (ended.length > 0) return ended;
  const quantity = formatDecimal(targetOf(stop, remaining));
  if (stop.heldFor === 'WAITING_FOR_ENTRY') {
    return remaining > 0n ? [{ type: 'RELEASED', orderId: stop.id, quantity }] : [];
  }
  return stop.quantity === targetOf(stop, remaining) ? [] : [{ type: 'RESIZED', orderId: stop.id, quantity }];
};

/** A stop that has triggered waits until nothing else of its bracket can trade, then closes what remains. */
const alignTriggeredStop = (
  state: AccountState,
  bracket: Bracket,
  stop: Order,
  ctx: DecideContext,
  refusedCancel: string | null,
): readonly DomainEvent[] => {
  const others = [bracket.takeProfit, bracket.entry].filter((order) => order !== undefined && isOpen(order));
  if (others.length === 0) {
    return bracket.remaining > 0n
      ? sendTriggered(state, stop, ctx, bracket.remaining)
      : endUnneeded(bracket, stop);
  }
  return others.flatMap((order) =>
    // A refused cancel is asked for again with the next tick, not at once.
    order === undefined || order.id === refusedCancel
      ? []
      : cancelEvents(order, 'the stop loss has triggered'),
  );
};

/** A stop that is at the venue closes no more than what remains, should a late fill have closed some. */
const alignSentStop = (bracket: Bracket, stop: Order): readonly DomainEvent[] => {
  if (bracket.remaining > 0n || stop.pendingCancel) return [];
  return cancelEvents(stop, 'nothing is left to close');
};

const alignStop = (
  state: AccountState,
  bracket: Bracket,
  ctx: DecideContext,
  refusedCancel: string | null,
): readonly DomainEvent[] => {
  const { stopLoss } = bracket;
  if (stopLoss === undefined || !isOpen(stopLoss)) return [];
  if (stopLoss.sent) return alignSentStop(bracket, stopLoss);
  if (stopLoss.lifecycle === 'HELD') return alignHeldStop(bracket, stopLoss);
  return alignTriggeredStop(state, bracket, stopLoss, ctx, refusedCancel);
};

/** Released when it can follow the entry's further fills: by a replace, or because there will be none. */
const alignHeldProfit = (bracket: Bracket, profit: Order, ctx: DecideContext): readonly DomainEvent[] => {
  const { entry, remaining } = bracket;
  if (remaining <= 0n) return endUnneeded(bracket, profit);
  if (!ctx.broker.ready || (isOpen(entry) && !ctx.broker.capabilities.replace)) return [];
  const quantity = formatDecimal(remaining);
  return [{ type: 'RELEASED', orderId: profit.id, quantity }, submitted(profit, ctx)];
};

/** Shrinks and grows at the venue by a replace of the gateway's own. */
const alignSentProfit = (
  bracket: Bracket,
  profit: Order,
  ctx: DecideContext,
  refusedReplace: string | null,
): readonly DomainEvent[] => {
  if (profit.pendingReplace !== null || profit.pendingCancel || profit.lifecycle !== 'WORKING') return [];
  const target = targetOf(profit, bracket.remaining);
  if (profit.quantity === target) return [];
  if (bracket.remaining <= 0n) return cancelEvents(profit, 'nothing is left to close');
  if (profit.id === refusedReplace || !ctx.broker.ready || !ctx.broker.capabilities.replace) return [];
  const request = {
    requestId: `gateway:${profit.lastRevision + 1}`,
    terms: { ...orderTerms(profit), quantity: formatDecimal(target) },
    reservePrice: null,
  };
  return replaceEvents(profit, request, ctx.settings.venueIdPrefix);
};

const alignProfit = (
  bracket: Bracket,
  ctx: DecideContext,
  refusedReplace: string | null,
): readonly DomainEvent[] => {
  const { takeProfit, stopLoss } = bracket;
  if (takeProfit === undefined || !isOpen(takeProfit)) return [];
  // Once the stop has triggered, all that happens to the take profit is its cancel.
  if (stopLoss !== undefined && isOpen(stopLoss) && stopLoss.triggeredAt !== null) return [];
  if (isAtGateway(takeProfit)) return alignHeldProfit(bracket, takeProfit, ctx);
  return alignSentProfit(bracket, takeProfit, ctx, refusedReplace);
};

const alignEntry = ({ entry, takeProfit }: Bracket, refusedCancel: string | null): readonly DomainEvent[] =>
  takeProfit?.doneReason === 'FILLED' && isOpen(entry) && entry.id !== refusedCancel
    ? cancelEvents(entry, 'the take profit has filled')
    : [];

/** The next steps of a bracket; `cause` is the event just applied to a member, null at a tick. */
export const alignBracket = (
  state: AccountState,
  member: Order,
  ctx: DecideContext,
  cause: DomainEvent | null,
): readonly DomainEvent[] => {
  const bracket = bracketOf(state, member);
  if (bracket === null) return [];
  const refusedCancel = cause?.type === 'CANCEL_REJECTED' ? cause.orderId : null;
  const refusedReplace = cause?.type === 'REPLACE_REJECTED' ? cause.orderId : null;
  return [
    ...alignEntry(bracket, refusedCancel),
    ...alignStop(state, bracket, ctx, refusedCancel),
    ...alignProfit(bracket, ctx, refusedReplace),
  ];
};

/** The next steps of all brackets of a symbol but that of `order`, which has just made the position flat. */
export const alignOtherBrackets = (
  state: AccountState,
  order: Order,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  if ((state.positions.get(order.symbol)?.quantity ?? 0n) !== 0n) return [];
  const own = order.parentId ?? order.id;
  const entries = new Map<string, Order>();
  for (const id of state.openOrderIds) {
    const leg = state.orders.get(id);
    if (leg === undefined || leg.symbol !== order.symbol || leg.parentId === null) continue;
    if (leg.parentId !== own && !entries.has(leg.parentId)) entries.set(leg.parentId, leg);
  }
  return [...entries.values()].flatMap((leg) => alignBracket(state, leg, ctx, null));
};

/** Alarms about a bracket that an event gives cause for. */
export const bracketAlerts = (
  state: AccountState,
  member: Order,
  cause: DomainEvent,
): readonly DomainEvent[] => {
  const bracket = bracketOf(state, member);
  if (bracket === null) return [];
  const { entry, takeProfit, stopLoss, remaining } = bracket;
  if (cause.type === 'FILLED' && member.role !== 'ENTRY' && remaining < 0n) {
    const text = 'both legs of a bracket have filled: more was closed than the entry had opened';
    const details = { entry: entry.id, excess: formatDecimal(-remaining) };
    return [alert('BRACKET_BOTH_FILLED', 'CRITICAL', text, member.id, details)];
  }
  if (cause.type === 'TRIGGERED' && member.role === 'STOP_LOSS' && takeProfit?.lifecycle === 'IN_DOUBT') {
    const text = 'the stop has triggered while its take profit is in doubt: it waits for the venue’s word';
    return [alert('BRACKET_CANCEL_IN_DOUBT', 'CRITICAL', text, stopLoss?.id ?? member.id)];
  }
  return [];
};
