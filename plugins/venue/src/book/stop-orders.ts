import { type EngineOrder, engineOrder } from './engine-order.ts';
import { NONE, resizedFloats } from './growing.ts';
import { LimitOrderBook } from './limit-order-book.ts';
import { SELL, writeFlags } from './order-flags.ts';

/**
 * Orders that wait for the market to trade at their trigger or beyond it: a book of triggers, where
 * those to buy are on the side of asks, the lowest first, and those to sell on the side of bids.
 */
export class StopOrders {
  readonly book: LimitOrderBook;
  private limit: Float64Array;
  private minimum: Float64Array;
  private readonly taken = engineOrder({});

  constructor(capacity: number) {
    this.book = new LimitOrderBook(capacity);
    this.limit = new Float64Array(capacity);
    this.minimum = new Float64Array(capacity);
  }

  get size(): number {
    return this.book.size;
  }

  /** The limit of a waiting order's slot; not looked at without one. */
  limitOf(slot: number): number {
    return this.limit[slot]!;
  }

  minimumOf(slot: number): number {
    return this.minimum[slot]!;
  }

  setMinimum(slot: number, lots: number): void {
    this.minimum[slot] = lots;
  }

  /** @throws BookError `QUANTITY_OVERFLOW` */
  add(order: EngineOrder, flags: number): void {
    const { id, stop, quantity, display, owner } = order;
    const slot = this.book.add(id, flags ^ SELL, stop, quantity, quantity, display, owner);
    if (slot >= this.limit.length) {
      this.limit = resizedFloats(this.limit, this.book.orders.capacity);
      this.minimum = resizedFloats(this.minimum, this.book.orders.capacity);
    }
    this.limit[slot] = order.price;
    this.minimum[slot] = order.minimum;
  }

  /**
   * The next order that trades between two prices set off, or NONE: orders to buy first, then the
   * nearest trigger, then the earlier order.
   */
  nextWithin(low: number, high: number): number {
    const { asks, bids } = this.book;
    if (asks.best !== NONE && asks.levels.price[asks.best]! <= high) return asks.levels.head[asks.best]!;
    if (bids.best !== NONE && bids.levels.price[bids.best]! >= low) return bids.levels.head[bids.best]!;
    return NONE;
  }

  /** What waits in a slot, as an order that may enter the book. The object is filled in anew by each call. */
  read(slot: number): EngineOrder {
    const { orders } = this.book;
    const order = this.taken;
    writeFlags(orders.flags(slot) ^ SELL, order);
    order.id = orders.id(slot);
    order.owner = orders.owner(slot);
    order.stop = this.book.price(slot);
    order.price = this.limit[slot]!;
    order.quantity = orders.leaves(slot);
    order.display = orders.display(slot);
    order.minimum = this.minimum[slot]!;
    return order;
  }
}
