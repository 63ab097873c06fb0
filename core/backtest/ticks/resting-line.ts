import type { Json, OrderSide } from '@omniquant/plugin-sdk';

import type { MarketDepth } from './market-depth.ts';

/** A trade of the market, in ticks and lots; side 1 a buyer took, -1 a seller, 0 is not known. */
export interface MarketTrade {
  readonly price: number;
  readonly lots: number;
  readonly side: number;
}

/**
 * How orders that rest are reached by trades at their price. Without a line whoever rests at the price of a trade is
 * first; see QueueLine and ArrivalLine.
 */
export interface RestingLine {
  /** An order is the last at its price; `id` is its place in the venue's book. */
  rested(id: number, side: OrderSide, price: number): void;
  left(id: number): void;
  /** The market has traded. */
  traded(trade: MarketTrade): void;
  /** Lots of the trade at hand that reach an order at its own price. */
  reached(id: number): number;
  /** An order has traded with the trade at hand. */
  took(id: number, lots: number): void;
  /** The trade is over. */
  tradeOver(): void;
  /** The feed has set a level. */
  levelSet(side: OrderSide, price: number): void;
  /** The feed has changed the book; `isAnew` when all of it, or its top. */
  bookMoved(isAnew: boolean): void;
  save(): Json;
  restore(saved: Json): void;
}

/** Whether a trade may have been with an order of `side`: its taker was on the other one. */
export const isAgainst = (side: OrderSide, takerSide: number): boolean =>
  side === 'BUY' ? takerSide <= 0 : takerSide >= 0;

export type LineOf = (depth: MarketDepth) => RestingLine;
