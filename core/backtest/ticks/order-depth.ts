import type { OrderSide } from '@omniquant/plugin-sdk';
import { NONE, resizedFloats } from '@omniquant/venue/book/growing';
import { L3Replay } from '@omniquant/venue/book/l3-replay';
import { sideOf } from '@omniquant/venue/book/order-flags';
import type { PriceLadder } from '@omniquant/venue/book/price-ladder';

import { behindIn, bestIn, lotsIn } from './ladder-prices.ts';
import type { MarketDepth } from './market-depth.ts';
import { MessageNumbers } from './message-numbers.ts';

const FIRST_ORDERS = 1_024;

/** A book of single orders, each with the number of its arrival: of two at a price the lower trades first. */
export class OrderDepth implements MarketDepth {
  readonly numbers = new MessageNumbers(false);
  /** Arrivals so far. */
  arrivals = 0;
  /** The order that was executed last: whose side, where, and when it had come. */
  executedSide: OrderSide = 'BUY';
  executedPrice = 0;
  executedArrival = 0;
  private replay = new L3Replay(FIRST_ORDERS);
  private arrivalOf = new Float64Array(FIRST_ORDERS);

  get bid(): number {
    return this.numbers.isStale ? 0 : bestIn(this.replay.book.bids, 0);
  }

  get ask(): number {
    return this.numbers.isStale ? Infinity : bestIn(this.replay.book.asks, Infinity);
  }

  lotsAt(side: OrderSide, price: number): number {
    return this.numbers.isStale ? NaN : lotsIn(this.ladder(side), price);
  }

  behind(side: OrderSide, price: number): number {
    return behindIn(this.ladder(side), price);
  }

  clear(sequence: number): void {
    this.numbers.begin(sequence);
    this.replay = new L3Replay(FIRST_ORDERS);
  }

  /** Throws BookError for an order that is there already, as do those below for one that is not, or has less. */
  add(id: number, side: OrderSide, price: number, lots: number): void {
    this.replay.add(id, side, price, lots);
    this.arrive(id);
  }

  reduce(id: number, lots: number): void {
    this.replay.reduce(id, lots);
  }

  execute(id: number, lots: number): void {
    const { orders } = this.replay.book;
    const slot = this.replay.book.find(id);
    if (slot !== NONE) {
      this.executedSide = sideOf(orders.flags(slot));
      this.executedPrice = this.replay.book.price(slot);
      this.executedArrival = this.arrivalOf[slot]!;
    }
    this.replay.execute(id, lots);
  }

  delete(id: number): void {
    this.replay.delete(id);
  }

  replace(id: number, newId: number, price: number, lots: number): void {
    this.replay.replace(id, newId, price, lots);
    this.arrive(newId);
  }

  private arrive(id: number): void {
    const slot = this.replay.book.find(id);
    if (slot >= this.arrivalOf.length) {
      this.arrivalOf = resizedFloats(this.arrivalOf, Math.max(slot + 1, this.arrivalOf.length * 2));
    }
    this.arrivals += 1;
    this.arrivalOf[slot] = this.arrivals;
  }

  private ladder(side: OrderSide): PriceLadder {
    return side === 'BUY' ? this.replay.book.bids : this.replay.book.asks;
  }
}
