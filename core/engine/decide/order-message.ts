import type { BrokerEvent } from '@omniquant/plugin-sdk';
import { formatDecimal, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { DoneReason, Order } from '../../orders/order.ts';
import { hasTrigger } from '../../orders/order-types.ts';
import { isOpen } from '../../orders/status.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import { bustEvents, feeEvents, fillEvents } from './fill-message.ts';
import { isTighter } from './trigger.ts';
import {
  catchUp,
  endsByReplace,
  leavesCancelPending,
  type MessageRevision,
  revisionOf,
} from './venue-evidence.ts';

export type OrderMessage = Exclude<BrokerEvent, { kind: 'transfer' }>;
type Of<K extends OrderMessage['kind']> = Extract<OrderMessage, { kind: K }>;

interface Subject {
  readonly state: AccountState;
  readonly ctx: DecideContext;
  readonly order: Order;
  /** Revision that the message speaks of. */
  readonly revision: number;
  readonly place: MessageRevision;
}

const precede = (
  { state, order, revision }: Subject,
  message: OrderMessage,
  isAlive: boolean,
): readonly DomainEvent[] =>
  catchUp(state, order, { revision, brokerOrderId: message.brokerOrderId }, isAlive);

/** Of an unknown revision nothing follows but its fills; a lookup tells the rest. */
const speaksOfNow = ({ place }: Subject): boolean => place === 'CURRENT' || place === 'PENDING';

const onAccepted = (subject: Subject, message: Of<'accepted'>): readonly DomainEvent[] => {
  const { order } = subject;
  if (!speaksOfNow(subject)) return [];
  const events = precede(subject, message, true);
  const quantity = message.quantity === null ? undefined : tryParseDecimal(message.quantity);
  if (order.quantity !== null || quantity === undefined || quantity <= 0n) return events;
  const { brokerOrderId } = message;
  const told: DomainEvent = {
    type: 'ACCEPTED',
    orderId: order.id,
    brokerOrderId,
    quantity: formatDecimal(quantity),
  };
  return [...events.filter(({ type }) => type !== 'ACCEPTED'), told];
};

/** The venue confirms an end that was only assumed. */
const confirmEnd = (
  { order, revision }: Subject,
  doneReason: DoneReason,
  reason: string,
): readonly DomainEvent[] =>
  order.lifecycle === 'DONE' && order.assumedDone
    ? [
        {
          type: 'RECONCILED',
          orderId: order.id,
          lifecycle: 'DONE',
          doneReason,
          brokerOrderId: null,
          revision,
          terms: null,
          source: 'VENUE',
          reason,
        },
      ]
    : [];

const onRejected = (subject: Subject, { code, message }: Of<'rejected'>): readonly DomainEvent[] => {
  const { order, place, revision } = subject;
  if (place === 'PENDING') return [{ type: 'REPLACE_REJECTED', orderId: order.id, revision, code, message }];
  // A refusal of a second sending: the first one is there.
  if (place !== 'CURRENT' || code === 'DUPLICATE_ORDER_ID') return [];
  if (!isOpen(order)) return confirmEnd(subject, 'REJECTED', `${code}: ${message}`);
  return order.sent ? [{ type: 'REJECTED', orderId: order.id, code, message }] : [];
};

const onTriggered = (subject: Subject, message: Of<'triggered'>): readonly DomainEvent[] => {
  const { order, place, revision } = subject;
  if (place === 'UNKNOWN' || !hasTrigger(order.type) || order.heldFor === 'EMULATED_TRIGGER') return [];
  const events = place === 'PAST' ? [] : precede(subject, message, true);
  const isTakenOver = events.some(({ type }) => type === 'RECONCILED');
  const isWorking = isTakenOver || (isOpen(order) && order.sent && order.triggeredAt === null);
  return isWorking && !endsByReplace(order, revision)
    ? [...events, { type: 'TRIGGERED', orderId: order.id, price: null }]
    : events;
};

const onStopMoved = (subject: Subject, message: Of<'stopMoved'>): readonly DomainEvent[] => {
  const { order, revision } = subject;
  if (!speaksOfNow(subject) || !hasTrigger(order.type)) return [];
  const level = tryParseDecimal(message.stopPrice);
  const limit = message.limitPrice === null ? null : tryParseDecimal(message.limitPrice);
  if (level === undefined || limit === undefined || !isOpen(order) || !order.sent) return [];
  const events = precede(subject, message, true);
  if (!isTighter(order.side, level, order.triggerPrice) || endsByReplace(order, revision)) return events;
  const { stopPrice: triggerPrice, limitPrice } = message;
  return [...events, { type: 'STOP_MOVED', orderId: order.id, triggerPrice, limitPrice }];
};

const onEnd = (subject: Subject, message: Of<'canceled' | 'expired'>): readonly DomainEvent[] => {
  const { order, revision } = subject;
  if (!speaksOfNow(subject)) return [];
  const reason = message.kind === 'canceled' ? message.reason : null;
  if (!isOpen(order)) {
    return confirmEnd(subject, message.kind === 'canceled' ? 'CANCELED' : 'EXPIRED', reason ?? message.kind);
  }
  if (!order.sent) return [];
  const end: DomainEvent =
    message.kind === 'canceled'
      ? { type: 'CANCELED', orderId: order.id, reason }
      : { type: 'EXPIRED', orderId: order.id };
  const events = precede(subject, message, false);
  return endsByReplace(order, revision) ? events : [...events, end];
};

const onReplaced = (subject: Subject, message: Of<'replaced'>): readonly DomainEvent[] =>
  speaksOfNow(subject) ? precede(subject, message, true) : [];

const onReplaceRejected = (
  { order, place, revision }: Subject,
  message: Of<'replaceRejected'>,
): readonly DomainEvent[] =>
  place === 'PENDING'
    ? [
        {
          type: 'REPLACE_REJECTED',
          orderId: order.id,
          revision,
          code: message.code,
          message: message.message,
        },
      ]
    : [];

const onCancelRejected = (
  { order }: Subject,
  { code, message }: Of<'cancelRejected'>,
): readonly DomainEvent[] =>
  order.pendingCancel && !leavesCancelPending(code)
    ? [{ type: 'CANCEL_REJECTED', orderId: order.id, code, message }]
    : [];

/** An order that was never sent and trades all the same is taken over first; a done one is not opened again. */
const onFilled = (subject: Subject, message: Of<'filled'>): readonly DomainEvent[] => {
  const { order } = subject;
  const fills = fillEvents(order, message, order.lifecycle === 'DONE');
  if (fills.every(({ type }) => type !== 'FILLED')) return fills;
  return [...(speaksOfNow(subject) || !order.sent ? precede(subject, message, false) : []), ...fills];
};

/** What a venue's message about one of the account's orders comes to. Total: whatever does not fit is passed over. */
export const orderMessageEvents = (
  state: AccountState,
  ctx: DecideContext,
  order: Order,
  revision: number,
  message: OrderMessage,
): readonly DomainEvent[] => {
  const subject: Subject = { state, ctx, order, revision, place: revisionOf(order, revision) };
  switch (message.kind) {
    case 'accepted':
      return onAccepted(subject, message);
    case 'rejected':
      return onRejected(subject, message);
    case 'triggered':
      return onTriggered(subject, message);
    case 'stopMoved':
      return onStopMoved(subject, message);
    case 'filled':
      return onFilled(subject, message);
    case 'busted':
      return order.sent ? bustEvents(state, ctx, order, message) : [];
    case 'feeCharged':
      return order.sent ? feeEvents(order, message.executionId, message.fee, message.feeCurrency) : [];
    case 'canceled':
    case 'expired':
      return onEnd(subject, message);
    case 'cancelRejected':
      return onCancelRejected(subject, message);
    case 'replaced':
      return onReplaced(subject, message);
    case 'replaceRejected':
      return onReplaceRejected(subject, message);
  }
};
