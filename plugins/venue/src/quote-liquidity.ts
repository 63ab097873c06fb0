import type { OrderSide } from '@omniquant/plugin-sdk';

import type { MarketLiquidity, Offer } from './market-liquidity.ts';
import type { MarketTick } from './market-tick.ts';
import { isWithin } from './resting-orders.ts';

/** Levels that the replayed market offers behind its best price. */
const LEVELS = 10;

/**
 * What the replayed market offers and bids: its quoted size at the best price and the same size again
 * at each of nine levels behind, one spread apart. What orders take is gone until the next tick.
 */
export class QuoteLiquidity implements MarketLiquidity {
  private tick: MarketTick | null = null;
  private readonly asks = new Float64Array(LEVELS);
  private readonly bids = new Float64Array(LEVELS);
  private touched = 0;

  /** The next tick: all sizes are there again. */
  refresh(tick: MarketTick): void {
    this.tick = tick;
    this.asks.fill(tick.askSize);
    this.bids.fill(tick.bidSize);
    this.touched = tick.volume;
  }

  best(side: OrderSide): Offer | undefined {
    const sizes = this.sizesFor(side);
    for (let level = 0; level < LEVELS; level += 1) {
      const lots = sizes[level] ?? 0;
      const price = this.priceAt(side, level);
      if (lots > 0 && price > 0) return { price, lots };
    }
    return undefined;
  }

  takeBest(side: OrderSide, wanted: number): Offer | undefined {
    const sizes = this.sizesFor(side);
    for (let level = 0; level < LEVELS; level += 1) {
      const left = sizes[level] ?? 0;
      const price = this.priceAt(side, level);
      if (left === 0 || price <= 0) continue;
      const lots = Math.min(left, wanted);
      sizes[level] = left - lots;
      return { price, lots };
    }
    return undefined;
  }

  available(side: OrderSide, limit: number | null): number {
    let total = 0;
    for (let level = 0; level < LEVELS; level += 1) {
      const price = this.priceAt(side, level);
      if (price <= 0 || (limit !== null && (side === 'BUY' ? price > limit : price < limit))) break;
      total += this.sizesFor(side)[level] ?? 0;
    }
    return total;
  }

  /** From the quote where it has come to the price, else from this step's trade. */
  takeResting(side: OrderSide, price: number, wanted: number): number {
    let taken = 0;
    while (taken < wanted) {
      const offer = this.best(side);
      if (offer === undefined || !isWithin(side, price, offer.price)) break;
      taken += this.takeBest(side, wanted - taken)?.lots ?? 0;
    }
    return taken > 0 ? taken : this.takeTouched(side, price, wanted);
  }

  /** Its own: whoever comes to it trades at what it asks. */
  restingPrice(_side: OrderSide, price: number): number {
    return price;
  }

  /**
   * Takes from this step's trade, for an order that waited at its price or a better one when the
   * market traded there; 0 where it did not.
   */
  private takeTouched(side: OrderSide, price: number, wanted: number): number {
    const last = this.tick?.last;
    if (last === undefined || (side === 'BUY' ? last > price : last < price)) return 0;
    const lots = Math.min(this.touched, wanted);
    this.touched -= lots;
    return lots;
  }

  private sizesFor(side: OrderSide): Float64Array {
    return side === 'BUY' ? this.asks : this.bids;
  }

  private priceAt(side: OrderSide, level: number): number {
    if (this.tick === null) return 0;
    const { bid, ask } = this.tick;
    const apart = Math.max(1, ask - bid) * level;
    return side === 'BUY' ? ask + apart : bid - apart;
  }
}
