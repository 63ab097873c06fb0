import type { AuctionKind } from './auction-orders.ts';
import { AuctionPhases } from './auction-phases.ts';
import type { AuctionResult } from './auction-price.ts';
import { checkWhole } from './book-error.ts';
import type { EngineOrder } from './engine-order.ts';
import { type EngineOptions, EngineState } from './engine-state.ts';
import { EVENT, REASON } from './event-log.ts';
import type { LimitOrderBook } from './limit-order-book.ts';
import { OrderEntrance } from './order-entrance.ts';
import { flagsOf } from './order-flags.ts';
import { OrderRevision } from './order-revision.ts';
import { fitsCall, flawOf } from './order-rules.ts';

/**
 * Matches the orders of one instrument with price-time priority. Prices are ticks and quantities lots,
 * as safe integers. A command does all its work at once, stop orders that it sets off included; what it
 * caused stands in `events` until the next command. Nothing throws on an order that cannot be taken: a
 * `REJECTED` event says why. The same commands give the same events, on any machine.
 *
 * Phases: CONTINUOUS -> OPENING_CALL | CLOSING_CALL by `startCall`, and back by `uncross`.
 *
 * - Within a price the earlier order goes first. An iceberg's next part joins the end of the queue.
 * - An all-or-none order that cannot trade whole when it enters waits as if it were not there for orders
 *   that are too small for it; it may stand at or beyond the other side's best price.
 * - Stop orders are set off one at a time, after the command that reached them: those to buy first, then
 *   the nearest trigger, then the earlier. One that is reached already when it enters is set off at once.
 * - A busted trade changes neither the book nor the last price, as with Nasdaq's broken trades.
 *
 * @example
 * const engine = new MatchingEngine();
 * engine.submit(engineOrder({ id: 1, side: 'SELL', price: 100, quantity: 5 }));
 * engine.submit(engineOrder({ id: 2, type: 'MARKET', quantity: 2 }));
 * engine.events.all(); // [{ kind: 'TRADE', id: 2, otherId: 1, price: 100, quantity: 2, ... }]
 */
export class MatchingEngine {
  /** What the engine holds, to be looked at. */
  readonly state: EngineState;
  private readonly entrance: OrderEntrance;
  private readonly revision: OrderRevision;
  private readonly auctions: AuctionPhases;

  constructor(options: EngineOptions = {}) {
    this.state = new EngineState(options);
    this.entrance = new OrderEntrance(this.state);
    this.revision = new OrderRevision(this.state, this.entrance);
    this.auctions = new AuctionPhases(this.state);
  }

  get book(): LimitOrderBook {
    return this.state.book;
  }

  /** What the last command caused. */
  get events(): EngineState['events'] {
    return this.state.events;
  }

  /** Price of the last trade; NaN before the first. */
  get last(): number {
    return this.state.tape.last;
  }

  /** Takes in an order, or rejects it. */
  submit(order: EngineOrder): void {
    const { state } = this;
    state.events.clear();
    const flags = flagsOf(order);
    const flaw = this.flawOf(order);
    if (flaw !== REASON.NONE) {
      this.entrance.reject(order, flags, flaw);
      return;
    }
    this.entrance.enter(order, flags);
    this.settle(order.type === 'STOP' || order.type === 'STOP_LIMIT');
  }

  /** Cancels an order wherever it waits. */
  cancel(id: number): void {
    this.state.events.clear();
    this.revision.cancel(id);
  }

  /**
   * Gives an order another price or quantity; `quantity` is what is left of it from now on. An order that
   * only shrinks keeps its place; any other is as late as a new one, and may trade. A refused replacement
   * leaves the order as it is.
   *
   * @param price The limit; any number for an order without one.
   * @param stop The trigger of a stop order; NaN keeps it.
   */
  replace(id: number, price: number, quantity: number, stop = NaN): void {
    this.state.events.clear();
    this.revision.replace(id, price, quantity, stop);
    this.settle(this.state.stops.size > 0);
  }

  /** The instrument traded elsewhere: stop orders that wait for the price are set off. */
  tradedElsewhere(price: number): void {
    checkWhole('price', price, Number.MIN_SAFE_INTEGER);
    this.state.events.clear();
    this.state.tape.tradedAt(price);
    this.settle(false);
  }

  /**
   * Stops matching, and takes the orders that wait for this kind of auction into the book.
   *
   * @throws BookError `WRONG_PHASE` during a call.
   */
  startCall(kind: AuctionKind): void {
    this.state.events.clear();
    this.auctions.startCall(kind);
  }

  /**
   * What the auction would come to now.
   *
   * @param reference Price in ticks that decides between equals; see {@link AuctionResult}.
   * @throws BookError `WRONG_PHASE` outside a call.
   */
  indicative(reference: number): AuctionResult {
    checkWhole('reference', reference, Number.MIN_SAFE_INTEGER);
    return this.auctions.indicative(reference);
  }

  /**
   * Ends the call: trades what crosses at one price, and cancels market orders and what was for this
   * auction only. Then stop orders that it reached are set off.
   *
   * @throws BookError `WRONG_PHASE` outside a call.
   */
  uncross(reference: number): AuctionResult {
    checkWhole('reference', reference, Number.MIN_SAFE_INTEGER);
    this.state.events.clear();
    const result = this.auctions.uncross(reference);
    this.settle(true);
    return result;
  }

  /** Declares a trade void, by its number. Only the last trades are known. */
  bust(trade: number): void {
    const { events, tape } = this.state;
    events.clear();
    const outcome = tape.bust(trade, events);
    if (outcome !== 'BUSTED') events.add(EVENT.REJECTED, 0, 0, 0, 0, 0, 0, 0, REASON[outcome]);
  }

  private flawOf(order: EngineOrder): number {
    const flaw = flawOf(order);
    if (flaw !== REASON.NONE) return flaw;
    if (this.state.has(order.id)) return REASON.DUPLICATE_ID;
    return this.state.phase === 'CONTINUOUS' || fitsCall(order) ? REASON.NONE : REASON.IN_AUCTION;
  }

  /** @param isNew Whether a stop order may have come that the last price reaches. */
  private settle(isNew: boolean): void {
    const { phase, tape } = this.state;
    if (phase !== 'CONTINUOUS') return;
    if (isNew && !Number.isNaN(tape.last)) tape.tradedAt(tape.last);
    this.entrance.setOff();
  }
}
