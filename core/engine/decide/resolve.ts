import { type Fixed, formatDecimal, mulDiv, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { isOpen } from '../../orders/status.ts';
import { markOf } from '../../portfolio/pricing.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState, Mismatch } from '../account-state.ts';
import type { ClientCommand } from '../command.ts';
import type { DecideContext } from '../decide-context.ts';
import { CommandError, type Decision } from '../decision.ts';
import { requireOrder } from './find-order.ts';
import { countFlows, type FlowCounter } from './flow.ts';
import { done } from './results.ts';
import { blockCause } from './venue-evidence.ts';

type Of<K extends ClientCommand['kind']> = Extract<ClientCommand, { kind: K }>;

/** The operators' ways out, audited: what the venue cannot account for is settled by a person's word. */

const unblock = (state: AccountState, orderId: string, reason: string): readonly DomainEvent[] => {
  const cause = blockCause(orderId);
  return state.entryBlocks.has(cause) ? [{ type: 'ENTRIES_UNBLOCKED', cause, reason }] : [];
};

/** Ends an order that was sent, or releases the block on entries of one that is over. Throws CommandError. */
export const decideResolveOrder = (
  state: AccountState,
  command: Of<'resolveOrder'>,
  ctx: DecideContext,
): Decision => {
  const { orderId, resolution, reason } = command;
  const { order, recall } = requireOrder(state, ctx, orderId);
  const unblocked = unblock(state, orderId, reason);
  const details = { resolution, lifecycle: order.lifecycle };
  const acted: DomainEvent = {
    type: 'OPERATOR_ACTED',
    action: 'resolveOrder',
    target: orderId,
    reason,
    details,
  };
  if (!isOpen(order)) {
    if (unblocked.length > 0) return done([...unblocked, acted]);
    throw new CommandError('BAD_USER_INPUT', `order ${orderId} is over already`, 'id');
  }
  if (!order.sent) {
    throw new CommandError('BAD_USER_INPUT', `order ${orderId} was never sent: cancel it`, 'id');
  }
  const doneReason = resolution === 'NOT_AT_VENUE' ? 'REJECTED' : resolution;
  const ended: DomainEvent = {
    type: 'RECONCILED',
    orderId,
    lifecycle: 'DONE',
    doneReason,
    brokerOrderId: null,
    revision: order.revision,
    terms: null,
    source: 'OPERATOR',
    reason: `${resolution}: ${reason}`,
  };
  return done([...recall, ended, ...unblocked, acted]);
};

/** What a position of another size costs: the average price it has, else the market's, else nothing. */
const adoptedCost = (state: AccountState, ctx: DecideContext, symbol: string, quantity: Fixed): Fixed => {
  const position = state.positions.get(symbol);
  if (quantity === 0n) return 0n;
  if (position !== undefined && position.quantity !== 0n && position.quantity > 0n === quantity > 0n) {
    return mulDiv(position.cost, quantity, position.quantity);
  }
  const quote = ctx.market.quote(symbol);
  const price = (quote === undefined ? null : markOf(quote)) ?? 0n;
  const multiplier = position?.multiplier ?? ctx.market.instrument(symbol)?.multiplier ?? 0n;
  return multiply(multiply(price, quantity), multiplier);
};

const adoptedPosition = (state: AccountState, ctx: DecideContext, symbol: string, quantity: Fixed) => {
  const known = state.positions.get(symbol) ?? ctx.market.instrument(symbol);
  if (known === undefined) {
    const message = `the instrument ${symbol} is not known here: a position in it cannot be taken over`;
    throw new CommandError('BAD_USER_INPUT', message, 'symbol');
  }
  return {
    cost: formatDecimal(adoptedCost(state, ctx, symbol, quantity)),
    currency: known.currency,
    multiplier: formatDecimal(known.multiplier),
  };
};

const cleared = (
  state: AccountState,
  ctx: DecideContext,
  flows: FlowCounter,
  mismatch: Mismatch,
  reason: string,
): DomainEvent => {
  const { symbol, currency, theirs } = mismatch;
  const position = symbol === null ? null : adoptedPosition(state, ctx, symbol, theirs);
  const held = symbol === null ? state.cash.get(currency ?? '') : state.positions.get(symbol)?.quantity;
  const change = theirs - (held ?? 0n);
  const marks =
    symbol === null || position === null
      ? flows.cash(change, currency ?? state.baseCurrency)
      : flows.position(symbol, change, parseDecimal(position.multiplier), position.currency);
  return {
    type: 'MISMATCH_CLEARED',
    symbol,
    currency,
    resolution: { reason, adoptedQuantity: formatDecimal(theirs), position, marks },
  };
};

/** Takes the broker's figures over and lets entries in again. Throws CommandError. */
export const decideResolveMismatch = (
  state: AccountState,
  { symbol, reason }: Of<'resolveMismatch'>,
  ctx: DecideContext,
): Decision => {
  const mismatches = [...state.mismatches.values()].filter(
    (each) => symbol === null || each.symbol === symbol,
  );
  const causes = [...state.entryBlocks].filter((cause) => {
    if (symbol === null) return true;
    const order = state.orders.get(cause.slice(blockCause('').length));
    return order?.symbol === symbol;
  });
  if (symbol !== null && mismatches.length === 0 && causes.length === 0) {
    throw new CommandError('NOT_FOUND', `there is no mismatch of ${symbol}`, 'symbol');
  }
  const flows = countFlows(state, ctx);
  const details = { mismatches: mismatches.length, entryBlocks: causes.length };
  return done([
    ...mismatches.map((mismatch) => cleared(state, ctx, flows, mismatch, reason)),
    ...causes.map((cause): DomainEvent => ({ type: 'ENTRIES_UNBLOCKED', cause, reason })),
    { type: 'OPERATOR_ACTED', action: 'resolveMismatch', target: symbol, reason, details },
  ]);
};
