import type { Lifecycle } from './order.ts';
import type { OrderEventType } from './order-event.ts';

/**
 * The one table of what may happen to an order. Three rules stand beside it:
 *
 * - A fill is never gated: FILLED, FILL_BUSTED and OVERFILLED pass in every state after submission, DONE
 *   included. They leave the lifecycle as it is, but for the next rule.
 * - After FILLED, ACCEPTED, REPLACED and RECONCILED an order whose executed quantity (fills that stand
 *   and fills that were taken back) has reached its quantity is DONE, FILLED: also one that was
 *   canceled, expired or rejected before. A bust takes from the filled quantity and opens nothing
 *   again, as at an exchange: filled + busted + leaves = quantity for open and filled orders that are
 *   not flagged overfilled; for the others leaves is zero and the rest was canceled.
 * - Pending replace and cancel are a set beside the lifecycle, and end with it.
 */

/** A lifecycle, or NONE before an order exists. */
export type TransitionSource = Lifecycle | 'NONE';

/** SAME stays; GIVEN is the lifecycle that the event itself names. */
export type TransitionTarget = Lifecycle | 'SAME' | 'GIVEN';

type Row = Readonly<Partial<Record<OrderEventType, TransitionTarget>>>;

const FILLS = { FILLED: 'SAME', FILL_BUSTED: 'SAME', OVERFILLED: 'SAME' } as const satisfies Row;

const CANCELS = { CANCEL_REQUESTED: 'SAME', CANCEL_REJECTED: 'SAME' } as const satisfies Row;

const AT_VENUE = {
  ...FILLS,
  ...CANCELS,
  // The quantity of a notional order or the broker's id, said after other evidence of acceptance.
  ACCEPTED: 'SAME',
  REPLACE_REQUESTED: 'SAME',
  REPLACED: 'SAME',
  REPLACE_REJECTED: 'SAME',
  STOP_MOVED: 'SAME',
  CANCELED: 'DONE',
  EXPIRED: 'DONE',
  // Some venues accept first and refuse afterwards.
  REJECTED: 'DONE',
  RECONCILED: 'GIVEN',
} as const satisfies Row;

export const TRANSITIONS: Readonly<Record<TransitionSource, Row>> = {
  NONE: { INITIALIZED: 'INITIALIZED', RECALLED: 'GIVEN' },
  // RECONCILED: an order that the venue has and the journal lacked.
  INITIALIZED: { DENIED: 'DENIED', HELD: 'HELD', SUBMITTED: 'SUBMITTED', RECONCILED: 'GIVEN' },
  // RECONCILED here and below: the venue has what the journal says it cannot have; it is adopted.
  DENIED: { RECONCILED: 'GIVEN', RECALLED: 'SAME' },
  HELD: {
    RELEASED: 'SAME',
    RESIZED: 'SAME',
    STOP_MOVED: 'SAME',
    TRIGGERED: 'TRIGGERED',
    SUBMITTED: 'SUBMITTED',
    REPLACE_REQUESTED: 'SAME',
    REPLACED: 'SAME',
    CANCELED: 'DONE',
    EXPIRED: 'DONE',
    RECONCILED: 'GIVEN',
  },
  SUBMITTED: {
    ...FILLS,
    ...CANCELS,
    ACCEPTED: 'WORKING',
    REJECTED: 'DONE',
    IN_DOUBT: 'IN_DOUBT',
    RECONCILED: 'GIVEN',
  },
  IN_DOUBT: {
    ...FILLS,
    ...CANCELS,
    // Sent again, under the same venue id.
    SUBMITTED: 'SUBMITTED',
    ACCEPTED: 'WORKING',
    REJECTED: 'DONE',
    RECONCILED: 'GIVEN',
  },
  WORKING: { ...AT_VENUE, TRIGGERED: 'TRIGGERED' },
  // SUBMITTED and RESIZED: a trigger that the gateway watched and has not sent yet.
  TRIGGERED: { ...AT_VENUE, SUBMITTED: 'SUBMITTED', RESIZED: 'SAME' },
  DONE: { ...FILLS, ACCEPTED: 'SAME', RECONCILED: 'GIVEN', RECALLED: 'SAME' },
};

/** An event that the table has no place for: the code that made it is wrong, or the journal is. */
export class TransitionError extends Error {
  readonly code = 'INVALID_TRANSITION';
  readonly orderId: string;
  readonly lifecycle: TransitionSource;
  readonly eventType: OrderEventType;

  constructor(orderId: string, lifecycle: TransitionSource, eventType: OrderEventType) {
    super(`order ${orderId}: ${eventType} does not fit an order that is ${lifecycle}`);
    this.name = 'TransitionError';
    this.orderId = orderId;
    this.lifecycle = lifecycle;
    this.eventType = eventType;
  }
}

/** Where an event leads; null where it does not fit. */
export const transitionOf = (from: TransitionSource, event: OrderEventType): TransitionTarget | null =>
  TRANSITIONS[from][event] ?? null;

/** Throws {@link TransitionError} where the event does not fit. */
export const requireTransition = (
  orderId: string,
  from: TransitionSource,
  event: OrderEventType,
): TransitionTarget => {
  const target = transitionOf(from, event);
  if (target === null) throw new TransitionError(orderId, from, event);
  return target;
};
