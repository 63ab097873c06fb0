import type { BarInterval, BrokerMarketData } from '@omniquant/plugin-sdk';

import type { MarketQuote, MarketView } from '../engine/decide-context.ts';
import { CommandError } from '../engine/decision.ts';
import { barSpan } from '../market/bar-interval.ts';
import { calendarOf } from '../market/calendars.ts';
import { createInstrument, type Instrument } from '../market/instrument.ts';
import type { Quote } from '../market/quote.ts';
import type { Trade } from '../market/trade.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { UnavailableError } from './command-reply.ts';
import { pause, withDeadline } from './deadline.ts';
import type { FeedSink } from './feed-delivery.ts';
import { createLiveBars } from './live-bars.ts';
import { createMarketClock, createWallMarketClock, type MarketClock } from './market-clock.ts';
import type { MarketData } from './market-data.ts';
import { createMarketView, type MarketViewSettings } from './market-view.ts';
import { barFromVenue, quoteFromVenue, tradeFromVenue } from './venue-conversion.ts';

export interface MarketHubOptions {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Names the source in metrics. */
  readonly source: string;
  readonly requestTimeoutMs: number;
  /** Shortest time between two calls of `onMoved`. */
  readonly moveEveryMs: number;
  readonly settings: MarketViewSettings;
  /** Symbols with new quotes since the last call. */
  onMoved(symbols: readonly string[]): void;
}

/** Where market data comes from: a broker that has some, or a feed. */
export interface MarketConnection {
  readonly marketData?: BrokerMarketData;
  /** Market time is the time of day, and the source is not asked for it. */
  readonly isWallTime?: boolean;
  /** The interval of the source's own bars that such bars are made of; left out or null, they are made of ticks. */
  barSource?(symbol: string, interval: BarInterval): BarInterval | null;
}

/**
 * The market data of one broker connection or feed: the latest of everything, for decisions and for the API.
 * Quotes conflate: whoever is slow sees the newest. Who decides by quotes hears of them at most every
 * `moveEveryMs`.
 */
export interface MarketHub extends MarketData {
  readonly sink: FeedSink;
  readonly view: MarketView;
  /** Market time, never back; 0 until the source has said it. */
  now(): number;
  /** Resolves when market time is known. */
  whenTimeKnown(): Promise<void>;
  /** The connection is ready: asks for instruments and clock, and subscribes. */
  connect(connection: MarketConnection): void;
  /** Called about once a second: closes bars whose time is over, unless the market stands still between its steps. */
  tick(): void;
  /** In a market that stands still between its steps: prices are looked at now, and when all is told bars are over. */
  stepped(isOver: boolean): void;
  close(): void;
}

const RETRY_MS = 1_000;

export function createMarketHub(options: MarketHubOptions): MarketHub {
  const { clock, telemetry, requestTimeoutMs } = options;
  const instruments = new Map<string, Instrument>();
  const quotes = new Map<string, Quote>();
  const marketQuotes = new Map<string, MarketQuote>();
  const traded = new Set<string>();
  const quoteListeners = new Set<(quote: Quote) => void>();
  const tradeListeners = new Set<(trade: Trade) => void>();
  const moved = new Set<string>();
  const closing = new AbortController();
  let marketClock: MarketClock = createMarketClock(clock);
  let source: BrokerMarketData | null = null;
  let connection: MarketConnection = {};
  let isMoveDue = false;
  let tellTimeKnown = (): void => undefined;
  const timeKnown = new Promise<void>((resolve) => (tellTimeKnown = resolve));

  const calendarFor = (symbol: string) =>
    calendarOf(instruments.get(symbol)?.calendar ?? options.settings.accountCalendar);

  const bars = createLiveBars({
    calendarOf: calendarFor,
    hasTrades: (symbol) => traded.has(symbol),
    barSource: (symbol, interval) => connection.barSource?.(symbol, interval) ?? null,
    latest: async (symbol, interval) => {
      const { start } = barSpan(marketClock.now(), interval, calendarFor(symbol));
      const found = await hub.bars(symbol, interval, start, null, 1, closing.signal);
      return found.at(-1) ?? null;
    },
  });

  /** A message that cannot be read is the source's fault and costs that message only. */
  function guarded<T>(what: string, work: (message: T) => void): (message: T) => void {
    return (message) => {
      try {
        work(message);
      } catch (error) {
        telemetry.log('warn', `a ${what} was not understood`, { source: options.source, error });
      }
    };
  }

  function tellMoves(): void {
    const symbols = [...moved];
    moved.clear();
    if (symbols.length > 0 && !closing.signal.aborted) options.onMoved(symbols);
  }

  function noteMove(symbol: string): void {
    moved.add(symbol);
    const isStepped = marketClock.current().speed === 0;
    if (!isMoveDue && !isStepped && !closing.signal.aborted) {
      isMoveDue = true;
      clock.after(options.moveEveryMs, () => {
        isMoveDue = false;
        tellMoves();
      });
    }
  }

  /** The time of day, from now on; it may be that already. */
  function useWallTime(): void {
    const before = marketClock.now();
    marketClock = createWallMarketClock(clock);
    marketClock.reached(before);
    tellTimeKnown();
  }

  async function prepare(connected: BrokerMarketData): Promise<void> {
    const ask = <T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
      withDeadline(clock, requestTimeoutMs, what, work, closing.signal);
    if (connection.isWallTime !== true) {
      marketClock.set(await ask('the market clock', (signal) => connected.clock(signal)));
      tellTimeKnown();
    }
    for (const described of await ask('the list of instruments', (signal) => connected.instruments(signal))) {
      try {
        const instrument = createInstrument(described);
        instruments.set(instrument.symbol, instrument);
      } catch (error) {
        telemetry.log('warn', 'an instrument cannot be traded as described', {
          source: options.source,
          error,
        });
      }
    }
    bars.sourceKnown();
    connected.subscribe([...instruments.keys()]);
  }

  async function prepareUntilDone(connected: BrokerMarketData): Promise<void> {
    while (!closing.signal.aborted && source === connected) {
      try {
        await prepare(connected);
        return;
      } catch (error) {
        telemetry.log('warn', 'market data is not available yet', { source: options.source, error });
        await pause(clock, RETRY_MS, closing.signal);
      }
    }
  }

  /** Throws UnavailableError when the source does not answer. */
  async function fromSource<T>(
    what: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    try {
      return await withDeadline(clock, requestTimeoutMs, what, work, signal);
    } catch (cause) {
      throw cause instanceof UnavailableError
        ? cause
        : new UnavailableError('NOT_PLACED', `${what} could not be had from the source`, { cause });
    }
  }

  function reachable(): BrokerMarketData {
    if (source === null) {
      throw new UnavailableError('NOT_PLACED', 'there is no market data at the moment');
    }
    return source;
  }

  const hub: MarketHub = {
    sink: {
      quote: guarded('quote', (message) => {
        const quote = quoteFromVenue(message);
        const { symbol, at, bid, ask, last } = quote;
        marketClock.reached(at);
        quotes.set(symbol, quote);
        marketQuotes.set(symbol, { symbol, at, receivedAt: clock.now(), bid, ask, last });
        telemetry.count('quotes_total', { broker: options.source });
        bars.quote(quote);
        noteMove(symbol);
        for (const listener of quoteListeners) {
          listener(quote);
        }
      }),
      trade: guarded('trade', (message) => {
        const trade = tradeFromVenue(message);
        marketClock.reached(trade.at);
        traded.add(trade.symbol);
        bars.trade(trade);
        for (const listener of tradeListeners) {
          listener(trade);
        }
      }),
      bar: guarded('bar', (message) => {
        const bar = barFromVenue(message);
        const { end } = barSpan(bar.at, bar.interval, calendarFor(bar.symbol));
        marketClock.reached(bar.isClosed ? end : bar.at);
        bars.bar(bar, end);
      }),
      clock: (message) => {
        marketClock.set(message);
        tellTimeKnown();
      },
    },
    view: createMarketView(
      {
        instrument: (symbol) => instruments.get(symbol),
        quote: (symbol) => marketQuotes.get(symbol),
        now: () => marketClock.now(),
      },
      options.settings,
    ),
    now: () => marketClock.now(),
    whenTimeKnown: () => timeKnown,
    connect(connected) {
      const { isWallTime, marketData } = connected;
      connection = connected;
      if (marketData === undefined || isWallTime === true) useWallTime();
      if (marketData === undefined) return;
      source = marketData;
      void prepareUntilDone(marketData);
    },
    tick() {
      if (marketClock.current().speed > 0) bars.flush(marketClock.now());
    },
    stepped(isOver) {
      if (isOver) bars.flush(marketClock.now());
      else tellMoves();
    },
    close() {
      closing.abort();
      source = null;
      quoteListeners.clear();
      tradeListeners.clear();
    },

    instruments: () => [...instruments.values()],
    instrument: (symbol) => instruments.get(symbol),
    quote: (symbol) => quotes.get(symbol),
    marketQuote: (symbol) => marketQuotes.get(symbol),
    async bars(symbol, interval, from, to, limit, signal) {
      const request = { symbol, interval, from, to, limit };
      const found = await fromSource('the bars', (aborted) => reachable().bars(request, aborted), signal);
      return found.map(barFromVenue);
    },
    clock() {
      const current = marketClock.current();
      const calendar = calendarOf(options.settings.accountCalendar);
      return {
        ...current,
        session: calendar.session(current.at),
        nextChangeAt: calendar.nextChange(current.at),
      };
    },
    async setSpeed(speed, signal) {
      if (!Number.isFinite(speed) || speed <= 0) {
        throw new CommandError('BAD_USER_INPUT', 'speed is a number above 0', 'speed');
      }
      const replay = reachable();
      const ask = replay.setSpeed?.bind(replay);
      if (ask === undefined) {
        throw new CommandError('BAD_USER_INPUT', 'this market cannot be replayed at another speed', 'speed');
      }
      marketClock.set(await fromSource('the market clock', (aborted) => ask(speed, aborted), signal));
    },
    onQuote(listener) {
      quoteListeners.add(listener);
      return () => void quoteListeners.delete(listener);
    },
    onTrade(listener) {
      tradeListeners.add(listener);
      return () => void tradeListeners.delete(listener);
    },
    onBar: (symbol, interval, listener) => bars.listen(symbol, interval, listener),
  };
  return hub;
}
