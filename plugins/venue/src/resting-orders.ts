import type { OrderSide } from '@omniquant/plugin-sdk';

import { NONE } from './book/growing.ts';
import { LimitOrderBook } from './book/limit-order-book.ts';
import { BUY, SELL } from './book/order-flags.ts';
import type { PriceLadder } from './book/price-ladder.ts';
import type { MarketLiquidity } from './market-liquidity.ts';
import { leavesOf, type OrderState } from './order-state.ts';

/** The side that an order of `side` trades with. */
export const opposite = (side: OrderSide): OrderSide => (side === 'BUY' ? 'SELL' : 'BUY');

/** Whether a price is within a limit; null is any price. */
export const isWithin = (side: OrderSide, limit: number | null, price: number): boolean =>
  limit === null || (side === 'BUY' ? price <= limit : price >= limit);

const flagsOf = (side: OrderSide): number => (side === 'BUY' ? BUY : SELL);

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
  private readonly book = new LimitOrderBook(16);
  private readonly byBookId = new Map<number, OrderState>();
  private readonly nextPriority: () => number;
  /** Whoever has to know who is in line. */
  private readonly line: Pick<MarketLiquidity, 'rested' | 'left'>;

  constructor(nextPriority: () => number, line: Pick<MarketLiquidity, 'rested' | 'left'>) {
    this.nextPriority = nextPriority;
    this.line = line;
  }

  has(order: OrderState): boolean {
    return this.byBookId.get(order.bookId) === order;
  }

  /** Whether the book takes that many more lots of an order's side. */
  hasRoom({ terms }: OrderState, lots: number): boolean {
    return this.book.hasRoom(flagsOf(terms.side), lots);
  }

  /** Puts an order at the end of its price's queue. `shown` continues one of before a restart. */
  rest(order: OrderState, lots: number, shown?: number): void {
    const { bookId, terms, limit, display } = order;
    if (limit === null) throw new RangeError(`order ${order.id} has no limit and cannot rest`);
    order.shown = Math.min(shown ?? display ?? lots, lots);
    this.book.add(bookId, flagsOf(terms.side), limit, lots, order.shown, display ?? 0, 0);
    this.byBookId.set(bookId, order);
    this.line.rested?.(bookId, terms.side, limit);
  }

  remove(order: OrderState): void {
    if (!this.has(order)) return;
    this.book.remove(this.book.find(order.bookId));
    this.forget(order);
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
    to.shown = from.shown;
    this.byBookId.set(to.bookId, to);
    this.cap(to, leavesOf(to));
    from.shown = null;
  }

  /** Leaves at most that many lots of an order in the book. */
  cap(order: OrderState, lots: number): void {
    const slot = this.book.find(order.bookId);
    if (slot === NONE) return;
    const { orders } = this.book;
    const leaves = orders.leaves(slot);
    if (leaves <= lots) return;
    this.book.reduce(slot, leaves - lots);
    order.shown = orders.shown(slot);
  }

  /** The best price that rests on a side. */
  best(side: OrderSide): number | null {
    const { best, levels } = this.ladderOf(side);
    return best === NONE ? null : levels.price[best]!;
  }

  /** Price, shown lots and place of the order of a side that would match next. */
  first(
    side: OrderSide,
  ): { readonly price: number; readonly shown: number; readonly place: number } | undefined {
    const { best, levels } = this.ladderOf(side);
    if (best === NONE) return undefined;
    const slot = levels.head[best]!;
    const { orders } = this.book;
    return { price: levels.price[best]!, shown: orders.shown(slot), place: orders.id(slot) };
  }

  /** What a taker of `side` would get up to its limit, hidden parts included, counted up to `atMost`. */
  available(side: OrderSide, limit: number | null, atMost: number): number {
    const ladder = this.ladderOf(opposite(side));
    let total = 0;
    for (let level = ladder.best; level !== NONE && total < atMost;) {
      const price = ladder.levels.price[level]!;
      if (!isWithin(side, limit, price)) break;
      total += ladder.levels.leaves[level]!;
      level = ladder.behind(price);
    }
    return Math.min(total, atMost);
  }

  /** Fills the first order in line against a taker of `side`. */
  takeFirst(side: OrderSide, limit: number | null, wanted: number): MakerFill | undefined {
    const { best, levels } = this.ladderOf(opposite(side));
    if (best === NONE || !isWithin(side, limit, levels.price[best]!)) return undefined;
    const price = levels.price[best]!;
    const slot = levels.head[best]!;
    const { orders } = this.book;
    const order = this.byBookId.get(orders.id(slot));
    if (order === undefined) return undefined;
    const lots = Math.min(wanted, orders.shown(slot));
    const state = this.book.fill(slot, lots);
    const isExhausted = state === 'done';
    if (isExhausted) this.forget(order);
    else order.shown = orders.shown(slot);
    if (state === 'refreshed') this.refresh(order, price);
    return { order, price, lots, isExhausted };
  }

  /** The shown part was used up, so the next one is behind the others of its price. */
  private refresh(order: OrderState, price: number): void {
    order.priority = this.nextPriority();
    this.line.left?.(order.bookId);
    this.line.rested?.(order.bookId, order.terms.side, price);
  }

  private forget(order: OrderState): void {
    this.byBookId.delete(order.bookId);
    order.shown = null;
    this.line.left?.(order.bookId);
  }

  private ladderOf(side: OrderSide): PriceLadder {
    return this.book.sideOf(flagsOf(side));
  }
}
