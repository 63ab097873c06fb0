import type { OrderSide, TrailingOffsetType } from '@omniquant/plugin-sdk';
import { type Fixed, max, multiply, ONE } from '@omniquant/plugin-sdk/decimal';

import type { MarketQuote } from '../engine/decide-context.ts';

/** The prices of an order, read. */
export interface OrderPrices {
  readonly side: OrderSide;
  readonly limitPrice: Fixed | null;
  readonly stopPrice: Fixed | null;
  readonly trailingOffset: Fixed | null;
  readonly trailingOffsetType: TrailingOffsetType | null;
}

/** What a market order pays (buy: ask) or gets (sell: bid); the last trade where the book has no such side. */
export const farSide = (side: OrderSide, quote: MarketQuote | undefined): Fixed | null =>
  quote === undefined ? null : ((side === 'BUY' ? quote.ask : quote.bid) ?? quote.last);

/** Where a trailing buy first triggers; it only comes down from there. */
const firstTrigger = ({ trailingOffset, trailingOffsetType }: OrderPrices, far: Fixed): Fixed => {
  if (trailingOffset === null) return far;
  return trailingOffsetType === 'PERCENT' ? multiply(far, ONE + trailingOffset) : far + trailingOffset;
};

const highest = (prices: readonly (Fixed | null)[]): Fixed | null => {
  let found: Fixed | null = null;
  for (const price of prices) {
    if (price !== null) found = found === null ? price : max(found, price);
  }
  return found;
};

/**
 * The price at which an order is valued and reserves: the most that a unit may come to. A buy has its
 * limit; without one the highest of its stop, the ask and a trailing stop's first trigger. A sell may
 * get more than its limit, so it has the highest of limit, stop and bid. Null when none is known.
 */
export const reservePrice = (order: OrderPrices, quote: MarketQuote | undefined): Fixed | null => {
  const far = farSide(order.side, quote);
  if (order.side === 'SELL') return highest([order.limitPrice, order.stopPrice, far]);
  if (order.limitPrice !== null) return order.limitPrice;
  const trigger = order.stopPrice === null && far !== null ? firstTrigger(order, far) : null;
  return highest([order.stopPrice, far, trigger]);
};

/** Whether the quote decides what the order may come to, so that it has to be fresh: all but buys with a limit. */
export const needsQuote = (order: Pick<OrderPrices, 'side' | 'limitPrice'>): boolean =>
  order.limitPrice === null || order.side === 'SELL';
