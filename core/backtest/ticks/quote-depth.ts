import type { OrderSide } from '@omniquant/plugin-sdk';

import type { MarketDepth } from './market-depth.ts';

/** The top of a book, of which nothing else is known. A size that is not known is Infinity. */
export class QuoteDepth implements MarketDepth {
  bid = 0;
  ask = Infinity;
  private bidLots = 0;
  private askLots = 0;

  set(bid: number, bidLots: number, ask: number, askLots: number): void {
    this.bid = bidLots > 0 ? bid : 0;
    this.ask = askLots > 0 ? ask : Infinity;
    this.bidLots = bidLots;
    this.askLots = askLots;
  }

  lotsAt(side: OrderSide, price: number): number {
    if (side === 'BUY') {
      if (price === this.bid) return this.bidLots;
      return price > this.bid ? 0 : NaN;
    }
    if (price === this.ask) return this.askLots;
    return price < this.ask ? 0 : NaN;
  }

  behind(): number {
    return NaN;
  }
}
