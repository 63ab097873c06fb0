import type { BrokerMarketData, Feed, FeedInstrument } from '@omniquant/plugin-sdk';
import { FeedError } from '@omniquant/plugin-sdk';

import { createInstrument, type Instrument } from '../market/instrument.ts';
import type { Chance, Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { createFeedDelivery, type FeedSink } from './feed-delivery.ts';
import { feedBars, sourceInterval } from './feed-history.ts';
import { keepStreaming } from './feed-stream.ts';
import type { MarketConnection } from './market-hub.ts';

export interface FeedSourceOptions {
  readonly feedId: string;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly telemetry: Telemetry;
  readonly sink: FeedSink;
  /** Aborted when the connection is not to be used any more. */
  readonly signal: AbortSignal;
  onState(problem: string | null, isOver: boolean): void;
}

interface Known {
  readonly instrument: Instrument;
  readonly barIntervals: FeedInstrument['barIntervals'];
}

/** A feed as the market hub takes it: what it is subscribed to streams until the signal is aborted. */
export function createFeedSource(options: FeedSourceOptions): MarketConnection {
  const { clock, feed, signal } = options;
  const known = new Map<string, Known>();
  let isStreaming = false;
  const isOwnTime = feed.clock !== undefined;
  const delivery = createFeedDelivery({
    ...options,
    isOwnTime,
    instrument: (symbol) => known.get(symbol)?.instrument,
  });

  function note(described: FeedInstrument): void {
    const { barIntervals, ...instrument } = described;
    try {
      known.set(described.symbol, { instrument: createInstrument(instrument), barIntervals });
    } catch {
      // The hub reads the same, says so, and leaves it out.
    }
  }

  const setSpeed = feed.setSpeed?.bind(feed);
  const ownClock = feed.clock?.bind(feed);
  const marketData: BrokerMarketData = {
    async instruments(aborted) {
      const found = await feed.instruments(aborted);
      found.forEach(note);
      return found.map(({ barIntervals: _, ...instrument }) => instrument);
    },
    subscribe(symbols) {
      if (isStreaming || signal.aborted) return;
      isStreaming = true;
      void keepStreaming({ ...options, symbols, delivery });
    },
    bars(request, aborted) {
      const found = known.get(request.symbol);
      if (found === undefined) {
        return Promise.reject(new FeedError('UNKNOWN_SYMBOL', `the feed does not have ${request.symbol}`));
      }
      const now = isOwnTime ? (delivery.reached ?? 0) : clock.now();
      return feedBars({ feed, clock, ...found, isOwnTime, now }, request, AbortSignal.any([aborted, signal]));
    },
    clock: ownClock ?? (() => Promise.resolve({ at: clock.now(), replayed: false, speed: 1 })),
    ...(setSpeed === undefined ? {} : { setSpeed }),
  };
  return {
    marketData,
    isWallTime: !isOwnTime,
    barSource(symbol, interval) {
      const found = known.get(symbol);
      return found === undefined ? null : sourceInterval(found.barIntervals, interval);
    },
  };
}
