import type { FeedEvent, VenueBar } from '@omniquant/plugin-sdk';

import type { FeedConnection } from '../../../../core/ports/feed-connector.ts';
import { type FeedSession, openFeedSession } from '../../../../core/runtime/feed-session.ts';
import { createMarketHub, type MarketHub } from '../../../../core/runtime/market-hub.ts';
import type { ScriptedFeed } from '../../../support/scripted-feed.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

/** A Tuesday, 10:00 in New York. */
export const OPEN = Date.UTC(2018, 0, 2, 15, 0, 0);
export const MINUTE = 60_000;

export const bar = (index: number, close = '10', interval: VenueBar['interval'] = 'MINUTE_1'): VenueBar => ({
  ...{ symbol: 'AAPL', interval, at: OPEN + index * MINUTE, open: '10', high: '20', low: '5' },
  ...{ close, volume: '100', isClosed: true },
});
export const barEvent = (index: number, close?: string): FeedEvent => ({ kind: 'bar', ...bar(index, close) });
export const quoteEvent = (
  at: number,
  bid: string | null = '10',
  ask = '10.02',
  symbol = 'AAPL',
): FeedEvent => ({
  ...{ kind: 'quote', symbol, at, bid, ask, bidSize: null, askSize: null, last: null },
});
export const tradeEvent = (at: number, price: string): FeedEvent => ({
  ...{ kind: 'trade', symbol: 'AAPL', at, price, size: '1' },
});
export const replayed = (at: number) => ({ clock: () => Promise.resolve({ at, replayed: true, speed: 60 }) });

/** A market hub whose feed is scripted, in virtual time. */
export interface FeedMarket {
  readonly clock: VirtualClock;
  readonly hub: MarketHub;
  readonly session: FeedSession;
  readonly script: ScriptedFeed;
  /** Metrics by name, how often each was counted. */
  readonly counts: ReadonlyMap<string, number>;
  /** How often the feed was asked for. */
  readonly connects: number;
  open(scripted: ScriptedFeed, connect?: () => Promise<FeedConnection>): Promise<void>;
  tell(...events: readonly FeedEvent[]): Promise<void>;
  /** As if the feed's plugin had been started anew. */
  restartPlugin(): void;
  close(): Promise<void>;
}

export function createFeedMarket(): FeedMarket {
  const clock = createVirtualClock();
  const counts = new Map<string, number>();
  let life = new AbortController();
  let connects = 0;
  let opened: { hub: MarketHub; session: FeedSession; script: ScriptedFeed } | undefined;

  const telemetry = {
    span: () => {
      throw new Error('no spans here');
    },
    count: (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    ...{ observe: () => undefined, gauge: () => undefined, log: () => undefined },
  };

  function whatIsOpen() {
    if (opened === undefined) throw new Error('open a feed first');
    return opened;
  }

  return {
    clock,
    counts,
    get hub() {
      return whatIsOpen().hub;
    },
    get session() {
      return whatIsOpen().session;
    },
    get script() {
      return whatIsOpen().script;
    },
    get connects() {
      return connects;
    },
    async open(script, connect) {
      const hub = createMarketHub({
        ...{ clock, telemetry, source: 'scripted', requestTimeoutMs: 1_000, moveEveryMs: 100 },
        settings: { accountCalendar: 'US_EQUITY', haltedSymbols: new Set() },
        onMoved: () => undefined,
      });
      const session = openFeedSession({
        ...{ feedId: 'scripted', clock, telemetry, chance: { next: () => 0.5 }, sink: hub.sink },
        ...{ connectTimeoutMs: 5_000, closeTimeoutMs: 1_000 },
        connector: {
          connect() {
            connects += 1;
            if (connect !== undefined) return connect();
            const { feed } = script;
            return Promise.resolve({ feed, signal: life.signal, close: () => feed.close() });
          },
        },
        onOpened: (connection) => {
          hub.connect(connection);
        },
      });
      opened = { hub, session, script };
      await clock.advance(0);
    },
    async tell(...events) {
      whatIsOpen().script.tell(...events);
      await clock.advance(0);
      await clock.advance(5);
    },
    restartPlugin() {
      const before = life;
      life = new AbortController();
      before.abort();
    },
    async close() {
      const { hub, session } = whatIsOpen();
      const closing = session.close();
      await clock.advance(60_000);
      await closing;
      hub.close();
    },
  };
}
