import type { OrderSide } from '@omniquant/plugin-sdk';

import type { BookFill, BookLevel, BookOrder, BookResult, RestingOrder } from './book-order.ts';
import { BookSide } from './book-side.ts';

/** The side that an order of `side` trades with. */
export const opposite = (side: OrderSide): OrderSide => (side === 'BUY' ? 'SELL' : 'BUY');

/**
 * A limit order book with price-time priority. The better price goes first, then the earlier order.
 * An order with a display quantity shows that much at a time; when the shown part is used up the next
 * part joins the end of its price's queue. Who owns an order is unknown here: the book matches any
 * two that cross.
 */
export class OrderBook {
  private readonly bids = new BookSide('BUY');
  private readonly asks = new BookSide('SELL');

  /** Matches an order and lets the remainder rest if it may. */
  submit(order: BookOrder): BookResult {
    const { side, price, quantity, timeInForce, postOnly } = order;
    if (postOnly && this.crosses(side, price)) return { outcome: 'refused', fills: [], leaves: quantity };
    if (timeInForce === 'FOK' && this.available(side, price, quantity) < quantity) {
      return { outcome: 'refused', fills: [], leaves: quantity };
    }
    const fills = this.take(side, price, quantity);
    const leaves = fills.reduce((left, fill) => left - fill.quantity, quantity);
    if (leaves === 0) return { outcome: 'done', fills, leaves };
    if (price === null || timeInForce !== 'GTC') return { outcome: 'canceled', fills, leaves };
    this.rest({ ...order, price, leaves });
    return { outcome: 'rested', fills, leaves };
  }

  /**
   * Lets an order wait behind those of its price without matching it. `shown` continues an order that
   * rested before; it starts with its display quantity otherwise.
   */
  rest(order: {
    readonly id: number;
    readonly side: OrderSide;
    readonly price: number;
    readonly leaves: number;
    readonly display: number | null;
    readonly shown?: number;
  }): void {
    this.sideOf(order.side).add(order);
  }

  /** Fills a taker of `side` from the other side, up to its limit, and leaves nothing of it behind. */
  take(side: OrderSide, limit: number | null, quantity: number): BookFill[] {
    const fills: BookFill[] = [];
    let wanted = quantity;
    while (wanted > 0) {
      const fill = this.takeFirst(side, limit, wanted);
      if (fill === undefined) break;
      fills.push(fill);
      wanted -= fill.quantity;
    }
    return fills;
  }

  /** As {@link take}, but from the first maker in line only. */
  takeFirst(side: OrderSide, limit: number | null, quantity: number): BookFill | undefined {
    return this.sideOf(opposite(side)).takeFirst(limit, quantity);
  }

  /** What a taker of `side` would get up to its limit, hidden parts included, counted up to `atMost`. */
  available(side: OrderSide, limit: number | null, atMost: number): number {
    return this.sideOf(opposite(side)).available(limit, atMost);
  }

  /** Takes an order out and says what was left of it; 0 when it does not rest here. */
  cancel(id: number): number {
    return this.bids.remove(id) || this.asks.remove(id);
  }

  /**
   * Gives a resting order another price or quantity. Made smaller at its price it keeps its place;
   * else it leaves the book and is submitted anew, and may match. Undefined when it does not rest.
   */
  replace(id: number, price: number, quantity: number): BookResult | undefined {
    const resting = this.find(id);
    if (resting === undefined) return undefined;
    if (this.shrink(id, price, quantity)) return { outcome: 'rested', fills: [], leaves: quantity };
    this.cancel(id);
    const { side, display } = resting;
    return this.submit({ id, side, price, quantity, display, timeInForce: 'GTC', postOnly: false });
  }

  /** Makes a resting order smaller in its place; false when that is not all that is asked. */
  shrink(id: number, price: number, quantity: number): boolean {
    return this.bids.shrink(id, price, quantity) || this.asks.shrink(id, price, quantity);
  }

  find(id: number): RestingOrder | undefined {
    return this.bids.find(id) ?? this.asks.find(id);
  }

  /** The best price that rests on a side. */
  best(side: OrderSide): number | null {
    return this.sideOf(side).bestPrice();
  }

  /** The order of a side that would match next. */
  first(side: OrderSide): RestingOrder | undefined {
    return this.sideOf(side).first();
  }

  /** Resting orders of a side in the order in which they would match. */
  orders(side: OrderSide): RestingOrder[] {
    return this.sideOf(side).orders();
  }

  /** The best levels of a side, as the book shows them. */
  depth(side: OrderSide, levels: number): BookLevel[] {
    return this.sideOf(side).depth(levels);
  }

  get size(): number {
    return this.bids.size + this.asks.size;
  }

  private crosses(side: OrderSide, price: number | null): boolean {
    const best = this.best(opposite(side));
    if (best === null) return false;
    if (price === null) return true;
    return side === 'BUY' ? price >= best : price <= best;
  }

  private sideOf(side: OrderSide): BookSide {
    return side === 'BUY' ? this.bids : this.asks;
  }
}
