import type { Fixed } from '@omniquant/plugin-sdk/decimal';

/** Top of the book at an instant (epoch ms). Null is a side, a size or a last price that is not known. */
export interface Quote {
  readonly symbol: string;
  readonly at: number;
  readonly bid: Fixed | null;
  readonly ask: Fixed | null;
  readonly bidSize: Fixed | null;
  readonly askSize: Fixed | null;
  /** Price of the last trade. */
  readonly last: Fixed | null;
}

/** Halfway between bid and ask, cut to 18 decimals; null while a side is missing. */
export const midPrice = (quote: Quote): Fixed | null =>
  quote.bid === null || quote.ask === null ? null : (quote.bid + quote.ask) / 2n;
