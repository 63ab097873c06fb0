import type { AuctionKind } from '@omniquant/venue/book/auction-orders';
import type { EngineEvent, EventKind } from '@omniquant/venue/book/event-log';

import { asEvent, better, type Waiting, within } from './naive-orders.ts';

/** What a naive engine holds, each list in order of time. */
export interface NaiveState {
  resting: Waiting[];
  stops: Waiting[];
  opening: Waiting[];
  closing: Waiting[];
  last: number;
  trades: { taker: Waiting; maker: Waiting; price: number; quantity: number; busted: boolean }[];
  phase: 'CONTINUOUS' | AuctionKind;
}

/** The lists of the naive engine, what is told of them, and what each of its steps does to them. */
export class NaiveBook {
  state: NaiveState = {
    resting: [],
    stops: [],
    opening: [],
    closing: [],
    last: NaN,
    trades: [],
    phase: 'CONTINUOUS',
  };
  events: EngineEvent[] = [];
  /** Prices traded at that stop orders have not been held against. */
  touched: number[] = [];

  rest(order: Waiting): void {
    order.shown = Math.min(order.display || order.leaves, order.leaves);
    this.state.resting.push(order);
    this.add('RESTED', order, { price: order.price, quantity: order.shown, leaves: order.leaves });
  }

  hold(order: Waiting, price: number): void {
    this.add('HELD', order, { price, quantity: order.leaves, leaves: order.leaves });
  }

  end(order: Waiting, reason: EngineEvent['reason']): void {
    const price = order.type === 'MARKET' ? 0 : order.price;
    this.add('CANCELED', order, { price, quantity: order.leaves, reason });
  }

  /** Drops what is filled; the next part of an iceberg goes behind the others. */
  afterFill(order: Waiting, lots: number): void {
    order.shown -= lots;
    if (order.leaves === 0) this.drop(order);
    else if (order.shown === 0) {
      this.drop(order);
      order.shown = Math.min(order.display || order.leaves, order.leaves);
      this.state.resting.push(order);
      this.add('REFRESHED', order, { price: order.price, quantity: order.shown, leaves: order.leaves });
    }
  }

  record(taker: Waiting, maker: Waiting, price: number, quantity: number): void {
    this.state.trades.push({ taker: { ...taker }, maker: { ...maker }, price, quantity, busted: false });
    this.state.last = price;
    this.touched.push(price);
  }

  crosses(order: Waiting): boolean {
    const best = this.others(order)[0];
    return best !== undefined && within(order, best.price);
  }

  /** The other side in the order in which it would match. */
  others({ side }: Waiting): Waiting[] {
    return this.state.resting.filter((order) => order.side !== side).sort(better);
  }

  /** Price under which an order waits: its trigger, its limit, or 0 for a market order. */
  waitingPrice(order: Waiting): number {
    if (order.type === 'STOP' || order.type === 'STOP_LIMIT') return order.stop;
    return order.type === 'MARKET' ? 0 : order.price;
  }

  listOf(id: number): Waiting[] | undefined {
    const { resting, stops, opening, closing } = this.state;
    return [resting, stops, opening, closing].find((list) => list.some((order) => order.id === id));
  }

  drop(order: Waiting): void {
    const list = this.listOf(order.id);
    list?.splice(
      list.findIndex(({ id }) => id === order.id),
      1,
    );
  }

  reject(order: Waiting, reason: EngineEvent['reason']): void {
    this.add('REJECTED', order, { quantity: order.quantity, reason });
  }

  rejectId(id: number, reason: EngineEvent['reason']): void {
    this.add('REJECTED', { id, side: 'BUY' }, { reason });
  }

  add(kind: EventKind, order: Pick<Waiting, 'id' | 'side'>, values: Partial<EngineEvent>): void {
    this.events.push(asEvent(kind, order, values));
  }
}
