import type { OrderSide } from '@omniquant/plugin-sdk';

/** What stands in a symbol's book by its feed; prices in ticks. What a run takes of it does not change it. */
export interface MarketDepth {
  /** Best prices; 0 and Infinity where nothing stands. */
  readonly bid: number;
  readonly ask: number;
  /** Lots at a price of the bids (BUY) or asks (SELL): 0 where nothing stands, NaN where the feed does not tell. */
  lotsAt(side: OrderSide, price: number): number;
  /** The next price behind one; NaN behind the last. */
  behind(side: OrderSide, price: number): number;
}

/** The best price of a side; NaN where nothing stands. */
export const bestOf = ({ ask, bid }: MarketDepth, side: OrderSide): number => {
  if (side === 'BUY') return bid > 0 ? bid : NaN;
  return ask < Infinity ? ask : NaN;
};
