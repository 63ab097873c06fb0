import type { OrderSide } from '@omniquant/plugin-sdk';

import type { MarketTick } from './market-tick.ts';

/** Levels that the replayed market offers behind its best price. */
const LEVELS = 10;

/** Lots that trade at a price. */
export interface Offer {
  readonly price: number;
  readonly lots: number;
}

/**
 * What the replayed market offers and bids: its quoted size at the best price and the same size again
 * at each of nine levels behind, one spread apart. What orders take is gone until the next tick.
 */
export class QuoteLiquidity {
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

  /** The best price for a taker of a side, and what is left at it; undefined when nothing is. */
  best(side: OrderSide): Offer | undefined {
    const sizes = this.sizesFor(side);
    for (let level = 0; level < LEVELS; level += 1) {
      const lots = sizes[level] ?? 0;
      const price = this.priceAt(side, level);
      if (lots > 0 && price > 0) return { price, lots };
    }
    return undefined;
  }

  /** Takes from the best price only; what {@link best} says there is. */
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

  /** Lots that a taker gets up to its limit; null is any price. */
  available(side: OrderSide, limit: number | null): number {
    let total = 0;
    for (let level = 0; level < LEVELS; level += 1) {
      const price = this.priceAt(side, level);
      if (price <= 0 || (limit !== null && (side === 'BUY' ? price > limit : price < limit))) break;
      total += this.sizesFor(side)[level] ?? 0;
    }
    return total;
  }

  /**
   * Takes from this step's trade, for an order that waited at its price or a better one when the
   * market traded there; 0 where it did not.
   */
  takeTouched(side: OrderSide, price: number, wanted: number): number {
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
