import type { VenueBar, VenueQuote, VenueTrade } from '@omniquant/plugin-sdk';
import { type Fixed, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../market/bar.ts';
import type { Quote } from '../market/quote.ts';
import type { Trade } from '../market/trade.ts';

/** Venue messages in the core's numbers. All throw DecimalError for a text that is no decimal. */
const fixed = (value: string | null): Fixed | null => (value === null ? null : parseDecimal(value));

export function quoteFromVenue({ symbol, at, bid, ask, bidSize, askSize, last }: VenueQuote): Quote {
  return {
    symbol,
    at,
    bid: fixed(bid),
    ask: fixed(ask),
    bidSize: fixed(bidSize),
    askSize: fixed(askSize),
    last: fixed(last),
  };
}

export function tradeFromVenue({ symbol, at, price, size }: VenueTrade): Trade {
  return { symbol, at, price: parseDecimal(price), size: parseDecimal(size) };
}

export function barFromVenue(bar: VenueBar): Bar {
  const { symbol, interval, at, open, high, low, close, volume, isClosed } = bar;
  return {
    symbol,
    interval,
    at,
    open: parseDecimal(open),
    high: parseDecimal(high),
    low: parseDecimal(low),
    close: parseDecimal(close),
    volume: fixed(volume),
    isClosed,
    revision: 0,
  };
}
