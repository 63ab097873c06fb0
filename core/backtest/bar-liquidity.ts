import type { OrderSide } from '@omniquant/plugin-sdk';
import type { MarketLiquidity, Offer } from '@omniquant/venue/market-liquidity';
import type { MarketTick } from '@omniquant/venue/market-tick';
import { isWithin } from '@omniquant/venue/resting-orders';

import type { FillModel, FillRequest } from './fill-models.ts';

/**
 * What the bars of a symbol trade with its orders. There is one price at a time, bid and ask at once; the fill model says
 * how much trades there. An order that rested and finds the market beyond its price at the open of a bar gets the open.
 */
export class BarLiquidity implements MarketLiquidity {
  /** Lots that orders have traded in the bar. */
  taken = 0;
  /** The tick at hand is the first of its bar. */
  isOpening = false;
  private readonly model: FillModel;
  volume: number | null = null;
  range = 0;
  private last = 0;

  constructor(model: FillModel) {
    this.model = model;
  }

  /** Range in ticks, volume in lots. */
  beginBar(volume: number | null, range: number): void {
    this.volume = volume;
    this.range = range;
    this.taken = 0;
  }

  refresh({ last }: MarketTick): void {
    this.last = last;
  }

  best(): Offer | undefined {
    const lots = this.model.left(this);
    return lots > 0 && this.last > 0 ? { price: this.last, lots } : undefined;
  }

  takeBest(side: OrderSide, wanted: number, limit: number | null): Offer | undefined {
    const request = this.request(side, 'TAKER', this.last, wanted, false);
    const lots = this.model.lots(request);
    if (lots <= 0) return undefined;
    const worse = this.model.worseBy({ ...request, wanted: lots });
    this.taken += lots;
    return { lots, price: this.worsened(side, worse, limit) };
  }

  available(side: OrderSide, limit: number | null): number {
    return isWithin(side, limit, this.last) ? this.model.left(this) : 0;
  }

  takeResting(side: OrderSide, price: number, wanted: number): number {
    if (this.last === 0 || !isWithin(side, price, this.last)) return 0;
    const lots = this.model.lots(this.request(side, 'MAKER', price, wanted, this.last !== price));
    this.taken += lots;
    return lots;
  }

  restingPrice(_side: OrderSide, price: number): number {
    return this.isOpening ? this.last : price;
  }

  /** For the fill model, which is asked with the bar as it stands. */
  private request(
    side: OrderSide,
    liquidity: FillRequest['liquidity'],
    price: number,
    wanted: number,
    isThrough: boolean,
  ): FillRequest {
    const { range, taken, volume } = this;
    return { side, liquidity, price, wanted, isThrough, bar: { range, taken, volume } };
  }

  private worsened(side: OrderSide, ticks: number, limit: number | null): number {
    if (side === 'BUY') return Math.min(this.last + ticks, limit ?? Infinity);
    return Math.max(1, this.last - ticks, limit ?? 0);
  }
}
