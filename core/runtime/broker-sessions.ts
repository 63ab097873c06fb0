import type { BarSink } from '../ports/bar-sink.ts';
import type { BrokerConnector, BrokerRef } from '../ports/broker-connector.ts';
import type { FeedConnector } from '../ports/feed-connector.ts';
import { createBarRecorder } from './bar-recorder.ts';
import type { BrokerEnvironment } from './broker-environment.ts';
import { type BrokerSession, createBrokerSession, type MarketSink } from './broker-session.ts';
import { DEFAULT_CONNECTION } from './command-router.ts';
import { type FeedSession, openFeedSession } from './feed-session.ts';
import { createMarketHub, type MarketHub } from './market-hub.ts';
import type { RuntimeSettings } from './runtime-settings.ts';
import { connectionKey } from './sharding.ts';

/** A connection with the market data that comes over it, or from the feed that is set for it. */
export interface Venue {
  readonly session: BrokerSession;
  readonly hub: MarketHub;
  /** What `hub` is fed by instead of the broker; null for the broker. */
  readonly feed: string | null;
}

/** A feed as it is in use here, once for all connections that it is set for. */
interface FedMarket {
  readonly hub: MarketHub;
  readonly session: FeedSession;
}

/** The broker connections of this process, each opened when it is first asked for. */
export interface BrokerSessions {
  get(ref: BrokerRef): Venue;
  /** Where accounts of a venue take quotes and market time from: its own, or the gateway's where it has none. */
  marketFor(venue: Venue): MarketHub;
  all(): readonly Venue[];
  feeds(): readonly FeedSession[];
  run(): void;
  tick(): void;
  close(): Promise<void>;
}

export interface BrokerSessionsOptions {
  readonly env: BrokerEnvironment;
  readonly connector: BrokerConnector;
  readonly feedConnector: FeedConnector;
  readonly settings: RuntimeSettings;
  readonly onMoved: (venue: Venue, symbols: readonly string[]) => void;
  /** Takes the bars of all markets that the settings ask for; none are kept without it. */
  readonly barSink?: BarSink | undefined;
  /** Resolves when all effects of what came in are done. */
  readonly whenSettled: () => Promise<void>;
}

/** The most particular setting counts: that of the connection before that of the broker. */
function feedOf({ broker, connection }: BrokerRef, { feeds }: RuntimeSettings): string | null {
  const ofBroker = feeds.filter((setting) => setting.broker === broker);
  const own = ofBroker.find((setting) => setting.connection === connection);
  return (own ?? ofBroker.find((setting) => setting.connection === null))?.feed ?? null;
}

/** What a broker says of the market where a feed says it. */
const UNHEARD: MarketSink = { quote: () => undefined, trade: () => undefined, clock: () => undefined };

export function createBrokerSessions({
  env,
  connector,
  feedConnector,
  settings,
  onMoved,
  barSink,
  whenSettled,
}: BrokerSessionsOptions): BrokerSessions {
  const venues = new Map<string, Venue>();
  const fed = new Map<string, FedMarket>();
  const recorder = createBarRecorder({
    intervals: barSink === undefined ? [] : settings.storedBars,
    sink: barSink ?? { put: () => undefined },
    telemetry: env.telemetry,
  });

  const hubFor = (source: string, venueOf: () => Venue | undefined): MarketHub =>
    createMarketHub({
      clock: env.clock,
      telemetry: env.telemetry,
      source,
      requestTimeoutMs: settings.readTimeoutMs,
      moveEveryMs: settings.marketMoveMs,
      settings: settings.market,
      onMoved: (symbols) => {
        const venue = venueOf();
        if (venue !== undefined) onMoved(venue, symbols);
      },
    });

  function openFeed(feedId: string): FedMarket {
    // Any of the venues will do: whoever hears of it looks for all accounts with the hub.
    const hub = hubFor(feedId, () => [...venues.values()].find(({ feed }) => feed === feedId));
    recorder.follow(hub, { source: `feed ${feedId}`, connection: null });
    const { chance, clock, telemetry } = env;
    const session = openFeedSession({
      ...{ feedId, chance, clock, telemetry },
      connector: feedConnector,
      connectTimeoutMs: settings.feedConnectTimeoutMs,
      closeTimeoutMs: settings.connectTimeoutMs,
      sink: hub.sink,
      onOpened: (connection) => {
        hub.connect(connection);
      },
    });
    return { hub, session };
  }

  const settledBy =
    (hub: MarketHub) =>
    async (isStepOver: boolean): Promise<void> => {
      // Triggers are looked at once what happened to orders has had its effects.
      if (!isStepOver) await whenSettled();
      hub.stepped(isStepOver);
      await whenSettled();
    };

  function open(ref: BrokerRef): Venue {
    const feed = feedOf(ref, settings);
    const market = feed === null ? null : (fed.get(feed) ?? openFeed(feed));
    if (feed !== null && market !== null) fed.set(feed, market);
    const hub = market?.hub ?? hubFor(ref.broker, () => venue);
    if (market === null) {
      const { broker, connection } = ref;
      const isOfAll = connection === DEFAULT_CONNECTION;
      recorder.follow(hub, { source: `broker ${broker}`, connection: isOfAll ? null : connection });
    }
    const session = createBrokerSession({
      env,
      ref,
      connector,
      connectTimeoutMs: settings.connectTimeoutMs,
      market: market === null ? { ...hub.sink, settled: settledBy(hub) } : UNHEARD,
      onReady: (broker) => {
        if (market === null) hub.connect(broker);
      },
    });
    const venue: Venue = { session, hub, feed };
    return venue;
  }

  const hubs = (): ReadonlySet<MarketHub> => new Set([...venues.values()].map(({ hub }) => hub));

  return {
    get(ref) {
      const key = connectionKey(ref);
      const venue = venues.get(key) ?? open(ref);
      venues.set(key, venue);
      return venue;
    },
    marketFor({ feed, session, hub }) {
      const { marketSource } = settings;
      const lacksMarket = session.broker !== null && session.broker.marketData === undefined;
      return lacksMarket && feed === null && marketSource !== null
        ? (venues.get(connectionKey(marketSource))?.hub ?? hub)
        : hub;
    },
    all: () => [...venues.values()],
    feeds: () => [...fed.values()].map(({ session }) => session),
    run() {
      for (const { session } of venues.values()) {
        session.run();
      }
    },
    tick() {
      for (const hub of hubs()) {
        hub.tick();
      }
      recorder.look();
    },
    async close() {
      recorder.close();
      for (const hub of hubs()) {
        hub.close();
      }
      const sessions = [...venues.values(), ...fed.values()].map(({ session }) => session);
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}
