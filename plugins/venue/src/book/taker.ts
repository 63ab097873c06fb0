import type { EngineOrder } from './engine-order.ts';
import { EVENT, type EventLog, REASON } from './event-log.ts';
import { NONE } from './growing.ts';
import type { LimitOrderBook } from './limit-order-book.ts';
import { BUY, SELL, WHOLE_ONLY } from './order-flags.ts';
import type { PriceLadder } from './price-ladder.ts';
import { cutOfMaker, cutOfTaker } from './self-trade.ts';
import type { TradeTape } from './trade-tape.ts';

/** Whether a taker with these flags may trade at a price; a limit of NaN is any price. */
const isWithin = (flags: number, limit: number, price: number): boolean =>
  (flags & SELL) === 0 ? !(price > limit) : !(price < limit);

/**
 * Trades an incoming order with the other side of a book: the better price first, then the earlier
 * order, each at its own price. An all-or-none order that is too large for what is left of the taker is
 * passed over and keeps its place. An order of the taker's owner is met as its mode of self-trade
 * prevention says.
 */
export class Taker {
  private readonly book: LimitOrderBook;
  private readonly events: EventLog;
  private readonly tape: TradeTape;
  /** What {@link wouldTake} has come to. */
  private readonly trial = { left: 0, taken: 0 };

  constructor(book: LimitOrderBook, events: EventLog, tape: TradeTape) {
    this.book = book;
    this.events = events;
    this.tape = tape;
  }

  /** Trades what can be traded up to a limit (NaN: any price) and returns what is left of the order. */
  take(order: EngineOrder, flags: number, limit: number): number {
    const ladder = this.otherSide(flags);
    let left = order.quantity;
    let level = ladder.best;
    while (level !== NONE) {
      const price = ladder.levels.price[level]!;
      if (!isWithin(flags, limit, price)) break;
      left = this.takeLevel(order, flags, price, ladder.levels.head[level]!, left);
      if (left === 0) break;
      level = ladder.behind(price);
    }
    return left;
  }

  /** What {@link take} would trade; changes nothing. */
  wouldTake(order: EngineOrder, flags: number, limit: number): number {
    const ladder = this.otherSide(flags);
    const { levels } = ladder;
    const meetsOwn = order.owner !== 0 && order.selfTrade !== 'ALLOW';
    const { trial } = this;
    trial.left = order.quantity;
    trial.taken = 0;
    let level = ladder.best;
    while (level !== NONE && trial.left > 0) {
      const price = levels.price[level]!;
      if (!isWithin(flags, limit, price)) break;
      if (meetsOwn || levels.wholeOnly[level]! > 0) this.tryLevel(order, levels.head[level]!);
      else this.tryLots(levels.leaves[level]!);
      level = ladder.behind(price);
    }
    return trial.taken;
  }

  private takeLevel(order: EngineOrder, flags: number, price: number, first: number, wanted: number): number {
    const { orders } = this.book;
    const owner = order.selfTrade === 'ALLOW' ? 0 : order.owner;
    let left = wanted;
    let slot = first;
    while (slot !== NONE && left > 0) {
      const next = orders.next(slot);
      if (owner !== 0 && orders.owner(slot) === owner) {
        left = this.meetOwn(order, flags, slot, left);
        slot = next;
      } else if ((orders.flags(slot) & WHOLE_ONLY) !== 0 && orders.leaves(slot) > left) {
        slot = next;
      } else {
        const lots = Math.min(left, orders.shown(slot));
        left -= lots;
        const isRefreshed = this.trade(order.id, flags, slot, price, lots, left);
        // Alone at its price, it is next in line again.
        slot = isRefreshed && next === NONE ? slot : next;
      }
    }
    return left;
  }

  /** Whether the maker showed its next part. */
  private trade(
    taker: number,
    flags: number,
    slot: number,
    price: number,
    lots: number,
    left: number,
  ): boolean {
    const { orders } = this.book;
    const maker = orders.id(slot);
    const makerLeaves = orders.leaves(slot) - lots;
    const state = this.book.fill(slot, lots);
    const trade = this.tape.record(flags, taker, maker, price, lots);
    this.events.add(EVENT.TRADE, flags, taker, maker, price, lots, left, makerLeaves, trade);
    if (state !== 'refreshed') return false;
    const shown = orders.shown(slot);
    this.events.add(EVENT.REFRESHED, orders.flags(slot), maker, 0, price, shown, makerLeaves, 0, 0);
    return true;
  }

  /** Prevents a trade and returns what is left of the taker. */
  private meetOwn(order: EngineOrder, flags: number, slot: number, left: number): number {
    const { orders } = this.book;
    const makerLeaves = orders.leaves(slot);
    const ofMaker = cutOfMaker(order.selfTrade, left, makerLeaves);
    const ofTaker = cutOfTaker(order.selfTrade, left, makerLeaves);
    if (ofMaker > 0) this.cutMaker(slot, ofMaker);
    if (ofTaker === 0) return left;
    const rest = left - ofTaker;
    const kind = rest === 0 ? EVENT.CANCELED : EVENT.REDUCED;
    const price = order.type === 'MARKET' ? 0 : order.price;
    this.events.add(kind, flags, order.id, 0, price, ofTaker, rest, 0, REASON.SELF_TRADE);
    return rest;
  }

  private cutMaker(slot: number, lots: number): void {
    const { orders } = this.book;
    const id = orders.id(slot);
    const flags = orders.flags(slot);
    const price = this.book.price(slot);
    const leaves = orders.leaves(slot) - lots;
    const shown = orders.shown(slot);
    if (leaves === 0) {
      this.book.remove(slot);
      this.events.add(EVENT.CANCELED, flags, id, 0, price, lots, 0, shown, REASON.SELF_TRADE);
    } else {
      this.book.reduce(slot, lots);
      const cut = shown - orders.shown(slot);
      this.events.add(EVENT.REDUCED, flags, id, 0, price, lots, leaves, cut, REASON.SELF_TRADE);
    }
  }

  /** Tries the orders of a level. Parts that come to be shown join behind all of them. */
  private tryLevel(order: EngineOrder, first: number): void {
    const { orders } = this.book;
    const { trial } = this;
    const owner = order.selfTrade === 'ALLOW' ? 0 : order.owner;
    let hidden = 0;
    for (let slot = first; slot !== NONE && trial.left > 0; slot = orders.next(slot)) {
      const leaves = orders.leaves(slot);
      if (owner !== 0 && orders.owner(slot) === owner) {
        trial.left -= cutOfTaker(order.selfTrade, trial.left, leaves);
      } else if ((orders.flags(slot) & WHOLE_ONLY) === 0 || leaves <= trial.left) {
        this.tryLots(orders.shown(slot));
        hidden += leaves - orders.shown(slot);
      }
    }
    this.tryLots(hidden);
  }

  private tryLots(lots: number): void {
    const traded = Math.min(this.trial.left, lots);
    this.trial.left -= traded;
    this.trial.taken += traded;
  }

  private otherSide(flags: number): PriceLadder {
    return this.book.sideOf((flags & SELL) === 0 ? SELL : BUY);
  }
}
