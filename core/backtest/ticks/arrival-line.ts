import type { Json, OrderSide } from '@omniquant/plugin-sdk';

import type { OrderDepth } from './order-depth.ts';
import type { MarketTrade, RestingLine } from './resting-line.ts';

interface Place {
  readonly id: number;
  /** Orders of the market that had arrived before it, at whatever price. */
  readonly arrivals: number;
}

/**
 * Exact places in the queues of a book of single orders: what a taker traded with an order that had come after one of the
 * run at the same price, it would have traded with that one.
 */
export class ArrivalLine implements RestingLine {
  private places: Place[] = [];
  private readonly depth: OrderDepth;

  constructor(depth: OrderDepth) {
    this.depth = depth;
  }

  rested(id: number): void {
    this.places.push({ id, arrivals: this.depth.arrivals });
  }

  left(id: number): void {
    this.places = this.places.filter((place) => place.id !== id);
  }

  traded(_trade: MarketTrade): void {
    // Who was executed is known to the book.
  }

  reached(id: number): number {
    const place = this.places.find((each) => each.id === id);
    return place !== undefined && place.arrivals < this.depth.executedArrival ? Infinity : 0;
  }

  took(_id: number, _lots: number): void {
    // What is left of the trade is counted with the trade.
  }

  tradeOver(): void {
    // Places do not move.
  }

  levelSet(_side: OrderSide, _price: number): void {
    // Single orders tell more.
  }

  bookMoved(_isAnew: boolean): void {
    // As above.
  }

  save(): Json {
    return this.places.map((place) => ({ ...place }));
  }

  restore(saved: Json): void {
    this.places = (saved as unknown as Place[]).map((place) => ({ ...place }));
  }
}
