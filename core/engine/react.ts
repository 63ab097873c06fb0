import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../orders/order.ts';
import { executedQuantity } from '../orders/status.ts';
import type { DomainEvent } from './account-event.ts';
import type { AccountState } from './account-state.ts';
import { alert } from './decide/alert.ts';
import { alignBracket, alignOtherBrackets, bracketAlerts } from './decide/bracket.ts';
import { cancelAllEvents } from './decide/cancel-orders.ts';
import { flattenEvents } from './decide/flatten.ts';
import { sendTriggered } from './decide/send-triggered.ts';
import type { DecideContext } from './decide-context.ts';

/** More was executed than asked for; told again when it grows. */
const overfill = (order: Order, event: DomainEvent): readonly DomainEvent[] => {
  if (order.quantity === null) return [];
  const excess = executedQuantity(order) - order.quantity;
  if (excess <= 0n || (order.overfilled && event.type !== 'FILLED')) return [];
  return [{ type: 'OVERFILLED', orderId: order.id, excess: formatDecimal(excess) }];
};

const MAY_OVERFILL: ReadonlySet<DomainEvent['type']> = new Set([
  'FILLED',
  'ACCEPTED',
  'REPLACED',
  'RECONCILED',
]);

const orderAlerts = (order: Order, event: DomainEvent): readonly DomainEvent[] => {
  switch (event.type) {
    case 'FILLED': {
      if (!event.late) return [];
      const details = { executionId: event.executionId, quantity: event.quantity, price: event.price };
      // The legs of an entry have gone with it: what it filled afterwards nobody protects.
      const severity = order.role === 'ENTRY' || order.assumedDone ? 'CRITICAL' : 'WARNING';
      return [alert('LATE_FILL', severity, 'a fill came after the order was done', order.id, details)];
    }
    case 'FILL_BUSTED':
      return [
        alert('FILL_BUSTED', 'WARNING', 'the venue took a fill back', order.id, {
          executionId: event.executionId,
        }),
      ];
    case 'OVERFILLED':
      return [
        alert('OVERFILLED', 'CRITICAL', 'more was executed than the order asked for', order.id, {
          excess: event.excess,
        }),
      ];
    case 'IN_DOUBT':
      return [
        alert(
          'ORDER_IN_DOUBT',
          'WARNING',
          `what became of the order is not known: ${event.reason}`,
          order.id,
        ),
      ];
    default:
      return [];
  }
};

/** Events after which a bracket may have to follow. Its own steps are among them: they are only asked, not repeated. */
const MOVES_BRACKET: ReadonlySet<DomainEvent['type']> = new Set([
  'ACCEPTED',
  'REJECTED',
  'TRIGGERED',
  'REPLACED',
  'REPLACE_REJECTED',
  'CANCELED',
  'CANCEL_REJECTED',
  'EXPIRED',
  'FILLED',
  'FILL_BUSTED',
  'RECONCILED',
]);

const reactToOrder = (
  state: AccountState,
  order: Order,
  event: DomainEvent,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  const events: DomainEvent[] = [...orderAlerts(order, event)];
  if (event.type === 'FILLED') events.push(...alignOtherBrackets(state, order, ctx));
  if (MAY_OVERFILL.has(event.type)) {
    events.push(...overfill(order, event));
  }
  if (order.role === 'SIMPLE') {
    if (event.type === 'TRIGGERED' && !order.sent) events.push(...sendTriggered(state, order, ctx));
    return events;
  }
  if (order.role === 'ENTRY' && event.type === 'TRIGGERED' && !order.sent) {
    events.push(...sendTriggered(state, order, ctx));
  }
  if (MOVES_BRACKET.has(event.type)) {
    events.push(...bracketAlerts(state, order, event), ...alignBracket(state, order, ctx, event));
  }
  return events;
};

const onTradingState = (
  state: AccountState,
  event: Extract<DomainEvent, { type: 'TRADING_STATE_CHANGED' }>,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  const isLoss = event.source === 'DAILY_LOSS' || event.source === 'DRAWDOWN';
  if (!isLoss || event.state === 'ACTIVE') {
    const severity = event.state === 'ACTIVE' ? 'INFO' : 'WARNING';
    return [alert('TRADING_STATE', severity, `trading is ${event.state}: ${event.reason}`)];
  }
  const raised = alert(event.source === 'DAILY_LOSS' ? 'DAILY_LOSS' : 'DRAWDOWN', 'CRITICAL', event.reason);
  if (event.source !== 'DAILY_LOSS' || !ctx.settings.flattenOnDailyLoss) return [raised];
  return [raised, ...cancelAllEvents(state, null, event.reason), ...flattenEvents(state, ctx, true)];
};

const nameOf = ({
  symbol,
  currency,
}: {
  readonly symbol: string | null;
  readonly currency: string | null;
}): string => symbol ?? currency ?? '';

const reactToAccount = (
  state: AccountState,
  event: DomainEvent,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  switch (event.type) {
    case 'TRADING_STATE_CHANGED':
      return onTradingState(state, event, ctx);
    case 'MISMATCH_FOUND': {
      const code = event.symbol === null ? 'BALANCE_MISMATCH' : 'POSITION_MISMATCH';
      const { ours, theirs } = event;
      const text = `${nameOf(event)} is ${ours} here and ${theirs} at the broker: entries are blocked`;
      return [alert(code, 'CRITICAL', text, null, { ours, theirs })];
    }
    case 'MISMATCH_CLEARED': {
      const how =
        event.resolution === null ? 'agrees with the broker again' : 'was taken over from the broker';
      return [alert('MISMATCH_RESOLVED', 'INFO', `${nameOf(event)} ${how}`)];
    }
    case 'ENTRIES_BLOCKED': {
      const text = `the venue has an order that is unknown or closed here (${event.cause}): entries are blocked`;
      return [alert('ORDER_ADOPTED', 'CRITICAL', text)];
    }
    default:
      return [];
  }
};

/** What follows from an event that has just been applied: a bracket's next steps, sends, alarms, a flattening. */
export const react = (
  state: AccountState,
  event: DomainEvent,
  ctx: DecideContext,
): readonly DomainEvent[] => {
  if (event.type === 'RISK_ALERT' || event.type === 'OPERATOR_ACTED') return [];
  const order = 'orderId' in event ? state.orders.get(event.orderId) : undefined;
  return order === undefined ? reactToAccount(state, event, ctx) : reactToOrder(state, order, event, ctx);
};
