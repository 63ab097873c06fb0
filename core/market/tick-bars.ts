import { type Fixed, max, min } from '@omniquant/plugin-sdk/decimal';

import {
  type BarAggregator,
  type BarAggregatorOptions,
  type BarCollector,
  createBarAggregator,
} from './bar-aggregator.ts';
import { midPrice, type Quote } from './quote.ts';
import type { Trade } from './trade.ts';

interface Tick {
  readonly symbol: string;
  readonly at: number;
  readonly price: Fixed;
  readonly size: Fixed | null;
}

/**
 * Open and close go by the time of the ticks, not by the order in which they arrive; of two at the
 * same millisecond the one that arrives first is the earlier.
 */
const collectTicks = (first: Tick): BarCollector<Tick> => {
  let { price: open, price: high, price: low, price: close, at: firstAt, at: lastAt } = first;
  let volume = first.size;
  return {
    collect: ({ at, price, size }) => {
      if (at < firstAt) [open, firstAt] = [price, at];
      if (at >= lastAt) [close, lastAt] = [price, at];
      high = max(high, price);
      low = min(low, price);
      volume = volume === null || size === null ? null : volume + size;
    },
    content: () => ({ open, high, low, close, volume }),
  };
};

/**
 * Bars of trades. Every trade counts: whoever wants the regular session only leaves the others out.
 */
export const createTradeBars = (options: BarAggregatorOptions): BarAggregator<Trade> =>
  createBarAggregator<Tick>(options, collectTicks);

/**
 * Bars of the middle between bid and ask, for what is quoted but not traded in public. They have no
 * volume; a quote with one side only changes nothing.
 */
export const createQuoteBars = (options: BarAggregatorOptions): BarAggregator<Quote> => {
  const ticks = createBarAggregator<Tick>(options, collectTicks);
  return {
    ...ticks,
    add: (quote) => {
      const price = midPrice(quote);
      return price === null ? [] : ticks.add({ symbol: quote.symbol, at: quote.at, price, size: null });
    },
  };
};
