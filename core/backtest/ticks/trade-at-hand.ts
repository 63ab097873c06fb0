import type { OrderSide } from '@omniquant/plugin-sdk';

import { isAgainst, type MarketTrade } from './resting-line.ts';

/** The trade of the market that orders may take part in now, as far as it is not used up. */
export class TradeAtHand implements MarketTrade {
  price = 0;
  /** Left. */
  lots = 0;
  side = 0;

  begin(price: number, lots: number, side: number): void {
    this.price = price;
    this.lots = lots;
    this.side = side;
  }

  end(): void {
    this.lots = 0;
  }

  /** Whether it was at the price of an order that rests, or beyond it; null when it did not reach it. */
  reach(side: OrderSide, price: number): 'AT' | 'THROUGH' | null {
    if (this.lots <= 0 || !isAgainst(side, this.side)) return null;
    if (this.price === price) return 'AT';
    const isThrough = side === 'BUY' ? this.price < price : this.price > price;
    return isThrough ? 'THROUGH' : null;
  }
}
