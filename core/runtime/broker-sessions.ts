import type { BrokerConnector, BrokerRef } from '../ports/broker-connector.ts';
import type { BrokerEnvironment } from './broker-environment.ts';
import { type BrokerSession, createBrokerSession } from './broker-session.ts';
import { createMarketHub, type MarketHub } from './market-hub.ts';
import type { RuntimeSettings } from './runtime-settings.ts';
import { connectionKey } from './sharding.ts';

/** A connection with the market data that comes over it. */
export interface Venue {
  readonly session: BrokerSession;
  readonly hub: MarketHub;
}

/** The broker connections of this process, each opened when it is first asked for. */
export interface BrokerSessions {
  get(ref: BrokerRef): Venue;
  /** Where accounts of a venue take quotes and market time from: its own, or the gateway's where it has none. */
  marketFor(venue: Venue): MarketHub;
  all(): readonly Venue[];
  run(): void;
  tick(): void;
  close(): Promise<void>;
}

export interface BrokerSessionsOptions {
  readonly env: BrokerEnvironment;
  readonly connector: BrokerConnector;
  readonly settings: RuntimeSettings;
  readonly onMoved: (venue: Venue, symbols: readonly string[]) => void;
}

export function createBrokerSessions({
  env,
  connector,
  settings,
  onMoved,
}: BrokerSessionsOptions): BrokerSessions {
  const venues = new Map<string, Venue>();

  function open(ref: BrokerRef): Venue {
    const hub: MarketHub = createMarketHub({
      clock: env.clock,
      telemetry: env.telemetry,
      source: ref.broker,
      requestTimeoutMs: settings.readTimeoutMs,
      moveEveryMs: settings.marketMoveMs,
      settings: settings.market,
      onMoved: (symbols) => {
        onMoved(venue, symbols);
      },
    });
    const session = createBrokerSession({
      env,
      ref,
      connector,
      connectTimeoutMs: settings.connectTimeoutMs,
      market: hub.sink,
      onReady: (broker) => {
        hub.connect(broker);
      },
    });
    const venue: Venue = { session, hub };
    return venue;
  }

  return {
    get(ref) {
      const key = connectionKey(ref);
      const venue = venues.get(key) ?? open(ref);
      venues.set(key, venue);
      return venue;
    },
    marketFor({ session, hub }) {
      const { marketSource } = settings;
      const lacksMarket = session.broker !== null && session.broker.marketData === undefined;
      return lacksMarket && marketSource !== null
        ? (venues.get(connectionKey(marketSource))?.hub ?? hub)
        : hub;
    },
    all: () => [...venues.values()],
    run() {
      for (const { session } of venues.values()) {
        session.run();
      }
    },
    tick() {
      for (const { hub } of venues.values()) {
        hub.tick();
      }
    },
    async close() {
      for (const { hub } of venues.values()) {
        hub.close();
      }
      await Promise.all([...venues.values()].map(({ session }) => session.close()));
    },
  };
}
