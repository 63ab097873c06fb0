import type { StrategyOrderEvent, StrategyOrderStatus } from '@omniquant/plugin-sdk';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { AccountState } from '../engine/account-state.ts';
import type { Order } from '../orders/order.ts';
import type { QueuedInput } from './input-queue.ts';
import type { StrategyState } from './strategy-state.ts';

/** What each event makes of an order, where it says so by itself. */
const STATUS: Readonly<Partial<Record<JournaledEvent['event']['type'], StrategyOrderStatus>>> = {
  DENIED: 'DENIED',
  HELD: 'HELD',
  SUBMITTED: 'SUBMITTED',
  IN_DOUBT: 'IN_DOUBT',
  ACCEPTED: 'WORKING',
  REPLACED: 'WORKING',
  TRIGGERED: 'TRIGGERED',
  REJECTED: 'REJECTED',
  CANCELED: 'CANCELED',
  EXPIRED: 'EXPIRED',
};

/** By the fills up to an event, whatever has come since. */
const statusAt = (order: Order, seq: number): StrategyOrderStatus => {
  let filled = 0n;
  for (const fill of order.fills.values()) if (fill.seq <= seq && !fill.busted) filled += fill.quantity;
  return order.quantity !== null && filled >= order.quantity ? 'FILLED' : 'PARTIALLY_FILLED';
};

const reasonOf = (event: JournaledEvent['event']): string | null => {
  switch (event.type) {
    case 'DENIED':
    case 'REJECTED':
      return event.message;
    case 'CANCELED':
    case 'IN_DOUBT':
      return event.reason;
    default:
      return null;
  }
};

/**
 * Events of an account as inputs of one strategy: those of its own orders. `state` is the account at or
 * after them; an order that has left memory is told of no more.
 */
export const orderInputsOf = (
  state: AccountState,
  { refs }: StrategyState,
  events: readonly JournaledEvent[],
): QueuedInput[] => {
  const inputs: QueuedInput[] = [];
  for (const { seq, at, event } of events) {
    const orderId = 'orderId' in event ? event.orderId : null;
    const ref = orderId === null ? undefined : refs.get(orderId);
    const order = orderId === null ? undefined : state.orders.get(orderId);
    if (ref === undefined || order === undefined) continue;
    const { symbol, side } = order;
    if (event.type === 'FILLED') {
      const { price, quantity, fee } = event;
      const fill = { ref, symbol, side, at, price, quantity, fee };
      inputs.push({ seq, isHalf: true, input: { kind: 'fill', at, fill } });
    }
    const status = event.type === 'FILLED' ? statusAt(order, seq) : STATUS[event.type];
    if (status === undefined) continue;
    const told: StrategyOrderEvent = { ref, symbol, at, status, reason: reasonOf(event) };
    inputs.push({ seq, input: { kind: 'orderEvent', at, event: told } });
  }
  return inputs;
};
