import { performance } from 'node:perf_hooks';

import { DEFAULT_START_DAY } from '@omniquant/venue/recorded-markets';

import { AccountViews } from './server/account-views.ts';
import { VenueHttpServer } from './server/http-server.ts';
import { Lockstep } from './server/lockstep.ts';
import { MarketFeed } from './server/market-feed.ts';
import { OrderGate } from './server/order-gate.ts';
import { StreamHub } from './server/stream-hub.ts';
import { VenueEngine } from './server/venue-engine.ts';
import { changeFaults, type FaultsChange, NO_FAULTS } from './server/venue-faults.ts';
import { venueRoutes } from './server/venue-routes.ts';

export interface VenueOptions {
  /** Where the venue keeps its store; one venue at a time. */
  readonly dataDir: string;
  /** @defaultValue 127.0.0.1 */
  readonly host?: string;
  /** 0 is any free port. @defaultValue 0 */
  readonly port?: number;
  /** Of a new store; a store keeps the seed that it was made with. @defaultValue 'omniquant' */
  readonly seed?: string;
  /** Market seconds per second of a new store; it can be changed later and is kept. @defaultValue 60 */
  readonly speed?: number;
  /** YYYY-MM-DD, where the market of a new store begins. @defaultValue 2016-01-04 */
  readonly startDay?: string;
  /** Asked for as a bearer token where it is given. */
  readonly token?: string;
  /** Changes the faults that the store has. */
  readonly faults?: FaultsChange;
  /** Hears of a failure after which the venue has stopped. */
  readonly onFailure?: (error: unknown) => void;
}

/** A venue that is running. */
export interface RunningVenue {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export const DEFAULT_SPEED = 60;

/** Starts a venue: opens or continues its store, lets market time flow and listens. Throws VenueError. */
export const startVenue = async (options: VenueOptions): Promise<RunningVenue> => {
  const host = options.host ?? '127.0.0.1';
  const wallNow = (): number => performance.now();
  const running: { hub?: StreamHub; server?: VenueHttpServer } = {};
  const engine = new VenueEngine(
    {
      dataDir: options.dataDir,
      seed: options.seed ?? 'omniquant',
      speed: options.speed ?? DEFAULT_SPEED,
      startDay: options.startDay ?? DEFAULT_START_DAY,
      faults: options.faults === undefined ? undefined : changeFaults(NO_FAULTS, options.faults),
      wallNow,
    },
    {
      messages: (messages) => running.hub?.deliver(messages),
      failed: (error) => {
        running.hub?.close();
        void running.server?.close();
        options.onFailure?.(error);
      },
    },
  );
  const feed = new MarketFeed(engine.replay, (symbol) => engine.exchange.gridOf(symbol));
  const lockstep = new Lockstep(engine, (step) => running.hub?.publish(step));
  const hub = new StreamHub(engine, feed, lockstep);
  const views = new AccountViews(engine, wallNow);
  const gate = new OrderGate(engine, wallNow, (ids) => {
    views.noteNewOrders(ids);
  });
  const routes = venueRoutes({ engine, views, hub, lockstep });
  const server = new VenueHttpServer({
    host,
    port: options.port ?? 0,
    token: options.token,
    routes,
    gate,
    hub,
  });
  running.hub = hub;
  running.server = server;
  const stop = async (): Promise<void> => {
    hub.close();
    engine.close();
    await server.close();
  };
  try {
    const port = await server.listen();
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, close: stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
