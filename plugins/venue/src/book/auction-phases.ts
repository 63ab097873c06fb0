import type { AuctionKind, AuctionOrders } from './auction-orders.ts';
import { auctionPrice, type AuctionResult } from './auction-price.ts';
import { BookError } from './book-error.ts';
import type { EngineState } from './engine-state.ts';
import { EVENT, REASON } from './event-log.ts';
import { NONE } from './growing.ts';
import type { LimitOrderBook } from './limit-order-book.ts';
import { isForAuction } from './order-flags.ts';
import type { PriceLadder } from './price-ladder.ts';
import { uncross } from './uncross.ts';

/** Leads an engine's state through an auction: the call, in which the book may cross, and the uncross. */
export class AuctionPhases {
  private readonly state: EngineState;

  constructor(state: EngineState) {
    this.state = state;
  }

  startCall(kind: AuctionKind): void {
    const { state } = this;
    if (state.phase !== 'CONTINUOUS') {
      throw new BookError('WRONG_PHASE', `uncross the ${state.phase} before another call starts`);
    }
    state.phase = kind === 'OPENING' ? 'OPENING_CALL' : 'CLOSING_CALL';
    const { limits } = this.called();
    for (const ladder of [limits.bids, limits.asks]) {
      while (ladder.best !== NONE) this.moveToBook(limits, ladder.levels.head[ladder.best]!);
    }
  }

  indicative(reference: number): AuctionResult {
    return auctionPrice(this.state.book, this.called().markets, reference);
  }

  uncross(reference: number): AuctionResult {
    const { book } = this.state;
    const { markets } = this.called();
    const result = uncross(book, markets, reference, this.state);
    this.endAll(markets, markets.bids, () => true);
    this.endAll(markets, markets.asks, () => true);
    this.endAll(book, book.bids, isForAuction);
    this.endAll(book, book.asks, isForAuction);
    this.state.phase = 'CONTINUOUS';
    return result;
  }

  private called(): AuctionOrders {
    const { phase, opening, closing } = this.state;
    if (phase === 'CONTINUOUS') throw new BookError('WRONG_PHASE', 'start the call of an auction first');
    return phase === 'OPENING_CALL' ? opening : closing;
  }

  private moveToBook(from: LimitOrderBook, slot: number): void {
    const { book, events } = this.state;
    const { orders } = from;
    const [id, flags, price, leaves] = [
      orders.id(slot),
      orders.flags(slot),
      from.price(slot),
      orders.leaves(slot),
    ];
    const [shown, display, owner] = [orders.shown(slot), orders.display(slot), orders.owner(slot)];
    from.remove(slot);
    if (book.hasRoom(flags, leaves)) {
      book.add(id, flags, price, leaves, shown, display, owner);
      events.add(EVENT.RESTED, flags, id, 0, price, shown, leaves, 0, 0);
    } else events.add(EVENT.CANCELED, flags, id, 0, price, leaves, 0, 0, REASON.BOOK_FULL);
  }

  private endAll(holder: LimitOrderBook, ladder: PriceLadder, ends: (flags: number) => boolean): void {
    const { orders } = holder;
    for (let level = ladder.best; level !== NONE;) {
      const price = ladder.levels.price[level]!;
      for (let slot = ladder.levels.head[level]!; slot !== NONE;) {
        const next = orders.next(slot);
        if (ends(orders.flags(slot))) this.end(holder, slot);
        slot = next;
      }
      level = ladder.behind(price);
    }
  }

  private end(holder: LimitOrderBook, slot: number): void {
    const { orders } = holder;
    const [id, flags, price, leaves] = [
      orders.id(slot),
      orders.flags(slot),
      holder.price(slot),
      orders.leaves(slot),
    ];
    const shown = holder === this.state.book ? orders.shown(slot) : 0;
    holder.remove(slot);
    const { events } = this.state;
    events.add(EVENT.CANCELED, flags, id, 0, price, leaves, 0, shown, REASON.AUCTION_ENDED);
  }
}
