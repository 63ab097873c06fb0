import { AuctionOrders } from './auction-orders.ts';
import { EventLog } from './event-log.ts';
import { NONE } from './growing.ts';
import { LimitOrderBook } from './limit-order-book.ts';
import { StopOrders } from './stop-orders.ts';
import { TradeTape } from './trade-tape.ts';

/** In a call orders are collected and nothing trades, until the auction that ends it. */
export type Phase = 'CONTINUOUS' | 'OPENING_CALL' | 'CLOSING_CALL';

export interface EngineOptions {
  /** Orders that there is room for at first; more make it grow. */
  readonly capacity?: number;
  /** How many of the last trades can be busted. */
  readonly tradeMemory?: number;
}

const CAPACITY = 1_024;
const TRADE_MEMORY = 65_536;

/**
 * All that a matching engine holds. An order is in exactly one place: in the book, among the stop
 * orders, or among the orders for an auction.
 */
export class EngineState {
  readonly book: LimitOrderBook;
  readonly stops: StopOrders;
  readonly opening = new AuctionOrders();
  readonly closing = new AuctionOrders();
  readonly events = new EventLog();
  readonly tape: TradeTape;
  phase: Phase = 'CONTINUOUS';

  constructor({ capacity = CAPACITY, tradeMemory = TRADE_MEMORY }: EngineOptions) {
    this.book = new LimitOrderBook(capacity);
    this.stops = new StopOrders(capacity);
    this.tape = new TradeTape(tradeMemory);
  }

  has(id: number): boolean {
    if (this.book.find(id) !== NONE) return true;
    if (this.stops.size > 0 && this.stops.book.find(id) !== NONE) return true;
    return this.auctionOf(id) !== undefined;
  }

  /** Orders for the auction that an order waits for; undefined when it waits for none. */
  auctionOf(id: number): AuctionOrders | undefined {
    if (this.opening.size > 0 && this.opening.holderOf(id) !== undefined) return this.opening;
    if (this.closing.size > 0 && this.closing.holderOf(id) !== undefined) return this.closing;
    return undefined;
  }
}
