import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from '../market/bar.ts';
import type { BarAggregator } from '../market/bar-aggregator.ts';
import { joinContents } from '../market/bar-content.ts';
import type { TradingCalendar } from '../market/calendar.ts';
import type { Quote } from '../market/quote.ts';
import { createRolledUpBars } from '../market/rolled-up-bars.ts';
import { createQuoteBars, createTradeBars } from '../market/tick-bars.ts';
import type { Trade } from '../market/trade.ts';

export interface LiveBarsOptions {
  calendarOf(symbol: string): TradingCalendar;
  /** The bar at hand as the source has it, to begin with; null without one. */
  latest(symbol: string, interval: BarInterval): Promise<Bar | null>;
  /** Symbols that the source prints trades of; bars of the others are made of quotes. */
  hasTrades(symbol: string): boolean;
  /** The interval of the source's own bars that such bars are, or are put together of; null for none. */
  barSource(symbol: string, interval: BarInterval): BarInterval | null;
}

/**
 * Bars as they grow, for whoever listens: one aggregation for each symbol and interval while there are
 * listeners. The bar that was under way when the first one came begins with what the source had of it.
 */
export interface LiveBars {
  listen(symbol: string, interval: BarInterval, listener: (bar: Bar) => void): () => void;
  quote(quote: Quote): void;
  trade(trade: Trade): void;
  /** A bar of the source's own, which ends at `end`. */
  bar(bar: Bar, end: number): void;
  /** What the source has is known now, or known to be something else: who listened before gets bars of it, too. */
  sourceKnown(): void;
  /** Closes bars whose time is over. */
  flush(now: number): void;
}

/** What bars of a series are made by. */
interface Makers {
  readonly quotes: BarAggregator<Quote> | null;
  readonly trades: BarAggregator<Trade> | null;
  /** The interval of the source's bars that these are made of. */
  readonly source: BarInterval | null;
  /** Null where they are the source's own. */
  readonly bars: BarAggregator<Bar> | null;
}

interface Series {
  makers: Makers;
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

  function makersOf(symbol: string, interval: BarInterval): Makers {
    const aggregation = { symbol, interval, calendar: options.calendarOf(symbol) };
    const source = options.barSource(symbol, interval);
    const isOfTicks = source === null;
    const isOfTrades = isOfTicks && options.hasTrades(symbol);
    return {
      quotes: isOfTicks && !isOfTrades ? createQuoteBars(aggregation) : null,
      trades: isOfTrades ? createTradeBars(aggregation) : null,
      bars: isOfTicks || source === interval ? null : createRolledUpBars(source, aggregation),
      source,
    };
  }

  /** Begins with what the source has of the bar that is under way. */
  function askForLatest(one: Series, symbol: string, interval: BarInterval): void {
    void options.latest(symbol, interval).then(
      (bar) => {
        one.before = bar?.isClosed === false ? bar : null;
        if (one.before !== null) {
          emit(one, [one.before]);
        }
      },
      () => undefined,
    );
  }

  function begin(symbol: string, interval: BarInterval): Series {
    const begun: Series = { makers: makersOf(symbol, interval), listeners: new Set(), before: null };
    askForLatest(begun, symbol, interval);
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
        emit(one, one.makers.quotes?.add(quote) ?? []);
      }
    },
    trade(trade) {
      for (const one of all(trade.symbol)) {
        emit(one, one.makers.trades?.add(trade) ?? []);
      }
    },
    bar(bar, end) {
      for (const one of all(bar.symbol)) {
        const { bars, source } = one.makers;
        if (source === bar.interval) {
          emit(one, bars?.add(bar) ?? [bar]);
          // The last of a coarser bar ends it: nothing more is to be waited for.
          if (bar.isClosed) emit(one, bars?.flush(end) ?? []);
        }
      }
    },
    sourceKnown() {
      for (const [symbol, ofSymbol] of series) {
        for (const [interval, one] of ofSymbol) {
          if (options.barSource(symbol, interval) !== one.makers.source) {
            one.makers = makersOf(symbol, interval);
            askForLatest(one, symbol, interval);
          }
        }
      }
    },
    flush(now) {
      for (const ofSymbol of series.values()) {
        for (const one of ofSymbol.values()) {
          const { bars, quotes, trades } = one.makers;
          emit(one, (quotes ?? trades ?? bars)?.flush(now) ?? []);
        }
      }
    },
  };
}
