import { type Fixed, mulDiv, multiply, ONE } from '@omniquant/plugin-sdk/decimal';

import type { MarketQuote, MarketView } from '../engine/decide-context.ts';

/** The part of the market that prices need. */
export type PriceView = Pick<MarketView, 'quote' | 'session' | 'isHalted'>;

/** The price at which something is held: fresh, or why there is none. */
export type Mark =
  | { readonly kind: 'price'; readonly price: Fixed }
  | { readonly kind: 'stale'; readonly ageMs: number }
  | { readonly kind: 'missing' };

const MISSING: Mark = { kind: 'missing' };

/**
 * The price that a quote says something is worth: the last trade where it lies within bid and ask,
 * else their middle (cut to 18 decimals). Of a one-sided quote the last trade, or the side where the
 * last trade lies beyond it. Null when the quote says too little.
 */
export const markOf = (quote: MarketQuote): Fixed | null => {
  const { bid, ask, last } = quote;
  if (bid !== null && ask !== null) {
    return last !== null && last >= bid && last <= ask ? last : (bid + ask) / 2n;
  }
  if (last === null) return null;
  if (bid !== null && last < bid) return bid;
  return ask !== null && last > ask ? ask : last;
};

/**
 * Age of a quote in wall ms if it is too old to go by, else null. A quote ages only while its market
 * is open and not halted: otherwise there is no newer price to be had, and the last one holds.
 */
export const staleAge = (
  quote: MarketQuote,
  market: PriceView,
  wall: number,
  staleAfterMs: number,
): number | null => {
  const age = wall - quote.receivedAt;
  if (age <= staleAfterMs) return null;
  return market.session(quote.symbol) === 'OPEN' && !market.isHalted(quote.symbol) ? age : null;
};

/** An amount in another currency, or the symbols whose quotes would be needed for it. */
export type Conversion =
  { readonly kind: 'amount'; readonly amount: Fixed } | { readonly kind: 'missing'; readonly symbol: string };

/** Prices of an instant: everything that is valued together is valued at the same. */
export interface Pricing {
  mark(symbol: string): Mark;
  /**
   * An amount of one currency in another, by the mark of a currency pair: `EUR/USD` or `EURUSD`, else
   * the inverse pair; rounded half-even to 18 decimals. Pairs are not chained, and a pair bound to one
   * venue (`EURUSD.X`) is not used: without a quote of one of the four symbols there is no amount.
   */
  convert(amount: Fixed, from: string, to: string): Conversion;
}

export const createPricing = (market: PriceView, wall: number, staleAfterMs: number): Pricing => {
  const mark = (symbol: string): Mark => {
    const quote = market.quote(symbol);
    const price = quote === undefined ? null : markOf(quote);
    if (quote === undefined || price === null || price <= 0n) return MISSING;
    const age = staleAge(quote, market, wall, staleAfterMs);
    return age === null ? { kind: 'price', price } : { kind: 'stale', ageMs: age };
  };
  const rate = (base: string, counter: string): Fixed | null => {
    const slashed = mark(`${base}/${counter}`);
    const found = slashed.kind === 'price' ? slashed : mark(`${base}${counter}`);
    return found.kind === 'price' ? found.price : null;
  };
  const convert = (amount: Fixed, from: string, to: string): Conversion => {
    if (from === to || amount === 0n) return { kind: 'amount', amount };
    const direct = rate(from, to);
    if (direct !== null) return { kind: 'amount', amount: multiply(amount, direct) };
    const inverse = rate(to, from);
    if (inverse !== null) return { kind: 'amount', amount: mulDiv(amount, ONE, inverse) };
    return { kind: 'missing', symbol: `${from}/${to}` };
  };
  return { mark, convert };
};
