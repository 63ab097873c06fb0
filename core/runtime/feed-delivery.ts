import type { FeedEvent, VenueBar, VenueQuote, VenueTrade } from '@omniquant/plugin-sdk';

import type { Instrument } from '../market/instrument.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { MarketSink } from './broker-session.ts';
import { barEnd, eventProblem } from './feed-checks.ts';

/** Where a feed's events go. */
export type FeedSink = MarketSink & { bar(bar: VenueBar): void };

export interface FeedDeliveryOptions {
  readonly feedId: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly sink: FeedSink;
  /** The feed has a market time of its own. */
  readonly isOwnTime: boolean;
  instrument(symbol: string): Instrument | undefined;
}

/**
 * Hands a feed's events on, those that make sense. Quotes of a live feed conflate: of each symbol one a turn of
 * the event loop, the newest. A symbol that has no quotes is quoted by its last price, so that it has a mark and
 * orders in it a value; its trades and bars are what is known of it.
 */
export interface FeedDelivery {
  take(event: FeedEvent): void;
  /** Market time of the latest event; null before the first. */
  readonly reached: number | null;
}

/** Refusals are logged at most so often. */
const WARN_EVERY_MS = 10_000;

export function createFeedDelivery(options: FeedDeliveryOptions): FeedDelivery {
  const { clock, feedId, isOwnTime, sink, telemetry } = options;
  const lastPrices = new Map<string, string>();
  const quoted = new Map<string, number>();
  const closed = new Map<string, number>();
  const waiting = new Map<string, VenueQuote>();
  let reached: number | null = null;
  let refused = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;

  function refuse(event: FeedEvent, problem: string): void {
    telemetry.count('feed_events_refused_total', { feed: feedId });
    refused += 1;
    if (clock.monotonic() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = clock.monotonic();
    telemetry.log('warn', 'events of a feed were refused', { feed: feedId, refused, problem, event });
    refused = 0;
  }

  function flush(): void {
    for (const quote of waiting.values()) sink.quote(quote);
    waiting.clear();
  }

  function tellQuote(quote: VenueQuote): void {
    if (isOwnTime) {
      sink.quote(quote);
      return;
    }
    if (waiting.size === 0) clock.after(0, flush);
    waiting.set(quote.symbol, quote);
  }

  function takeQuote(quote: VenueQuote): void {
    quoted.set(quote.symbol, quote.at);
    tellQuote({ ...quote, last: quote.last ?? lastPrices.get(quote.symbol) ?? null });
  }

  /** What is worth knowing before whoever hears of the trade or bar decides by it. */
  function takePrice(symbol: string, at: number, last: string): void {
    lastPrices.set(symbol, last);
    if (quoted.has(symbol)) {
      const quote = waiting.get(symbol);
      if (quote !== undefined) sink.quote(quote);
      waiting.delete(symbol);
      return;
    }
    sink.quote({ symbol, at, bid: null, ask: null, bidSize: null, askSize: null, last });
  }

  function takeTrade(trade: VenueTrade): void {
    takePrice(trade.symbol, trade.at, trade.price);
    sink.trade(trade);
  }

  function takeBar(bar: VenueBar, end: number): void {
    if (bar.isClosed) closed.set(seriesOf(bar), bar.at);
    takePrice(bar.symbol, bar.isClosed ? end : Math.max(bar.at, reached ?? 0), bar.close);
    sink.bar(bar);
  }

  /** Why an event does not follow those before it, in words. */
  function orderProblem(event: FeedEvent, at: number): string | null {
    if (event.kind === 'bar' && event.at <= (closed.get(seriesOf(event)) ?? Number.NEGATIVE_INFINITY)) {
      return 'a bar of that time, or a later one, is closed already';
    }
    if (isOwnTime) return at < (reached ?? at) ? 'it is older than the event before it' : null;
    return event.kind === 'quote' && at < (quoted.get(event.symbol) ?? at) ? 'there is a newer quote' : null;
  }

  /** A bar is known at its end, or as late as it has grown. */
  function timeOf(event: FeedEvent): number {
    if (event.kind !== 'bar') return event.at;
    const instrument = options.instrument(event.symbol);
    if (instrument === undefined) return event.at;
    return event.isClosed ? barEnd(event, instrument) : Math.max(event.at, reached ?? event.at);
  }

  function hand(event: FeedEvent, at: number): void {
    switch (event.kind) {
      case 'quote':
        takeQuote(event);
        break;
      case 'trade':
        takeTrade(event);
        break;
      case 'bar':
        takeBar(event, at);
        break;
      case 'clock':
        // Another market time than the feed's own comes from the time of day.
        if (isOwnTime) sink.clock(event);
        break;
      case 'gap':
        telemetry.count('feed_gaps_total', { feed: feedId });
        telemetry.log('warn', 'a feed has missed something', { feed: feedId, ...event });
    }
  }

  return {
    get reached() {
      return reached;
    },
    take(event) {
      const problem = eventProblem(
        event,
        (symbol) => options.instrument(symbol),
        isOwnTime ? null : clock.now(),
      );
      if (problem !== null) {
        refuse(event, problem);
        return;
      }
      const at = timeOf(event);
      const disorder = orderProblem(event, at);
      if (disorder !== null) {
        refuse(event, disorder);
        return;
      }
      telemetry.count('feed_events_total', { feed: feedId, kind: event.kind });
      hand(event, at);
      reached = Math.max(reached ?? at, at);
    },
  };
}

const seriesOf = ({ interval, symbol }: VenueBar): string => `${symbol}/${interval}`;
