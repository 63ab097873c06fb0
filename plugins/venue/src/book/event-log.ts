import type { OrderSide } from '@omniquant/plugin-sdk';

import { resizedFloats } from './growing.ts';
import { sideOf } from './order-flags.ts';

/** What may happen to an order; the fields of each are at {@link EngineEvent}. */
export const EVENT_KINDS = [
  'TRADE',
  'RESTED',
  'REFRESHED',
  'REDUCED',
  'REPLACED',
  'CANCELED',
  'REJECTED',
  'HELD',
  'TRIGGERED',
  'AUCTION_TRADE',
  'UNCROSSED',
  'BUSTED',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Why; `NONE` where the kind says all. */
export const REASONS = [
  'NONE',
  'INVALID_ID',
  'INVALID_OWNER',
  'INVALID_PRICE',
  'INVALID_STOP',
  'INVALID_QUANTITY',
  'INVALID_DISPLAY',
  'INVALID_MINIMUM',
  'INVALID_COMBINATION',
  'DUPLICATE_ID',
  'UNKNOWN_ORDER',
  'UNKNOWN_TRADE',
  'ALREADY_BUSTED',
  'BOOK_FULL',
  'WOULD_TAKE',
  'IN_AUCTION',
  'BY_OWNER',
  'NO_COUNTERPARTY',
  'NOT_WHOLE',
  'MINIMUM_NOT_MET',
  'SELF_TRADE',
  'AUCTION_ENDED',
  'REPLACED',
] as const;
export type Reason = (typeof REASONS)[number];

/** Number of a kind, as {@link EventLog.add} takes it. */
export const EVENT = Object.fromEntries(EVENT_KINDS.map((kind, code) => [kind, code])) as Record<
  EventKind,
  number
>;
/** Number of a reason. */
export const REASON = Object.fromEntries(REASONS.map((reason, code) => [reason, code])) as Record<
  Reason,
  number
>;

/**
 * An event, written out. `leaves` is what is left of the order after it.
 *
 * - `TRADE`: `id` took `quantity` from `otherId`, which waited, at its `price`; `otherLeaves` is left of
 *   that one, `detail` is the trade's number.
 * - `AUCTION_TRADE`: the same, where `id` bought and `otherId` sold in an uncross.
 * - `RESTED`, `REFRESHED`: `quantity` lots are shown from now on, at the end of the queue at `price`.
 * - `REDUCED`: `quantity` lots less; the book shows `otherLeaves` lots less. Its place is kept.
 * - `REPLACED`: it left the book to enter anew; the book shows `otherLeaves` lots less.
 * - `CANCELED`: its last `quantity` lots are gone; the book shows `otherLeaves` lots less.
 * - `REJECTED`: nothing was changed, for a `reason`.
 * - `HELD`: it waits outside the book, for its trigger at `price` or for an auction.
 * - `TRIGGERED`: the market reached its `price`; it is on its way into the book.
 * - `UNCROSSED`: an auction ended; `quantity` lots traded at `price`.
 * - `BUSTED`: trade `detail` between `id` and `otherId` is void.
 */
export interface EngineEvent {
  readonly kind: EventKind;
  readonly side: OrderSide;
  readonly id: number;
  readonly otherId: number;
  readonly price: number;
  readonly quantity: number;
  readonly leaves: number;
  readonly otherLeaves: number;
  readonly detail: number;
  readonly reason: Reason;
}

/** Numbers of an event: kind and side, then as in {@link EngineEvent}, the reason as `detail`. */
const STRIDE = 8;
const FIRST_EVENTS = 64;

/**
 * What the last command caused, in order. It is written over by the next command, so that nothing is
 * allocated; whoever wants to keep an event copies it, for example by {@link EventLog.at}.
 */
export class EventLog {
  /** How many there are. */
  count = 0;
  private values = new Float64Array(FIRST_EVENTS * STRIDE);

  clear(): void {
    this.count = 0;
  }

  add(
    kind: number,
    flags: number,
    id: number,
    otherId: number,
    price: number,
    quantity: number,
    leaves: number,
    otherLeaves: number,
    detail: number,
  ): void {
    const start = this.count * STRIDE;
    if (start === this.values.length) this.values = resizedFloats(this.values, start * 2);
    const { values } = this;
    values[start] = kind * 2 + (flags & 1);
    values[start + 1] = id;
    values[start + 2] = otherId;
    values[start + 3] = price;
    values[start + 4] = quantity;
    values[start + 5] = leaves;
    values[start + 6] = otherLeaves;
    values[start + 7] = detail;
    this.count += 1;
  }

  /** Number of an event's kind, to be compared with {@link EVENT}. */
  kindCode(index: number): number {
    return this.values[index * STRIDE]! >>> 1;
  }

  kind(index: number): EventKind {
    return EVENT_KINDS[this.kindCode(index)]!;
  }

  side(index: number): OrderSide {
    return sideOf(this.values[index * STRIDE]!);
  }

  id(index: number): number {
    return this.values[index * STRIDE + 1]!;
  }

  otherId(index: number): number {
    return this.values[index * STRIDE + 2]!;
  }

  price(index: number): number {
    return this.values[index * STRIDE + 3]!;
  }

  quantity(index: number): number {
    return this.values[index * STRIDE + 4]!;
  }

  leaves(index: number): number {
    return this.values[index * STRIDE + 5]!;
  }

  otherLeaves(index: number): number {
    return this.values[index * STRIDE + 6]!;
  }

  detail(index: number): number {
    return this.values[index * STRIDE + 7]!;
  }

  /** Why an order was reduced, canceled or rejected. */
  reason(index: number): Reason {
    const code = this.kindCode(index);
    const hasReason = code === EVENT.REDUCED || code === EVENT.CANCELED || code === EVENT.REJECTED;
    return hasReason ? REASONS[this.detail(index)]! : 'NONE';
  }

  /** A copy of an event. Allocates. */
  at(index: number): EngineEvent {
    const reason = this.reason(index);
    return {
      kind: this.kind(index),
      side: this.side(index),
      id: this.id(index),
      otherId: this.otherId(index),
      price: this.price(index),
      quantity: this.quantity(index),
      leaves: this.leaves(index),
      otherLeaves: this.otherLeaves(index),
      detail: reason === 'NONE' ? this.detail(index) : 0,
      reason,
    };
  }

  /** Copies of all events. Allocates. */
  all(): EngineEvent[] {
    return Array.from({ length: this.count }, (_, index) => this.at(index));
  }
}
