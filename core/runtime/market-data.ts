import type { BarInterval, VenueClock } from '@omniquant/plugin-sdk';

import type { MarketQuote } from '../engine/decide-context.ts';
import type { Bar } from '../market/bar.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Quote } from '../market/quote.ts';
import type { Trade } from '../market/trade.ts';

/** Market data as the API reads it: the latest of everything, and who wants to hear of changes. */
export interface MarketData {
  instruments(): readonly Instrument[];
  instrument(symbol: string): Instrument | undefined;
  quote(symbol: string): Quote | undefined;
  /** Oldest first. Throws UnavailableError when the source cannot be reached in time. */
  bars(
    symbol: string,
    interval: BarInterval,
    from: number | null,
    to: number | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly Bar[]>;
  /** The market clock now, extrapolated between the source's messages; never goes back. */
  clock(): VenueClock & {
    readonly session: 'PRE' | 'OPEN' | 'POST' | 'CLOSED';
    readonly nextChangeAt: number | null;
  };
  setSpeed(speed: number, signal: AbortSignal): Promise<void>;
  /** The quote for deciding, with the time of its receipt. */
  marketQuote(symbol: string): MarketQuote | undefined;
  onQuote(listener: (quote: Quote) => void): () => void;
  onTrade(listener: (trade: Trade) => void): () => void;
  /** Bars as they grow and close. */
  onBar(symbol: string, interval: BarInterval, listener: (bar: Bar) => void): () => void;
}
