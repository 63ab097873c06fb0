import type { Liquidity, OrderSide, OrderType, TimeInForce, TrailingOffsetType } from '@omniquant/plugin-sdk';
import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { Denial } from '../risk/denial.ts';

/** Where an order is in its life. Status is derived from this and the fills; it never gates a fill. */
export type Lifecycle =
  | 'INITIALIZED'
  | 'DENIED'
  /** Kept here: a leg that waits for its entry, or a trigger that the gateway watches. */
  | 'HELD'
  | 'SUBMITTED'
  /** Sent, and the venue's answer is not known. */
  | 'IN_DOUBT'
  | 'WORKING'
  | 'TRIGGERED'
  | 'DONE';

export type DoneReason = 'FILLED' | 'CANCELED' | 'EXPIRED' | 'REJECTED';
export type OrderRole = 'SIMPLE' | 'ENTRY' | 'TAKE_PROFIT' | 'STOP_LOSS';
export type OrderOrigin = 'API' | 'STRATEGY' | 'GATEWAY' | 'EXTERNAL';
export type HeldAt = 'GATEWAY' | 'VENUE';
export type HeldFor = 'WAITING_FOR_ENTRY' | 'EMULATED_TRIGGER';

/** What may change by a replace. */
export interface OrderRevision {
  readonly quantity: Fixed | null;
  readonly limitPrice: Fixed | null;
  readonly stopPrice: Fixed | null;
  readonly trailingOffset: Fixed | null;
  readonly timeInForce: TimeInForce;
  readonly expireAt: number | null;
}

export interface PendingReplace extends OrderRevision {
  readonly requestId: string;
  /** The revision that it becomes; also part of the venue id. */
  readonly revision: number;
  /** Reserve prices of the revision asked for and of the one that works: one of them is what remains. */
  readonly reservePrice: Fixed | null;
  readonly previousReservePrice: Fixed | null;
}

/**
 * The facts of a fill that deduplication, busts and fees need while the order is in memory. Quantity
 * zero marks a fill whose bust or fee came before it: it counts for nothing until the fill comes.
 */
export interface OrderFill {
  readonly executionId: string;
  /** Journal sequence of the event that booked it. */
  readonly seq: number;
  /** Market time. */
  readonly at: number;
  readonly price: Fixed;
  readonly quantity: Fixed;
  readonly liquidity: Liquidity | null;
  fee: Fixed | null;
  feeCurrency: string | null;
  busted: boolean;
}

/**
 * One order, folded from its events by `applyToOrder`; mutable only there. Prices are per unit,
 * quantities in units, times in epoch ms (market time unless said otherwise).
 */
export interface Order {
  readonly id: string;
  readonly clientOrderId: string;
  /** SHA-256 of the request's canonical form; null where there was no request. */
  readonly requestHash: string | null;
  readonly strategyId: string | null;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly role: OrderRole;
  readonly origin: OrderOrigin;
  readonly parentId: string | null;
  legIds: readonly string[];

  quantity: Fixed | null;
  readonly notional: Fixed | null;
  limitPrice: Fixed | null;
  /** As asked for. */
  stopPrice: Fixed | null;
  /** As it stands: what a trailing stop has moved to. Null without a trigger. */
  triggerPrice: Fixed | null;
  trailingOffset: Fixed | null;
  readonly trailingOffsetType: TrailingOffsetType | null;
  timeInForce: TimeInForce;
  expireAt: number | null;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly displayQuantity: Fixed | null;
  readonly extendedHours: boolean;

  readonly currency: string;
  readonly multiplier: Fixed;
  readonly tickSize: Fixed;
  readonly lotSize: Fixed;
  /**
   * Price at which what is left is reserved; null reserves nothing (reduce-only, external). While a
   * replace is pending the higher one of both revisions.
   */
  reservePrice: Fixed | null;
  /** Quantity that a notional order is reserved for until the venue has said it. */
  readonly estimatedQuantity: Fixed | null;

  lifecycle: Lifecycle;
  doneReason: DoneReason | null;
  /**
   * Done by the gateway's or an operator's conclusion (never sent, not at the venue, resolved), not by
   * the venue's word: should the venue show it after all, it is adopted.
   */
  assumedDone: boolean;
  /** Free text or code behind the last refusal or end. */
  reason: string | null;
  /** Why a risk rule refused it; asking again with the same client order id gives the same answer. */
  denial: Denial | null;
  pendingReplace: PendingReplace | null;
  /** Request ids of all replaces so far: asking again changes nothing. */
  readonly replaceRequestIds: Set<string>;
  /** The lifecycle does not change while a cancel is pending. */
  pendingCancel: boolean;
  heldAt: HeldAt | null;
  /** What the gateway holds it for, or held it for before it was sent. */
  heldFor: HeldFor | null;
  /** Accepted replaces so far; the revision that works. */
  revision: number;
  /** The highest revision ever requested; the next is one more. */
  lastRevision: number;
  brokerOrderId: string | null;
  /** True from Submitted on: something may be at the venue. */
  sent: boolean;
  /** Was in doubt at some time: a refusal of a later send says nothing about the first one. */
  doubted: boolean;
  triggeredAt: number | null;
  overfilled: boolean;

  filledQuantity: Fixed;
  /** Units of fills that were taken back. A bust does not open them again. */
  bustedQuantity: Fixed;
  /** Sum of price x quantity over the fills that stand. */
  filledNotional: Fixed;
  /** By execution id, in booking order, busted ones included. */
  readonly fills: Map<string, OrderFill>;

  readonly createdAt: number;
  updatedAt: number;
  /** Wall time of Submitted: how old an order in doubt is. */
  submittedAt: number | null;
  doneAt: number | null;
  readonly traceId: string | null;
  readonly traceparent: string | null;
  readonly firstSeq: number;
  lastSeq: number;
}
