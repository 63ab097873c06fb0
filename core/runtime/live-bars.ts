import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from '../market/bar.ts';
import type { BarAggregator } from '../market/bar-aggregator.ts';
import { joinContents } from '../market/bar-content.ts';
import type { TradingCalendar } from '../market/calendar.ts';
import type { Quote } from '../market/quote.ts';
import { createQuoteBars, createTradeBars } from '../market/tick-bars.ts';
import type { Trade } from '../market/trade.ts';

export interface LiveBarsOptions {
  calendarOf(symbol: string): TradingCalendar;
  /** The bar at hand as the source has it, to begin with; null without one. */
  latest(symbol: string, interval: BarInterval): Promise<Bar | null>;
  /** Symbols that the source prints trades of; bars of the others are made of quotes. */
  hasTrades(symbol: string): boolean;
}

/**
 * Bars as they grow, for whoever listens: one aggregation for each symbol and interval while there are
 * listeners. The bar that was under way when the first one came begins with what the source had of it.
 */
export interface LiveBars {
  listen(symbol: string, interval: BarInterval, listener: (bar: Bar) => void): () => void;
  quote(quote: Quote): void;
  trade(trade: Trade): void;
  /** Closes bars whose time is over. */
  flush(now: number): void;
}

interface Series {
  readonly quotes: BarAggregator<Quote> | null;
  readonly trades: BarAggregator<Trade> | null;
  readonly listeners: Set<(bar: Bar) => void>;
  before: Bar | null;
}

export function createLiveBars(options: LiveBarsOptions): LiveBars {
  /** By symbol, then interval. */
  const series = new Map<string, Map<BarInterval, Series>>();

  function emit({ before, listeners }: Series, bars: readonly Bar[]): void {
    for (const bar of bars) {
      const whole = before?.at === bar.at ? { ...bar, ...joinContents(before, bar) } : bar;
      for (const listener of listeners) {
        listener(whole);
      }
    }
  }

  function begin(symbol: string, interval: BarInterval): Series {
    const aggregation = { symbol, interval, calendar: options.calendarOf(symbol) };
    const isOfTrades = options.hasTrades(symbol);
    const begun: Series = {
      quotes: isOfTrades ? null : createQuoteBars(aggregation),
      trades: isOfTrades ? createTradeBars(aggregation) : null,
      listeners: new Set(),
      before: null,
    };
    void options.latest(symbol, interval).then(
      (bar) => {
        begun.before = bar?.isClosed === false ? bar : null;
        if (begun.before !== null) {
          emit(begun, [begun.before]);
        }
      },
      () => undefined,
    );
    return begun;
  }

  const all = (symbol: string): Iterable<Series> => series.get(symbol)?.values() ?? [];

  return {
    listen(symbol, interval, listener) {
      const ofSymbol = series.get(symbol) ?? new Map<BarInterval, Series>();
      series.set(symbol, ofSymbol);
      const one = ofSymbol.get(interval) ?? begin(symbol, interval);
      ofSymbol.set(interval, one);
      one.listeners.add(listener);
      return () => {
        one.listeners.delete(listener);
        if (one.listeners.size === 0 && ofSymbol.get(interval) === one) {
          ofSymbol.delete(interval);
        }
      };
    },
    quote(quote) {
      for (const one of all(quote.symbol)) {
        emit(one, one.quotes?.add(quote) ?? []);
      }
    },
    trade(trade) {
      for (const one of all(trade.symbol)) {
        emit(one, one.trades?.add(trade) ?? []);
      }
    },
    flush(now) {
      for (const ofSymbol of series.values()) {
        for (const one of ofSymbol.values()) {
          emit(one, (one.quotes ?? one.trades)?.flush(now) ?? []);
        }
      }
    },
  };
}
