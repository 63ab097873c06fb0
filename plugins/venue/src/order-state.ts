import type { OrderTerms, VenueOrder, VenueOrderStatus } from '@omniquant/plugin-sdk';

import type { InstrumentGrid } from './instrument-grid.ts';

/**
 * An order as the venue keeps it: one revision of it, since a replacement is an order of its own.
 * Plain data, so that a store can write and read it as JSON. Prices in ticks, quantities in lots.
 *
 * `filled` counts the whole chain of revisions, as `lots` does; what was busted is neither filled nor
 * open again, so that lots = filled + busted + leaves while the order is live.
 */
export interface OrderState {
  /** The venue's own number, ascending. */
  readonly id: number;
  readonly account: string;
  /** Null for an order that was not placed by a gateway. */
  readonly venueOrderId: string | null;
  /** Number of the revision that this one took the place of. */
  readonly replaces: number | null;
  readonly terms: OrderTerms;
  /** Total quantity; 0 of an order that was refused before it was known. */
  readonly lots: number;
  readonly display: number | null;
  /** Identifies its place in the book, which a revision that only shrinks inherits. */
  bookId: number;
  status: VenueOrderStatus;
  filled: number;
  busted: number;
  limit: number | null;
  /** The trigger as it stands now. */
  stop: number | null;
  /** Of a trailing stop limit: how far its limit lies from its trigger. */
  readonly limitOffset: number | null;
  /** Rank in time among orders of the same price. */
  priority: number;
  /** The part of an order with a display quantity that the book shows; null when it does not rest. */
  shown: number | null;
  /** Price at which what is left ties up funds; 0 ties up none. */
  reservePrice: number;
  message: string | null;
  /** Market time of the last change. */
  at: number;
  /** The trigger as it was last reported, and when. */
  reportedStop: number | null;
  stopReportedAt: number;
}

export const isLive = (order: OrderState): boolean =>
  order.status === 'WORKING' || order.status === 'TRIGGERED' || order.status === 'HELD';

export const leavesOf = (order: OrderState): number => order.lots - order.filled - order.busted;

export const brokerOrderIdOf = (id: number): string => `V${id}`;

/** The number behind an id of {@link brokerOrderIdOf}; undefined for any other text. */
export const parseBrokerOrderId = (text: string): number | undefined => {
  const match = /^V([1-9]\d{0,15})$/.exec(text);
  return match === null ? undefined : Number(match[1]);
};

/** The order as the SDK describes it. */
export const toVenueOrder = (order: OrderState, grid: InstrumentGrid): VenueOrder => ({
  account: order.account,
  venueOrderId: order.venueOrderId,
  brokerOrderId: brokerOrderIdOf(order.id),
  status: order.status,
  terms: order.terms,
  filledQuantity: grid.quantity(order.filled),
  stopPrice: order.stop === null ? null : grid.price(order.stop),
  message: order.message,
  at: order.at,
});
