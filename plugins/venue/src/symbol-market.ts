import type { OrderSide } from '@omniquant/plugin-sdk';

import { reducibleLots } from './account-ledger.ts';
import type { InstrumentGrid } from './instrument-grid.ts';
import type { MarketLiquidity } from './market-liquidity.ts';
import type { MarketTick } from './market-tick.ts';
import { Matcher } from './matcher.ts';
import { hasTrigger } from './order-checks.ts';
import type { OrderDesk } from './order-desk.ts';
import { isLive, leavesOf, type OrderState } from './order-state.ts';
import { isWithin, RestingOrders } from './resting-orders.ts';
import { type TriggerPrices, TriggerWatch } from './trigger-watch.ts';

const NOTHING_TO_REDUCE = 'there is no position to reduce';
const BOOK_IS_FULL = 'the book holds no more lots';

const byPriority = (a: OrderState, b: OrderState): number => a.priority - b.priority;

/**
 * One symbol's market. A live order is in exactly one place: `triggers` (waits for one), `opening` or
 * `closing` (waits for an auction), `queued` (takes liquidity at the next tick) or `resting`.
 */
export class SymbolMarket {
  readonly grid: InstrumentGrid;
  isOpen = false;
  tick: MarketTick | null = null;
  private readonly desk: OrderDesk;
  private readonly liquidity: MarketLiquidity;
  private readonly resting: RestingOrders;
  private readonly matcher: Matcher;
  private readonly triggers: TriggerWatch;
  private readonly live = new Set<OrderState>();
  private readonly queued = new Set<OrderState>();
  private readonly opening = new Set<OrderState>();
  private readonly closing = new Set<OrderState>();
  private readonly reduceOnly = new Set<OrderState>();
  private readonly dated = new Set<OrderState>();

  constructor(grid: InstrumentGrid, desk: OrderDesk, liquidity: MarketLiquidity) {
    this.grid = grid;
    this.desk = desk;
    this.liquidity = liquidity;
    this.triggers = new TriggerWatch(grid);
    this.resting = new RestingOrders(() => desk.nextPriority(), liquidity);
    this.matcher = new Matcher(desk, this.resting, liquidity, {
      filled: (order) => {
        if (!isLive(order)) this.leave(order);
        this.capReduceOnly(order.account);
      },
      exhausted: (order) => {
        this.restOrEnd(order);
      },
    });
  }

  /** Without live orders a tick changes nothing but the quote. */
  get isQuiet(): boolean {
    return this.live.size === 0;
  }

  /** Orders that are not done, triggers included. */
  get orders(): ReadonlySet<OrderState> {
    return this.live;
  }

  /** Takes in an order that the desk has added, and trades it as far as the market allows. */
  enter(order: OrderState): void {
    this.keep(order);
    const place = this.waitingPlace(order);
    if (place !== undefined) place.add(order);
    else this.work(order);
    if (place === this.triggers && this.isOpen && this.tick !== null) this.setOff(this.tick);
  }

  /** Puts back an order of before a restart without trading it. Call in order of priority. */
  restore(order: OrderState): void {
    this.keep(order);
    if (order.shown !== null) this.resting.rest(order, leavesOf(order), order.shown);
    else (this.waitingPlace(order) ?? this.queued).add(order);
  }

  /** Takes a live order out of wherever it is. */
  leave(order: OrderState): void {
    const places = [this.live, this.queued, this.opening, this.closing, this.reduceOnly, this.dated];
    for (const place of places) place.delete(order);
    this.triggers.delete(order);
    this.resting.remove(order);
  }

  /** Ends a live order without a fill. */
  end(order: OrderState, how: 'CANCELED' | 'EXPIRED', reason: string | null): void {
    this.leave(order);
    this.desk.finish(order, how, how === 'CANCELED' ? { kind: 'canceled', reason } : { kind: 'expired' });
  }

  /** Puts a revision in the place of the one before it; both are in the desk's books. */
  succeed(from: OrderState, to: OrderState): void {
    if (!this.resting.canInherit(from, to)) {
      this.leave(from);
      this.enter(to);
      return;
    }
    this.resting.inherit(from, to);
    this.leave(from);
    this.keep(to);
  }

  /** Whether an order at this limit would trade at once. */
  wouldTake(side: OrderSide, limit: number | null): boolean {
    return this.isOpen && this.matcher.wouldTake(side, limit);
  }

  /** The quote of a quiet market; nothing trades. */
  showTick(tick: MarketTick): void {
    this.tick = tick;
    this.liquidity.refresh(tick);
  }

  /** The market moves on: first orders that wait for liquidity, then resting ones, then triggers. */
  onTick(tick: MarketTick): void {
    this.showTick(tick);
    if (this.live.size === 0) return;
    const waiting = [...this.queued].sort(byPriority);
    this.queued.clear();
    for (const order of waiting) if (isLive(order)) this.work(order);
    this.matcher.fillResting('BUY');
    this.matcher.fillResting('SELL');
    this.setOff(tick);
    for (const order of this.triggers.dueReports(this.desk.at)) this.reportStop(order);
  }

  /** The opening auction: OPG orders trade at the open or expire. */
  open(price: number): void {
    this.uncross(this.opening, price);
    this.isOpen = true;
  }

  /** The closing auction: CLS orders trade at the close or expire, and orders for the day expire. */
  close(price: number): void {
    this.uncross(this.closing, price);
    this.isOpen = false;
    this.expireWhere(this.live, ({ terms }) => terms.timeInForce === 'DAY');
  }

  /** Ends orders whose date has come. */
  expireDated(at: number): void {
    if (this.dated.size > 0) this.expireWhere(this.dated, ({ terms }) => (terms.expireAt ?? Infinity) <= at);
  }

  private keep(order: OrderState): void {
    this.live.add(order);
    if (order.terms.reduceOnly) this.reduceOnly.add(order);
    if (order.terms.timeInForce === 'GTD') this.dated.add(order);
  }

  /** Undefined when the order may trade now. */
  private waitingPlace(order: OrderState): Set<OrderState> | TriggerWatch | undefined {
    if (order.terms.timeInForce === 'OPG') return this.opening;
    if (order.terms.timeInForce === 'CLS') return this.closing;
    if (hasTrigger(order.terms.type) && order.status !== 'TRIGGERED') return this.triggers;
    const { timeInForce } = order.terms;
    const isImmediate = timeInForce === 'IOC' || timeInForce === 'FOK';
    return this.isOpen && !(isImmediate && this.liquidity.isMomentary === true) ? undefined : this.queued;
  }

  /** Trades an order that waits for nothing but a counterparty, and decides about the rest of it. */
  private work(order: OrderState): void {
    const { timeInForce } = order.terms;
    const obstacle = this.obstacleOf(order);
    if (obstacle !== null) {
      this.end(order, 'CANCELED', obstacle);
      return;
    }
    const wanted = this.allowed(order);
    this.matcher.take(order, order.limit, timeInForce === 'FOK' ? wanted : this.matcher.partOf(wanted));
    if (!isLive(order)) return;
    if (timeInForce === 'IOC' || timeInForce === 'FOK') {
      this.end(order, 'CANCELED', 'the rest found no counterparty');
    } else this.restOrEnd(order);
  }

  /** Why an order cannot trade as it asks to; null when it can. */
  private obstacleOf(order: OrderState): string | null {
    const { side, timeInForce, postOnly } = order.terms;
    const wanted = this.allowed(order);
    if (wanted === 0) return NOTHING_TO_REDUCE;
    if (postOnly && this.matcher.wouldTake(side, order.limit)) {
      return 'a post-only order would have taken liquidity';
    }
    if (timeInForce !== 'FOK') return null;
    const isWhole = wanted === leavesOf(order) && this.matcher.hasAll(side, order.limit, wanted);
    return isWhole ? null : 'it could not be filled whole';
  }

  /** What is left waits: for the next tick if it would take liquidity, in the book otherwise. */
  private restOrEnd(order: OrderState): void {
    const lots = this.allowed(order);
    const quoted = order.terms.side === 'BUY' ? (this.tick?.ask ?? Infinity) : (this.tick?.bid ?? 0);
    if (lots === 0) this.end(order, 'CANCELED', NOTHING_TO_REDUCE);
    else if (order.limit === null || isWithin(order.terms.side, order.limit, quoted)) this.queued.add(order);
    else if (this.resting.hasRoom(order, lots)) this.resting.rest(order, lots);
    else this.end(order, 'CANCELED', BOOK_IS_FULL);
  }

  private allowed(order: OrderState): number {
    const leaves = leavesOf(order);
    if (!order.terms.reduceOnly) return leaves;
    const account = this.desk.accounts.get(order.account);
    return account === undefined
      ? 0
      : Math.min(leaves, reducibleLots(account, this.grid.symbol, order.terms.side));
  }

  /** Resting reduce-only orders never stand for more than the position that they may reduce. */
  private capReduceOnly(account: string): void {
    for (const order of this.reduceOnly) {
      if (order.account !== account || !this.resting.has(order)) continue;
      const lots = this.allowed(order);
      if (lots === 0) this.end(order, 'CANCELED', NOTHING_TO_REDUCE);
      else this.resting.cap(order, lots);
    }
  }

  private setOff(prices: TriggerPrices): void {
    for (const order of this.triggers.trail(prices)) this.desk.markChanged(order);
    for (const order of this.triggers.setOff(prices)) {
      if (order.stop !== order.reportedStop) this.reportStop(order);
      order.status = 'TRIGGERED';
      this.desk.report(order, { kind: 'triggered' });
      this.work(order);
    }
  }

  private reportStop(order: OrderState): void {
    if (order.stop === null) return;
    order.reportedStop = order.stop;
    order.stopReportedAt = this.desk.at;
    const limitPrice = order.limit === null ? null : this.grid.price(order.limit);
    this.desk.report(order, { kind: 'stopMoved', stopPrice: this.grid.price(order.stop), limitPrice });
  }

  private uncross(orders: Set<OrderState>, price: number): void {
    for (const order of [...orders].sort(byPriority)) {
      if (isWithin(order.terms.side, order.limit, price)) {
        this.desk.fill(order, price, this.allowed(order), null);
        if (!isLive(order)) this.leave(order);
        this.capReduceOnly(order.account);
      }
      if (isLive(order)) this.end(order, 'EXPIRED', null);
    }
  }

  private expireWhere(orders: ReadonlySet<OrderState>, isOver: (order: OrderState) => boolean): void {
    for (const order of [...orders].filter(isOver).sort(byPriority)) {
      if (isLive(order)) this.end(order, 'EXPIRED', null);
    }
  }
}
