import type { EngineOrder } from './engine-order.ts';
import type { EngineState } from './engine-state.ts';
import { EVENT, REASON } from './event-log.ts';
import { NONE } from './growing.ts';
import { BUY, SELL } from './order-flags.ts';
import { Taker } from './taker.ts';

/** Takes in orders whose form has been checked: trades them as far as they may, and decides about the rest. */
export class OrderEntrance {
  private readonly state: EngineState;
  private readonly taker: Taker;

  constructor(state: EngineState) {
    this.state = state;
    this.taker = new Taker(state.book, state.events, state.tape);
  }

  /** A new order, in whatever phase. */
  enter(order: EngineOrder, flags: number): void {
    const { stops, phase } = this.state;
    if (order.type === 'STOP' || order.type === 'STOP_LIMIT') {
      if (!stops.book.hasRoom(flags ^ SELL, order.quantity)) this.reject(order, flags, REASON.BOOK_FULL);
      else {
        stops.add(order, flags);
        this.hold(order, flags, order.stop);
      }
    } else if (phase !== 'CONTINUOUS' || order.timeInForce === 'OPG' || order.timeInForce === 'CLS') {
      this.enterAuction(order, flags);
    } else this.work(order, flags);
  }

  /** Sets off the stop orders that the last trades reached; what they trade may set off more. */
  setOff(): void {
    const { stops, events, tape } = this.state;
    if (tape.high < tape.low) return;
    while (stops.size > 0) {
      const slot = stops.nextWithin(tape.low, tape.high);
      if (slot === NONE) break;
      const order = stops.read(slot);
      const flags = stops.book.orders.flags(slot) ^ SELL;
      stops.book.remove(slot);
      events.add(EVENT.TRIGGERED, flags, order.id, 0, order.stop, order.quantity, order.quantity, 0, 0);
      this.work(order, flags);
    }
    tape.forgetRange();
  }

  /** Trades an order in continuous trading. */
  work(order: EngineOrder, flags: number): void {
    const isMarket = order.type === 'MARKET';
    const rests = !isMarket && order.timeInForce === 'GTC';
    if (rests && !this.state.book.hasRoom(flags, order.quantity)) {
      this.reject(order, flags, REASON.BOOK_FULL);
      return;
    }
    if (order.postOnly !== 'NO' && this.crosses(flags, order.price)) {
      if (order.postOnly === 'SLIDE') this.rest(order, flags, this.slid(flags), order.quantity);
      else this.reject(order, flags, REASON.WOULD_TAKE);
      return;
    }
    const limit = isMarket ? NaN : order.price;
    const obstacle = this.obstacleOf(order, flags, limit);
    if (obstacle === REASON.NOT_WHOLE && rests) this.rest(order, flags, order.price, order.quantity);
    else if (obstacle !== REASON.NONE) this.cancel(order, flags, order.quantity, obstacle);
    else {
      const left = this.taker.take(order, flags, limit);
      if (left === 0) return;
      if (rests) this.rest(order, flags, order.price, left);
      else this.cancel(order, flags, left, REASON.NO_COUNTERPARTY);
    }
  }

  /** Whether a limit of a side reaches the best price of the other. */
  crosses(flags: number, limit: number): boolean {
    const ladder = this.state.book.sideOf((flags & SELL) === 0 ? SELL : BUY);
    if (ladder.best === NONE) return false;
    const best = ladder.levels.price[ladder.best]!;
    return (flags & SELL) === 0 ? limit >= best : limit <= best;
  }

  reject(order: EngineOrder, flags: number, reason: number): void {
    this.state.events.add(EVENT.REJECTED, flags, order.id, 0, 0, order.quantity, 0, 0, reason);
  }

  /** Lets an order wait at the end of its price's queue. */
  rest(order: EngineOrder, flags: number, price: number, leaves: number): void {
    const { id, display, owner } = order;
    const shown = display === 0 ? leaves : Math.min(display, leaves);
    this.state.book.add(id, flags, price, leaves, shown, display, owner);
    this.state.events.add(EVENT.RESTED, flags, id, 0, price, shown, leaves, 0, 0);
  }

  /** In a call limit orders wait in the book; others wait for the call or, as market orders, in their queue. */
  private enterAuction(order: EngineOrder, flags: number): void {
    const { phase, opening, closing, book } = this.state;
    const called = phase === 'CLOSING_CALL' ? closing : opening;
    const wanted = order.timeInForce === 'OPG' ? opening : order.timeInForce === 'CLS' ? closing : called;
    const isCalled = phase !== 'CONTINUOUS' && wanted === called;
    const goesToBook = isCalled && order.type === 'LIMIT';
    const holder = goesToBook ? book : order.type === 'LIMIT' ? wanted.limits : wanted.markets;
    if (!holder.hasRoom(flags, order.quantity)) this.reject(order, flags, REASON.BOOK_FULL);
    else if (goesToBook) this.rest(order, flags, order.price, order.quantity);
    else {
      wanted.add(order, flags);
      this.hold(order, flags, order.type === 'LIMIT' ? order.price : 0);
    }
  }

  /** Number of the reason why an order cannot trade as it asks to; NONE when it can. */
  private obstacleOf(order: EngineOrder, flags: number, limit: number): number {
    const isWhole = order.allOrNone || order.timeInForce === 'FOK';
    if (!isWhole && order.minimum === 0) return REASON.NONE;
    const lots = this.taker.wouldTake(order, flags, limit);
    if (isWhole && lots < order.quantity) return REASON.NOT_WHOLE;
    return lots < order.minimum ? REASON.MINIMUM_NOT_MET : REASON.NONE;
  }

  /** The price one tick behind the best of the other side. */
  private slid(flags: number): number {
    const isBuy = (flags & SELL) === 0;
    const ladder = this.state.book.sideOf(isBuy ? SELL : BUY);
    return ladder.levels.price[ladder.best]! + (isBuy ? -1 : 1);
  }

  private hold(order: EngineOrder, flags: number, price: number): void {
    this.state.events.add(EVENT.HELD, flags, order.id, 0, price, order.quantity, order.quantity, 0, 0);
  }

  private cancel(order: EngineOrder, flags: number, lots: number, reason: number): void {
    const price = order.type === 'MARKET' ? 0 : order.price;
    this.state.events.add(EVENT.CANCELED, flags, order.id, 0, price, lots, 0, 0, reason);
  }
}
