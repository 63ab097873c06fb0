import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from '../../../core/market/bar.ts';
import { createInstrument } from '../../../core/market/instrument.ts';
import type { Quote } from '../../../core/market/quote.ts';
import type { MarketData } from '../../../core/runtime/market-data.ts';

export interface ScriptedMarket extends MarketData {
  tellQuote(symbol: string, price: bigint): void;
  tellBar(bar: Bar): void;
}

const AT = Date.UTC(2024, 0, 2, 15, 0, 0);

/** AAPL and SPX, with the prices that a test tells. */
export function createScriptedMarket(): ScriptedMarket {
  const quotes = new Map<string, Quote>();
  const quoteListeners = new Set<(quote: Quote) => void>();
  const barListeners = new Map<string, Set<(bar: Bar) => void>>();
  const barKey = (symbol: string, interval: BarInterval): string => `${symbol} ${interval}`;
  const instruments = ['AAPL', 'SPX'].map((symbol) =>
    createInstrument({
      symbol,
      name: null,
      assetClass: 'EQUITY',
      currency: 'USD',
      tickSize: '0.01',
      lotSize: '1',
      multiplier: '1',
      minQuantity: '1',
      maxQuantity: null,
      shortable: true,
      fractionable: false,
      exchange: null,
      calendar: 'ALWAYS',
    } as never),
  );
  return {
    instruments: () => instruments,
    instrument: (symbol) => instruments.find((instrument) => instrument.symbol === symbol),
    quote: (symbol) => quotes.get(symbol),
    bars: () => Promise.resolve([]),
    clock: () => ({ at: AT, replayed: true, speed: 1, session: 'OPEN', nextChangeAt: null }) as never,
    setSpeed: () => Promise.resolve(),
    marketQuote: () => undefined,
    onQuote(listener) {
      quoteListeners.add(listener);
      return () => quoteListeners.delete(listener);
    },
    onTrade: () => () => undefined,
    onBar(symbol, interval, listener) {
      const key = barKey(symbol, interval);
      const set = barListeners.get(key) ?? new Set();
      barListeners.set(key, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    tellQuote(symbol, price) {
      const quote = { symbol, at: AT, bid: price, ask: price, bidSize: null, askSize: null, last: price };
      quotes.set(symbol, quote);
      for (const listener of quoteListeners) listener(quote);
    },
    tellBar(bar) {
      for (const listener of barListeners.get(barKey(bar.symbol, bar.interval)) ?? []) listener(bar);
    },
  };
}
