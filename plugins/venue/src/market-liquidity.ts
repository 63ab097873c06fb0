import type { OrderSide } from '@omniquant/plugin-sdk';

import type { MarketTick } from './market-tick.ts';

/** Lots that trade at a price. */
export interface Offer {
  readonly price: number;
  readonly lots: number;
}

/**
 * What a symbol's market, whose path is given, trades with the orders of clients: how much, and at which price. Prices in
 * ticks. What clients trade does not move the path.
 */
export interface MarketLiquidity {
  /** The next tick. */
  refresh(tick: MarketTick): void;
  /** The best price for a taker of a side, and what is left at it; undefined when nothing is. */
  best(side: OrderSide): Offer | undefined;
  /** Takes from the best price only, at most what {@link best} says there is; `limit` null is any price. */
  takeBest(side: OrderSide, wanted: number, limit: number | null): Offer | undefined;
  /** Lots that a taker gets up to its limit; null is any price. */
  available(side: OrderSide, limit: number | null): number;
  /**
   * Takes for an order of `side` that rests at a price; 0 where the market has not come to it.
   * @param place Of the order in the book: see {@link rested}.
   */
  takeResting(side: OrderSide, price: number, wanted: number, place: number): number;
  /** The price at which an order of `side` that rests at a price trades when the market comes to it. */
  restingPrice(side: OrderSide, price: number): number;
  /** Nothing stands between two ticks, so that what trades at once or not at all waits for the next. */
  readonly isMomentary?: boolean;
  /** An order is the last in line at its price from now on, under the number of its place in the book. */
  rested?(place: number, side: OrderSide, price: number): void;
  /** A place is given up. */
  left?(place: number): void;
}
