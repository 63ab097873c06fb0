import { MAX_SIDE_LOTS } from './book-error.ts';
import { type EngineOrder, engineOrder } from './engine-order.ts';
import type { EngineState } from './engine-state.ts';
import { EVENT, REASON } from './event-log.ts';
import { NONE } from './growing.ts';
import type { LimitOrderBook } from './limit-order-book.ts';
import type { OrderEntrance } from './order-entrance.ts';
import { SELL, writeFlags } from './order-flags.ts';

/** Cancels and replaces orders wherever they wait. What only shrinks keeps its place. */
export class OrderRevision {
  private readonly state: EngineState;
  private readonly entrance: OrderEntrance;
  private readonly revised = engineOrder({});

  constructor(state: EngineState, entrance: OrderEntrance) {
    this.state = state;
    this.entrance = entrance;
  }

  cancel(id: number): void {
    const { book, stops } = this.state;
    const slot = book.find(id);
    if (slot !== NONE) {
      this.remove(book, slot, EVENT.CANCELED, book.orders.shown(slot), 0, REASON.BY_OWNER);
      return;
    }
    const waiting = stops.size > 0 ? stops.book.find(id) : NONE;
    if (waiting !== NONE) this.remove(stops.book, waiting, EVENT.CANCELED, 0, SELL, REASON.BY_OWNER);
    else this.cancelForAuction(id);
  }

  /** @param stop The new trigger of a stop order; NaN keeps it. */
  replace(id: number, price: number, quantity: number, stop: number): void {
    const { book, stops } = this.state;
    if (!Number.isSafeInteger(quantity) || quantity < 1) this.refuse(id, REASON.INVALID_QUANTITY);
    else if (!Number.isSafeInteger(price)) this.refuse(id, REASON.INVALID_PRICE);
    else if (!Number.isNaN(stop) && !Number.isSafeInteger(stop)) this.refuse(id, REASON.INVALID_STOP);
    else {
      const slot = book.find(id);
      const waiting = stops.size > 0 ? stops.book.find(id) : NONE;
      if (slot !== NONE) this.replaceResting(slot, price, quantity);
      else if (waiting !== NONE) this.replaceStop(waiting, price, quantity, stop);
      else this.replaceForAuction(id, price, quantity);
    }
  }

  private replaceResting(slot: number, price: number, quantity: number): void {
    const { book, phase } = this.state;
    const { orders } = book;
    const leaves = orders.leaves(slot);
    if (price === book.price(slot) && quantity <= leaves) {
      this.shrink(book, slot, quantity, 0);
      return;
    }
    const flags = orders.flags(slot);
    const order = this.read(book, slot, flags, price, quantity);
    if (book.lotsOf(flags) - leaves + quantity > MAX_SIDE_LOTS) {
      this.entrance.reject(order, flags, REASON.BOOK_FULL);
    } else if (phase === 'CONTINUOUS' && order.postOnly === 'REJECT' && this.entrance.crosses(flags, price)) {
      this.entrance.reject(order, flags, REASON.WOULD_TAKE);
    } else {
      this.remove(book, slot, EVENT.REPLACED, orders.shown(slot), 0, 0);
      if (phase === 'CONTINUOUS') this.entrance.work(order, flags);
      else this.entrance.rest(order, flags, price, quantity);
    }
  }

  private replaceStop(slot: number, price: number, quantity: number, newStop: number): void {
    const { stops } = this.state;
    const { orders } = stops.book;
    const flags = orders.flags(slot) ^ SELL;
    const stop = Number.isNaN(newStop) ? stops.book.price(slot) : newStop;
    const minimum = Math.min(stops.minimumOf(slot), quantity);
    const order = this.read(stops.book, slot, flags, price, quantity);
    const isSameLimit = order.type === 'MARKET' || price === stops.limitOf(slot);
    if (stop === stops.book.price(slot) && isSameLimit && quantity <= orders.leaves(slot)) {
      this.shrink(stops.book, slot, quantity, SELL);
      stops.setMinimum(slot, minimum);
    } else if (stops.book.lotsOf(flags ^ SELL) - orders.leaves(slot) + quantity > MAX_SIDE_LOTS) {
      this.entrance.reject(order, flags, REASON.BOOK_FULL);
    } else {
      this.remove(stops.book, slot, EVENT.REPLACED, 0, SELL, 0);
      order.type = order.type === 'MARKET' ? 'STOP' : 'STOP_LIMIT';
      order.stop = stop;
      order.minimum = minimum;
      this.entrance.enter(order, flags);
    }
  }

  private replaceForAuction(id: number, price: number, quantity: number): void {
    const auction = this.state.auctionOf(id);
    const holder = auction?.holderOf(id);
    if (auction === undefined || holder === undefined) {
      this.refuse(id, REASON.UNKNOWN_ORDER);
      return;
    }
    const { orders } = holder;
    const slot = holder.find(id);
    const flags = orders.flags(slot);
    const order = this.read(holder, slot, flags, price, quantity);
    const isSamePrice = order.type === 'MARKET' || price === holder.price(slot);
    if (isSamePrice && quantity <= orders.leaves(slot)) this.shrink(holder, slot, quantity, 0);
    else if (holder.lotsOf(flags) - orders.leaves(slot) + quantity > MAX_SIDE_LOTS) {
      this.entrance.reject(order, flags, REASON.BOOK_FULL);
    } else {
      this.remove(holder, slot, EVENT.REPLACED, 0, 0, 0);
      this.entrance.enter(order, flags);
    }
  }

  private cancelForAuction(id: number): void {
    const holder = this.state.auctionOf(id)?.holderOf(id);
    if (holder === undefined) this.refuse(id, REASON.UNKNOWN_ORDER);
    else this.remove(holder, holder.find(id), EVENT.CANCELED, 0, 0, REASON.BY_OWNER);
  }

  /** An order as it waits, at a new price and quantity. A minimum counts for its first entry only. */
  private read(
    book: LimitOrderBook,
    slot: number,
    flags: number,
    price: number,
    quantity: number,
  ): EngineOrder {
    const { orders } = book;
    const order = this.revised;
    writeFlags(flags, order);
    order.id = orders.id(slot);
    order.owner = orders.owner(slot);
    order.price = price;
    order.quantity = quantity;
    order.display = orders.display(slot);
    order.minimum = 0;
    return order;
  }

  /** @param flip Bits by which the holder's flags differ from the order's. */
  private shrink(holder: LimitOrderBook, slot: number, quantity: number, flip: number): void {
    const { orders } = holder;
    const shown = orders.shown(slot);
    const lots = orders.leaves(slot) - quantity;
    holder.reduce(slot, lots);
    const cut = holder === this.state.book ? shown - orders.shown(slot) : 0;
    const flags = orders.flags(slot) ^ flip;
    const id = orders.id(slot);
    const price = holder.price(slot);
    this.state.events.add(EVENT.REDUCED, flags, id, 0, price, lots, quantity, cut, REASON.REPLACED);
  }

  /** @param flip As of {@link shrink}. */
  private remove(
    holder: LimitOrderBook,
    slot: number,
    kind: number,
    shown: number,
    flip: number,
    detail: number,
  ): void {
    const { orders } = holder;
    const flags = orders.flags(slot) ^ flip;
    const id = orders.id(slot);
    const price = holder.price(slot);
    const leaves = orders.leaves(slot);
    holder.remove(slot);
    this.state.events.add(kind, flags, id, 0, price, leaves, 0, shown, detail);
  }

  private refuse(id: number, reason: number): void {
    this.state.events.add(EVENT.REJECTED, 0, id, 0, 0, 0, 0, 0, reason);
  }
}
