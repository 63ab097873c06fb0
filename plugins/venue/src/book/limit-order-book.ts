import { BookError, MAX_SIDE_LOTS } from './book-error.ts';
import { NONE } from './growing.ts';
import { IdIndex } from './id-index.ts';
import { SELL, WHOLE_ONLY } from './order-flags.ts';
import { OrderStore } from './order-store.ts';
import { PriceLadder } from './price-ladder.ts';

/** What {@link LimitOrderBook.fill} left of an order. */
export type FillState = 'partial' | 'refreshed' | 'done';

/**
 * Resting orders of one instrument in price-time priority. It holds and orders them, and matches
 * nothing: the matching engine, stop orders and rebuilt feeds all are made of it. Orders are slots of
 * `orders`, levels slots of a ladder's `levels`; a slot is good until its order is removed.
 *
 * Invariants: a level exists if and only if it has an order; its sums are those of its orders; 0 <
 * shown <= leaves of each order; ids are unique; a side holds at most MAX_SIDE_LOTS lots.
 *
 * Nothing is allocated while the number of orders and of levels stays below what it has been once.
 */
export class LimitOrderBook {
  readonly orders: OrderStore;
  readonly bids = new PriceLadder('descending');
  readonly asks = new PriceLadder('ascending');
  private readonly index: IdIndex;
  private bidLots = 0;
  private askLots = 0;

  /** @param capacity Orders that there is room for at first; more make it grow. */
  constructor(capacity = 1_024) {
    this.orders = new OrderStore(capacity);
    this.index = new IdIndex(this.orders, capacity);
  }

  get size(): number {
    return this.index.size;
  }

  /** The slot of an order, or NONE. */
  find(id: number): number {
    return this.index.get(id);
  }

  /** The price of a slot's order, in ticks. */
  price(slot: number): number {
    return this.sideOf(this.orders.flags(slot)).levels.price[this.orders.level(slot)]!;
  }

  /** The ladder that an order with these flags rests on. */
  sideOf(flags: number): PriceLadder {
    return (flags & SELL) === 0 ? this.bids : this.asks;
  }

  /** All lots of the side, hidden ones included. */
  lotsOf(flags: number): number {
    return (flags & SELL) === 0 ? this.bidLots : this.askLots;
  }

  /** Whether a side has room for that many more lots. */
  hasRoom(flags: number, lots: number): boolean {
    return this.lotsOf(flags) + lots <= MAX_SIDE_LOTS;
  }

  /**
   * Puts an order at the end of its price's queue and returns its slot. The id must not be in the book.
   *
   * @throws BookError `QUANTITY_OVERFLOW`
   */
  add(
    id: number,
    flags: number,
    price: number,
    leaves: number,
    shown: number,
    display: number,
    owner: number,
  ): number {
    if (!this.hasRoom(flags, leaves)) {
      throw new BookError('QUANTITY_OVERFLOW', `a side of the book holds at most ${MAX_SIDE_LOTS} lots`);
    }
    const ladder = this.sideOf(flags);
    const level = ladder.at(price);
    const slot = this.orders.add(id, flags, leaves, shown, display, owner, level);
    this.index.set(id, slot);
    ladder.levels.orders[level]! += 1;
    this.link(ladder, level, slot);
    this.count(flags, ladder, level, leaves, shown);
    return slot;
  }

  remove(slot: number): void {
    const { orders } = this;
    const flags = orders.flags(slot);
    const ladder = this.sideOf(flags);
    const { levels } = ladder;
    const level = orders.level(slot);
    this.index.delete(orders.id(slot));
    this.count(flags, ladder, level, -orders.leaves(slot), -orders.shown(slot));
    this.unlink(ladder, level, slot);
    orders.give(slot);
    const left = levels.orders[level]! - 1;
    levels.orders[level] = left;
    if (left === 0) ladder.remove(level);
  }

  /** Takes lots off an order in its place, of its hidden part first; what is left must be above 0. */
  reduce(slot: number, lots: number): void {
    const { orders } = this;
    const leaves = orders.leaves(slot) - lots;
    const shown = orders.shown(slot);
    const cut = Math.max(0, shown - leaves);
    orders.setLots(slot, leaves, shown - cut);
    const flags = orders.flags(slot);
    this.count(flags, this.sideOf(flags), orders.level(slot), -lots, -cut);
  }

  /**
   * Fills lots of an order, at most what it shows. `done`: it is gone. `refreshed`: its shown part is
   * used up, and the next one is at the end of its price's queue.
   */
  fill(slot: number, lots: number): FillState {
    const { orders } = this;
    const left = orders.leaves(slot) - lots;
    if (left === 0) {
      this.remove(slot);
      return 'done';
    }
    const flags = orders.flags(slot);
    const ladder = this.sideOf(flags);
    const level = orders.level(slot);
    const shown = orders.shown(slot) - lots;
    if (shown > 0) {
      orders.setLots(slot, left, shown);
      this.count(flags, ladder, level, -lots, -lots);
      return 'partial';
    }
    const display = orders.display(slot);
    const next = display === 0 ? left : Math.min(display, left);
    orders.setLots(slot, left, next);
    this.count(flags, ladder, level, -lots, next - lots);
    this.unlink(ladder, level, slot);
    this.link(ladder, level, slot);
    return 'refreshed';
  }

  private link(ladder: PriceLadder, level: number, slot: number): void {
    const { levels } = ladder;
    const tail = levels.tail[level]!;
    this.orders.setNext(slot, NONE);
    this.orders.setPrevious(slot, tail);
    levels.tail[level] = slot;
    if (tail === NONE) levels.head[level] = slot;
    else this.orders.setNext(tail, slot);
  }

  private unlink(ladder: PriceLadder, level: number, slot: number): void {
    const { levels } = ladder;
    const { orders } = this;
    const before = orders.previous(slot);
    const after = orders.next(slot);
    if (before === NONE) levels.head[level] = after;
    else orders.setNext(before, after);
    if (after === NONE) levels.tail[level] = before;
    else orders.setPrevious(after, before);
  }

  private count(flags: number, ladder: PriceLadder, level: number, leaves: number, shown: number): void {
    const { levels } = ladder;
    levels.leaves[level]! += leaves;
    levels.shown[level]! += shown;
    if ((flags & WHOLE_ONLY) !== 0) levels.wholeOnly[level]! += leaves;
    if ((flags & SELL) === 0) this.bidLots += leaves;
    else this.askLots += leaves;
  }
}
