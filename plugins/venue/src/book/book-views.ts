import type { OrderSide } from '@omniquant/plugin-sdk';

import { NONE } from './growing.ts';
import type { LimitOrderBook } from './limit-order-book.ts';
import { BUY, SELL } from './order-flags.ts';
import type { PriceLadder } from './price-ladder.ts';

/** L1: the best prices and what is shown there; null prices and 0 lots on an empty side. */
export interface TopOfBook {
  bid: number | null;
  bidLots: number;
  ask: number | null;
  askLots: number;
}

/** L2: a price with the lots that it shows and the number of its orders. */
export interface DepthLevel {
  readonly price: number;
  readonly lots: number;
  readonly orders: number;
}

/** L3: one order. */
export interface OrderView {
  readonly id: number;
  readonly side: OrderSide;
  readonly price: number;
  /** What is left of it, the hidden part included. */
  readonly leaves: number;
  readonly shown: number;
  readonly display: number;
  readonly owner: number;
}

/** L1. Writes into `into`, where it is given, and allocates nothing then. */
export function topOfBook(
  book: LimitOrderBook,
  into: TopOfBook = { bid: null, bidLots: 0, ask: null, askLots: 0 },
): TopOfBook {
  const { bids, asks } = book;
  into.bid = bids.best === NONE ? null : bids.levels.price[bids.best]!;
  into.bidLots = bids.best === NONE ? 0 : bids.levels.shown[bids.best]!;
  into.ask = asks.best === NONE ? null : asks.levels.price[asks.best]!;
  into.askLots = asks.best === NONE ? 0 : asks.levels.shown[asks.best]!;
  return into;
}

/** L2: the best levels of a side. All-or-none orders count like others. */
export function depthOf(book: LimitOrderBook, side: OrderSide, most = Infinity): DepthLevel[] {
  const ladder = ladderOf(book, side);
  const { levels } = ladder;
  const depth: DepthLevel[] = [];
  for (let level = ladder.best; level !== NONE && depth.length < most;) {
    const price = levels.price[level]!;
    depth.push({ price, lots: levels.shown[level]!, orders: levels.orders[level]! });
    level = ladder.behind(price);
  }
  return depth;
}

/**
 * L2 without allocation: fills in prices and lots of the best levels, as many as there is room for, and
 * returns how many there are.
 */
export function copyDepth(
  book: LimitOrderBook,
  side: OrderSide,
  prices: Float64Array,
  lots: Float64Array,
): number {
  const ladder = ladderOf(book, side);
  const most = Math.min(prices.length, lots.length);
  let count = 0;
  for (let level = ladder.best; level !== NONE && count < most; count += 1) {
    const price = ladder.levels.price[level]!;
    prices[count] = price;
    lots[count] = ladder.levels.shown[level]!;
    level = ladder.behind(price);
  }
  return count;
}

/** L3: the orders of a side in the order in which they would match. */
export function ordersOf(book: LimitOrderBook, side: OrderSide): OrderView[] {
  const ladder = ladderOf(book, side);
  const { orders } = book;
  const views: OrderView[] = [];
  for (let level = ladder.best; level !== NONE; level = ladder.behind(ladder.levels.price[level]!)) {
    for (let slot = ladder.levels.head[level]!; slot !== NONE; slot = orders.next(slot)) {
      views.push(viewOf(book, slot, side));
    }
  }
  return views;
}

/** One order; undefined when it does not rest in the book. */
export function orderOf(book: LimitOrderBook, id: number): OrderView | undefined {
  const slot = book.find(id);
  if (slot === NONE) return undefined;
  return viewOf(book, slot, (book.orders.flags(slot) & SELL) === 0 ? 'BUY' : 'SELL');
}

/** Lots that are shown before an order at its price; undefined when it does not rest. */
export function lotsAhead(book: LimitOrderBook, id: number): number | undefined {
  let slot = book.find(id);
  if (slot === NONE) return undefined;
  const { orders } = book;
  let lots = 0;
  for (slot = orders.previous(slot); slot !== NONE; slot = orders.previous(slot)) lots += orders.shown(slot);
  return lots;
}

function viewOf(book: LimitOrderBook, slot: number, side: OrderSide): OrderView {
  const { orders } = book;
  return {
    id: orders.id(slot),
    side,
    price: book.price(slot),
    leaves: orders.leaves(slot),
    shown: orders.shown(slot),
    display: orders.display(slot),
    owner: orders.owner(slot),
  };
}

function ladderOf(book: LimitOrderBook, side: OrderSide): PriceLadder {
  return book.sideOf(side === 'BUY' ? BUY : SELL);
}
