import { BookError, checkWhole } from './book-error.ts';
import { NONE } from './growing.ts';
import { LimitOrderBook } from './limit-order-book.ts';
import { BUY, SELL } from './order-flags.ts';

/**
 * A book rebuilt from messages about single orders (L3), as exchanges send them: add, reduce, execute,
 * delete and replace. Nothing is matched; the book may stand crossed while an exchange sends the parts
 * of one match. Prices in ticks, quantities in lots, as safe integers.
 *
 * A message that does not fit throws and leaves the book as it is: messages are missing, and it has to be
 * built anew from a snapshot.
 *
 * @example
 * const replay = new L3Replay();
 * replay.add(1, 'BUY', 100, 5);
 * replay.execute(1, 2);
 * topOfBook(replay.book); // { bid: 100, bidLots: 3, ask: null, askLots: 0 }
 */
export class L3Replay {
  readonly book: LimitOrderBook;
  /** Number of the last message; NaN before the first that has one. */
  private sequence = NaN;

  /** @param capacity Orders that there is room for at first; more make it grow. */
  constructor(capacity = 1_024) {
    this.book = new LimitOrderBook(capacity);
  }

  /**
   * For feeds that number their messages: call with the number of each, before the message itself.
   *
   * @throws BookError `SEQUENCE_GAP` when it is not the one after the last.
   */
  checkSequence(sequence: number): void {
    checkWhole('sequence', sequence, 0);
    if (sequence !== this.sequence + 1 && !Number.isNaN(this.sequence)) {
      throw new BookError('SEQUENCE_GAP', `message ${sequence} came after ${this.sequence}: take a snapshot`);
    }
    this.sequence = sequence;
  }

  has(id: number): boolean {
    return this.book.find(id) !== NONE;
  }

  /** A new order, the last of its price. @throws BookError `DUPLICATE_ORDER`, `INVALID_VALUE` */
  add(id: number, side: 'BUY' | 'SELL', price: number, lots: number): void {
    this.checkNew(id, price, lots);
    if (this.book.find(id) !== NONE) {
      throw new BookError('DUPLICATE_ORDER', `order ${id} is in the book already`);
    }
    this.book.add(id, side === 'BUY' ? BUY : SELL, price, lots, lots, 0, 0);
  }

  /** Lots of an order were canceled; it keeps its place, or is gone. @throws BookError */
  reduce(id: number, lots: number): void {
    this.takeOff(id, lots);
  }

  /** Lots of an order were filled. @throws BookError */
  execute(id: number, lots: number): void {
    this.takeOff(id, lots);
  }

  /** An order is gone. @throws BookError `UNKNOWN_ORDER` */
  delete(id: number): void {
    this.book.remove(this.slotOf(id));
  }

  /** An order took another's place on its side, as a new one that is last of its price. @throws BookError */
  replace(id: number, newId: number, price: number, lots: number): void {
    const slot = this.slotOf(id);
    this.checkNew(newId, price, lots);
    if (newId !== id && this.book.find(newId) !== NONE) {
      throw new BookError('DUPLICATE_ORDER', `order ${newId} is in the book already`);
    }
    const flags = this.book.orders.flags(slot);
    this.book.remove(slot);
    this.book.add(newId, flags, price, lots, lots, 0, 0);
  }

  private takeOff(id: number, lots: number): void {
    const slot = this.slotOf(id);
    const leaves = this.book.orders.leaves(slot);
    if (lots === leaves) this.book.remove(slot);
    else if (lots > 0 && lots < leaves && Number.isSafeInteger(lots)) this.book.reduce(slot, lots);
    else throw new BookError('OVER_EXECUTED', `${lots} lots cannot go from order ${id}, which has ${leaves}`);
  }

  private checkNew(id: number, price: number, lots: number): void {
    checkWhole('id', id, Number.MIN_SAFE_INTEGER);
    checkWhole('price', price, Number.MIN_SAFE_INTEGER);
    checkWhole('quantity', lots, 1);
  }

  private slotOf(id: number): number {
    const slot = this.book.find(id);
    if (slot === NONE) throw new BookError('UNKNOWN_ORDER', `order ${id} is not in the book`);
    return slot;
  }
}
