import type { AuctionKind } from '@omniquant/venue/book/auction-orders';
import type { EngineOrder } from '@omniquant/venue/book/engine-order';
import type { EngineEvent } from '@omniquant/venue/book/event-log';

import { NaiveBook, type NaiveState } from './naive-book.ts';
import { startCall, uncross } from './naive-call.ts';
import { setOff, work } from './naive-matching.ts';
import type { Waiting } from './naive-orders.ts';

/**
 * The oracle of the matching engine: the same rules in plain lists that are filtered, sorted and copied at
 * every step. It shares no code with what it checks, and takes orders of a sound form only.
 */
export class NaiveEngine {
  private readonly book = new NaiveBook();

  get state(): NaiveState {
    return this.book.state;
  }

  /** Of the last command. */
  get events(): EngineEvent[] {
    return this.book.events;
  }

  submit(order: EngineOrder): void {
    this.book.events = [];
    const waiting: Waiting = { ...order, leaves: order.quantity, shown: 0 };
    const { state } = this;
    const known = [...state.resting, ...state.stops, ...state.opening, ...state.closing];
    if (known.some(({ id }) => id === order.id)) {
      this.book.reject(waiting, 'DUPLICATE_ID');
      return;
    }
    const isStop = order.type === 'STOP' || order.type === 'STOP_LIMIT';
    const wantsNow = order.timeInForce === 'IOC' || order.timeInForce === 'FOK' || order.allOrNone;
    if (
      state.phase !== 'CONTINUOUS' &&
      !isStop &&
      (wantsNow || order.minimum > 0 || order.postOnly !== 'NO')
    ) {
      this.book.reject(waiting, 'IN_AUCTION');
      return;
    }
    this.enter(waiting);
    setOff(this.book, isStop);
  }

  cancel(id: number): void {
    this.book.events = [];
    const found = this.book.listOf(id)?.find((each) => each.id === id);
    if (found === undefined) {
      this.book.rejectId(id, 'UNKNOWN_ORDER');
      return;
    }
    const isShown = this.book.listOf(id) === this.state.resting;
    this.book.drop(found);
    this.book.add('CANCELED', found, {
      price: this.book.waitingPrice(found),
      quantity: found.leaves,
      otherLeaves: isShown ? found.shown : 0,
      reason: 'BY_OWNER',
    });
  }

  replace(id: number, price: number, quantity: number, stop: number): void {
    this.book.events = [];
    const list = this.book.listOf(id);
    const found = list?.find((each) => each.id === id);
    if (list === undefined || found === undefined) {
      this.book.rejectId(id, 'UNKNOWN_ORDER');
      return;
    }
    const isStop = list === this.state.stops;
    const newStop = isStop && !Number.isNaN(stop) ? stop : found.stop;
    const hasLimit = found.type === 'LIMIT' || found.type === 'STOP_LIMIT';
    const isSame = (!hasLimit || found.price === price) && found.stop === newStop;
    const isShown = list === this.state.resting;
    if (isSame && quantity <= found.leaves) {
      const [lots, shown] = [found.leaves - quantity, found.shown];
      found.leaves = quantity;
      found.quantity = quantity;
      found.minimum = Math.min(found.minimum, quantity);
      found.shown = Math.min(found.shown, quantity);
      this.book.add('REDUCED', found, {
        price: this.book.waitingPrice(found),
        quantity: lots,
        leaves: quantity,
        otherLeaves: isShown ? shown - found.shown : 0,
        reason: 'REPLACED',
      });
      setOff(this.book, this.state.stops.length > 0);
      return;
    }
    const next = { ...found, price, quantity, leaves: quantity, stop: newStop, shown: 0 };
    next.minimum = isStop ? Math.min(found.minimum, quantity) : 0;
    if (
      isShown &&
      this.state.phase === 'CONTINUOUS' &&
      found.postOnly === 'REJECT' &&
      this.book.crosses(next)
    ) {
      this.book.reject(next, 'WOULD_TAKE');
      return;
    }
    this.book.drop(found);
    this.book.add('REPLACED', found, {
      price: this.book.waitingPrice(found),
      quantity: found.leaves,
      otherLeaves: isShown ? found.shown : 0,
    });
    if (isShown && this.state.phase !== 'CONTINUOUS') this.book.rest(next);
    else this.enter(next);
    setOff(this.book, this.state.stops.length > 0);
  }

  startCall(kind: AuctionKind): void {
    this.book.events = [];
    startCall(this.book, kind);
  }

  uncross(reference: number): void {
    this.book.events = [];
    uncross(this.book, reference);
  }

  bust(trade: number): void {
    this.book.events = [];
    const found = this.state.trades[trade - 1];
    if (found === undefined) {
      this.book.rejectId(0, 'UNKNOWN_TRADE');
      return;
    }
    if (found.busted) {
      this.book.rejectId(0, 'ALREADY_BUSTED');
      return;
    }
    found.busted = true;
    const { taker, maker, price, quantity } = found;
    this.book.add('BUSTED', taker, { otherId: maker.id, price, quantity, detail: trade });
  }

  private enter(order: Waiting): void {
    const { state } = this;
    if (order.type === 'STOP' || order.type === 'STOP_LIMIT') {
      state.stops.push(order);
      this.book.hold(order, order.stop);
    } else if (order.timeInForce === 'OPG' || order.timeInForce === 'CLS' || state.phase !== 'CONTINUOUS') {
      const wanted = { OPG: 'OPENING', CLS: 'CLOSING', GTC: state.phase, IOC: '', FOK: '' }[
        order.timeInForce
      ];
      if (order.type === 'LIMIT' && wanted === state.phase) {
        this.book.rest(order);
        return;
      }
      (wanted === 'OPENING' ? state.opening : state.closing).push(order);
      this.book.hold(order, order.type === 'LIMIT' ? order.price : 0);
    } else work(this.book, order);
  }
}
