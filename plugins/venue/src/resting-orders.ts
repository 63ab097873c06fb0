import type { OrderSide } from '@omniquant/plugin-sdk';

import type { RestingOrder } from './book-order.ts';
import { opposite, OrderBook } from './order-book.ts';
import { leavesOf, type OrderState } from './order-state.ts';

/** Lots that a resting order gave. */
export interface MakerFill {
  readonly order: OrderState;
  readonly price: number;
  readonly lots: number;
  /** Nothing of it is left in the book. */
  readonly isExhausted: boolean;
}

/** The orders that rest in a symbol's book, with `shown` and `priority` kept as the book has them. */
export class RestingOrders {
  readonly book = new OrderBook();
  private readonly byBookId = new Map<number, OrderState>();
  private readonly nextPriority: () => number;

  constructor(nextPriority: () => number) {
    this.nextPriority = nextPriority;
  }

  has(order: OrderState): boolean {
    return this.byBookId.get(order.bookId) === order;
  }

  /** Puts an order at the end of its price's queue. `shown` continues one of before a restart. */
  rest(order: OrderState, lots: number, shown?: number): void {
    const { bookId, terms, limit, display } = order;
    if (limit === null) throw new RangeError(`order ${order.id} has no limit and cannot rest`);
    this.book.rest({
      id: bookId,
      side: terms.side,
      price: limit,
      leaves: lots,
      display,
      ...(shown === undefined ? {} : { shown }),
    });
    this.byBookId.set(bookId, order);
    order.shown = this.book.find(bookId)?.shown ?? null;
  }

  remove(order: OrderState): void {
    if (!this.has(order)) return;
    this.book.cancel(order.bookId);
    this.byBookId.delete(order.bookId);
    order.shown = null;
  }

  /** Whether a new revision may take the place of an old one in the queue: it only shrinks. */
  canInherit(from: OrderState, to: OrderState): boolean {
    return (
      this.has(from) &&
      from.limit === to.limit &&
      from.display === to.display &&
      from.terms.reduceOnly === to.terms.reduceOnly &&
      leavesOf(to) <= leavesOf(from)
    );
  }

  inherit(from: OrderState, to: OrderState): void {
    to.bookId = from.bookId;
    to.priority = from.priority;
    this.byBookId.set(to.bookId, to);
    this.cap(to, leavesOf(to));
    to.shown = this.book.find(to.bookId)?.shown ?? null;
    from.shown = null;
  }

  /** Leaves at most that many lots of an order in the book. */
  cap(order: OrderState, lots: number): void {
    const resting = this.book.find(order.bookId);
    if (resting === undefined || resting.leaves <= lots) return;
    this.book.shrink(order.bookId, resting.price, lots);
    order.shown = Math.min(resting.shown, lots);
  }

  best(side: OrderSide): number | null {
    return this.book.best(side);
  }

  first(side: OrderSide): RestingOrder | undefined {
    return this.book.first(side);
  }

  /** Fills the first order in line against a taker of `side`. */
  takeFirst(side: OrderSide, limit: number | null, lots: number): MakerFill | undefined {
    const before = this.book.first(opposite(side));
    const fill = this.book.takeFirst(side, limit, lots);
    const order = fill === undefined ? undefined : this.byBookId.get(fill.makerId);
    if (fill === undefined || order === undefined || before === undefined) return undefined;
    const isExhausted = fill.makerLeaves === 0;
    if (isExhausted) {
      this.byBookId.delete(fill.makerId);
      order.shown = null;
    } else {
      order.shown = this.book.find(fill.makerId)?.shown ?? null;
      // The shown part was used up, so the next one is behind the others of its price.
      if (fill.quantity === before.shown) order.priority = this.nextPriority();
    }
    return { order, price: fill.price, lots: fill.quantity, isExhausted };
  }
}
