import type { EngineOrder } from './engine-order.ts';
import { NONE } from './growing.ts';
import { LimitOrderBook } from './limit-order-book.ts';

export type AuctionKind = 'OPENING' | 'CLOSING';

const FIRST_ORDERS = 64;

/** Orders for one kind of auction that are not in the book: those with a limit wait for the call. */
export class AuctionOrders {
  readonly limits = new LimitOrderBook(FIRST_ORDERS);
  /** All at price 0: the earlier goes first. */
  readonly markets = new LimitOrderBook(FIRST_ORDERS);

  get size(): number {
    return this.limits.size + this.markets.size;
  }

  /** The book that an order waits in; undefined when it does not. */
  holderOf(id: number): LimitOrderBook | undefined {
    if (this.limits.find(id) !== NONE) return this.limits;
    return this.markets.find(id) === NONE ? undefined : this.markets;
  }

  /** @throws BookError `QUANTITY_OVERFLOW` */
  add(order: EngineOrder, flags: number): void {
    const { id, price, quantity, display, owner } = order;
    const shown = display === 0 ? quantity : Math.min(display, quantity);
    if (order.type === 'MARKET') this.markets.add(id, flags, 0, quantity, quantity, 0, owner);
    else this.limits.add(id, flags, price, quantity, shown, display, owner);
  }
}
