import type { Order } from '../../orders/order.ts';
import { isOpen } from '../../orders/status.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { SystemCommand } from '../command.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { alert } from './alert.ts';
import { findOrder } from './find-order.ts';
import { DONE, done } from './results.ts';
import { leavesCancelPending } from './venue-evidence.ts';

type BrokerOutcomeCommand = Extract<SystemCommand, { kind: 'brokerOutcome' }>;

/**
 * Answers to requests. A timeout is not a rejection: only the venue's word or the proof that no byte left
 * ends an order, and after an order has once been in doubt not even those, because they speak of a later
 * sending; then the lookup decides.
 */

const isUnanswered = ({ lifecycle }: Order): boolean => lifecycle === 'SUBMITTED' || lifecycle === 'IN_DOUBT';

const doubt = (order: Order, reason: string): readonly DomainEvent[] =>
  order.lifecycle === 'SUBMITTED' ? [{ type: 'IN_DOUBT', orderId: order.id, reason }] : [];

const onSubmit = (order: Order, { outcome }: BrokerOutcomeCommand): readonly DomainEvent[] => {
  if (!isUnanswered(order)) {
    if (outcome.kind !== 'rejected' || !isOpen(order)) return [];
    const text = `the broker refused an order that it had accepted: ${outcome.message}`;
    return [alert('UNEXPECTED_VENUE_MESSAGE', 'WARNING', text, order.id, { code: outcome.code })];
  }
  switch (outcome.kind) {
    case 'accepted':
      return [{ type: 'ACCEPTED', orderId: order.id, brokerOrderId: outcome.brokerOrderId, quantity: null }];
    case 'rejected':
      if (order.doubted || outcome.code === 'DUPLICATE_ORDER_ID') {
        return doubt(order, `${outcome.code}: ${outcome.message}`);
      }
      return [{ type: 'REJECTED', orderId: order.id, code: outcome.code, message: outcome.message }];
    case 'notSent':
      if (order.doubted) return doubt(order, `not sent again: ${outcome.reason}`);
      return [{ type: 'REJECTED', orderId: order.id, code: 'NOT_SENT', message: outcome.reason }];
    case 'unknown':
      return doubt(order, outcome.reason);
  }
};

const onReplace = (order: Order, { outcome, revision }: BrokerOutcomeCommand): readonly DomainEvent[] => {
  if (order.pendingReplace?.revision !== revision) return [];
  const refuse = (code: string, message: string): readonly DomainEvent[] => [
    { type: 'REPLACE_REJECTED', orderId: order.id, revision, code, message },
  ];
  switch (outcome.kind) {
    case 'accepted':
      // The order stream tells the end.
      return [];
    case 'rejected':
      return outcome.code === 'DUPLICATE_ORDER_ID' ? [] : refuse(outcome.code, outcome.message);
    case 'notSent':
      return refuse('NOT_SENT', outcome.reason);
    case 'unknown':
      return [
        alert('ORDER_IN_DOUBT', 'WARNING', `the replace is in doubt: ${outcome.reason}`, order.id, {
          revision,
        }),
      ];
  }
};

/** Whether a triggered stop waits for the end of this take profit or entry. */
const isAwaitedByStop = (state: AccountState, order: Order): boolean => {
  const entry = order.parentId === null ? order : state.orders.get(order.parentId);
  return (entry?.legIds ?? []).some((id) => {
    const leg = state.orders.get(id);
    return leg?.role === 'STOP_LOSS' && leg.id !== order.id && leg.lifecycle === 'TRIGGERED' && !leg.sent;
  });
};

const onCancel = (
  state: AccountState,
  order: Order,
  { outcome }: BrokerOutcomeCommand,
): readonly DomainEvent[] => {
  if (!order.pendingCancel) return [];
  switch (outcome.kind) {
    case 'accepted':
      return [];
    case 'rejected':
      if (leavesCancelPending(outcome.code)) return [];
      return [{ type: 'CANCEL_REJECTED', orderId: order.id, code: outcome.code, message: outcome.message }];
    case 'notSent':
      return [{ type: 'CANCEL_REJECTED', orderId: order.id, code: 'NOT_SENT', message: outcome.reason }];
    case 'unknown': {
      const text = `the cancel is in doubt: ${outcome.reason}`;
      return isAwaitedByStop(state, order)
        ? [alert('BRACKET_CANCEL_IN_DOUBT', 'CRITICAL', `${text}; the triggered stop waits`, order.id)]
        : [alert('ORDER_IN_DOUBT', 'WARNING', text, order.id)];
    }
  }
};

export const decideBrokerOutcome = (
  state: AccountState,
  command: BrokerOutcomeCommand,
  ctx: DecideContext,
): Decision => {
  const found = findOrder(state, ctx, command.orderId);
  if (found === undefined) return DONE;
  const { order, recall } = found;
  const events =
    command.request === 'submit'
      ? onSubmit(order, command)
      : command.request === 'replace'
        ? onReplace(order, command)
        : onCancel(state, order, command);
  return events.length === 0 ? DONE : done([...recall, ...events]);
};

/** After a restart nobody waits for the answers any more. */
export const decideRecover = (state: AccountState): Decision => {
  const events: DomainEvent[] = [];
  for (const orderId of state.openOrderIds) {
    const order = state.orders.get(orderId);
    if (order !== undefined) events.push(...doubt(order, 'the gateway restarted before the broker answered'));
  }
  return done(events);
};
