import type { OrderSide } from '@omniquant/plugin-sdk';

import type { MarketLiquidity } from './market-liquidity.ts';
import type { OrderDesk } from './order-desk.ts';
import { isLive, type OrderState } from './order-state.ts';
import { isWithin, type MakerFill, opposite, type RestingOrders } from './resting-orders.ts';

/** What happens to an order after it traded. */
export interface AfterFill {
  filled(order: OrderState): void;
  /** A live order has nothing left in the book. */
  exhausted(order: OrderState): void;
}

/**
 * Matches orders of one symbol with each other and with the replayed quote. A taker takes from the
 * better of book and quote, of the book where they are equal. A resting order fills at its own price
 * when the quote or the last trade reaches it (see MarketLiquidity). What clients trade does not move the
 * replayed market.
 */
export class Matcher {
  private readonly desk: OrderDesk;
  private readonly resting: RestingOrders;
  private readonly liquidity: MarketLiquidity;
  private readonly after: AfterFill;

  constructor(desk: OrderDesk, resting: RestingOrders, liquidity: MarketLiquidity, after: AfterFill) {
    this.desk = desk;
    this.resting = resting;
    this.liquidity = liquidity;
    this.after = after;
  }

  /** Whether an order of a side at this limit would trade at once. */
  wouldTake(side: OrderSide, limit: number | null): boolean {
    const maker = this.resting.best(opposite(side));
    const offer = this.liquidity.best(side);
    return (
      (maker !== null && isWithin(side, limit, maker)) ||
      (offer !== undefined && isWithin(side, limit, offer.price))
    );
  }

  /** Whether a taker would get all that it wants. */
  hasAll(side: OrderSide, limit: number | null, lots: number): boolean {
    const quoted = this.liquidity.available(side, limit);
    return quoted >= lots || quoted + this.resting.available(side, limit, lots) >= lots;
  }

  /** Trades an order against what there is. */
  take(order: OrderState, limit: number | null, wanted: number): void {
    const { side } = order.terms;
    let left = wanted;
    while (left > 0 && isLive(order)) {
      const maker = this.resting.best(opposite(side));
      const offer = this.liquidity.best(side);
      const isBookBetter = maker !== null && (offer === undefined || isWithin(side, offer.price, maker));
      const taken = isBookBetter
        ? this.takeFromBook(order, limit, left)
        : this.takeFromQuote(order, limit, left);
      if (taken === 0) return;
      left -= taken;
    }
  }

  /** Fills resting orders of a side that the market has reached. */
  fillResting(side: OrderSide): void {
    for (;;) {
      const first = this.resting.first(side);
      if (first === undefined) return;
      const reached = this.liquidity.takeResting(side, first.price, this.partOf(first.shown), first.place);
      if (reached === 0) return;
      const fill = this.resting.takeFirst(opposite(side), first.price, reached);
      if (fill === undefined) return;
      this.fillMaker({ ...fill, price: this.liquidity.restingPrice(side, fill.price) });
    }
  }

  private takeFromBook(taker: OrderState, limit: number | null, lots: number): number {
    const fill = this.resting.takeFirst(taker.terms.side, limit, lots);
    if (fill === undefined) return 0;
    this.fillMaker(fill);
    this.fillTaker(taker, fill.price, fill.lots);
    return fill.lots;
  }

  private takeFromQuote(taker: OrderState, limit: number | null, wanted: number): number {
    const { side } = taker.terms;
    const best = this.liquidity.best(side);
    if (best === undefined || !isWithin(side, limit, best.price)) return 0;
    const offer = this.liquidity.takeBest(side, wanted, limit);
    if (offer === undefined) return 0;
    this.fillTaker(taker, this.slipped(side, limit, offer.price), offer.lots);
    return offer.lots;
  }

  private fillMaker({ order, price, lots, isExhausted }: MakerFill): void {
    this.desk.fill(order, price, lots, 'MAKER');
    this.after.filled(order);
    if (isExhausted && isLive(order)) this.after.exhausted(order);
  }

  private fillTaker(order: OrderState, price: number, lots: number): void {
    this.desk.fill(order, price, lots, 'TAKER');
    this.after.filled(order);
  }

  /** A worse price now and then, but never beyond the limit. */
  private slipped(side: OrderSide, limit: number | null, price: number): number {
    const { slippageProbability, slippageTicks } = this.desk.quality;
    if (slippageTicks < 1 || !this.desk.random.chance(slippageProbability)) return price;
    const ticks = this.desk.random.integer(1, slippageTicks);
    if (side === 'BUY') return Math.min(price + ticks, limit ?? Infinity);
    return Math.max(1, price - ticks, limit ?? 0);
  }

  /** All of it, or now and then a random part. */
  partOf(lots: number): number {
    if (lots < 2 || !this.desk.random.chance(this.desk.quality.partialFillProbability)) return lots;
    return this.desk.random.integer(1, lots - 1);
  }
}
