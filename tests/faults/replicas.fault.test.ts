import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectAllWell, expectBooks } from '../support/cluster/cluster-books.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { type ApiClient, createApiClient } from '../support/gateway/api-client.ts';
import { type Desk, deskOf, insist, isDenial, isPlaced } from '../support/gateway/desk.ts';
import {
  cursorsOf,
  type FollowedEvent,
  followOrderEvents,
  journalLines,
  lineOf,
  sequenceOf,
} from '../support/gateway/order-follower.ts';
import { createTrader, type Trader } from '../support/gateway/trader.ts';
import { until } from '../support/gateway/until.ts';
import { openSocketProxy } from '../support/socket-proxy.ts';

/* Several gateways are one to their clients: whichever is asked, and while one comes or goes. */
jest.setTimeout(180_000);

const EVENTS = 10_000;
/** INITIALIZED, SUBMITTED, ACCEPTED, FILLED. */
const EVENTS_OF_AN_ORDER = 4;
const BATCH = 100;
const CUTS = 20;

describe('several gateways', () => {
  let cluster: Cluster;
  let desk: Desk;
  let trader: Trader | null = null;

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 2 });
    desk = await cluster.openDesk({ startingCash: '100000000' });
  });

  afterAll(async () => {
    trader?.abandon();
    await cluster.close();
  });

  const deskAt = (gateway: ClusterGateway): Desk => deskOf(cluster.at(gateway), desk.accountId);

  /** A place in the account's stream from which on it is to be followed. */
  async function begin(): Promise<string> {
    const { id } = await desk.placed();
    await desk.settled(id, 'FILLED');
    const last = (await cursorsOf(cluster.client, id)).at(-1);
    if (last === undefined) throw new Error(`order ${id} has no events`);
    return last;
  }

  /** Every event of the journal after the cursor, once and in order, once all is quiet. */
  async function expectJournal(after: string, events: readonly FollowedEvent[]): Promise<number> {
    const read = () => journalLines(cluster.dataDir, desk.accountId, sequenceOf(after));
    await until('the last event', async () => events.length >= (await read()).length);
    const journal = await read();
    expect(events.map(lineOf)).toEqual(journal);
    return journal.length;
  }

  it('take orders for one account, all of them, and tell of them whoever is asked', async () => {
    const after = await begin();
    const followers = cluster.gateways.map((gateway) =>
      followOrderEvents({ client: cluster.at(gateway), accountId: desk.accountId, after }),
    );
    const ids = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const placed = await Promise.all(cluster.gateways.map((gateway) => deskAt(gateway).placed()));
      for (const { id } of placed) ids.add(id);
    }
    expect(ids.size).toBe(20);
    for (const id of ids) await desk.settled(id, 'FILLED');
    for (const { events } of followers) expect(await expectJournal(after, events)).toBe(80);
    await Promise.all(followers.map((follower) => follower.stop()));
    await expectBooks(cluster, [desk]);
  });

  it('make one order of 50 submissions of one client order id at once, and answer all alike', async () => {
    for (let round = 0; round < 5; round += 1) {
      const input = desk.input();
      const outcomes = await Promise.all(
        Array.from({ length: 25 }, () =>
          cluster.gateways.map((gateway) => deskAt(gateway).place(input)),
        ).flat(),
      );
      const placed = outcomes.filter(isPlaced);
      expect(placed).toHaveLength(50);
      expect(new Set(placed.map(({ order }) => order.id)).size).toBe(1);
      expect(placed.filter(({ replayed }) => !replayed)).toHaveLength(1);
    }
    await expectBooks(cluster, [desk]);
  });

  it('come and go under load: no order fails, no event is lost', async () => {
    const after = await begin();
    const follower = followOrderEvents({ client: cluster.client, accountId: desk.accountId, after });
    trader = createTrader({ desk, seed: 'replicas', lanes: 4, triggers: false });
    await cluster.venue.release();
    trader.go();
    const { acknowledged } = trader;
    const tradeOn = async (): Promise<void> => {
      const taken = acknowledged.length;
      await until('more orders', () => acknowledged.length > taken + 30);
    };
    const added = await cluster.add();
    await added.start();
    await tradeOn();
    const leaving = await cluster.ownerOf(desk.accountId);
    await leaving.drain();
    await tradeOn();
    await leaving.start();
    await tradeOn();
    await expectAllWell(cluster, [trader]);
    await expectJournal(after, follower.events);
    await follower.stop();
  });

  /**
   * Places orders at whichever gateway, batch after batch, each until it is answered. While a new owner still
   * asks the venue what it missed, orders may be denied for it: others are placed then.
   */
  async function trade(client: ApiClient, orders: number): Promise<void> {
    const own = deskOf(client, desk.accountId);
    for (let placed = 0; placed < orders;) {
      const batch = Array.from({ length: BATCH }, (_, index) =>
        own.input({ side: index % 2 === 0 ? 'BUY' : 'SELL' }),
      );
      const outcomes = await insist(() => own.placeMany(batch));
      const denied = outcomes.filter(isDenial);
      expect(denied.filter(({ code }) => code !== 'BROKER_NOT_READY')).toEqual([]);
      placed += BATCH - denied.length;
    }
  }

  it('carry one stream of 10,000 events over 20 cuts, each time at another, while owners change', async () => {
    await cluster.venue.hold();
    const after = await begin();
    const proxies = await Promise.all(
      cluster.gateways.map(({ address }) => openSocketProxy(Number(new URL(address).port))),
    );
    let turn = 0;
    const client = createApiClient({
      address: () => `http://127.0.0.1:${String(proxies[(turn += 1) % proxies.length]?.port)}`,
      headers: cluster.client.headers,
    });
    let made = 0;
    const follower = followOrderEvents({
      client,
      accountId: desk.accountId,
      after,
      onEvent() {
        const isDue = follower.events.length >= ((made + 1) * EVENTS) / (CUTS + 1);
        if (made >= CUTS || !isDue || follower.connections <= made) return;
        made += 1;
        for (const proxy of proxies) proxy.cut();
      },
    });
    await trade(cluster.client, EVENTS / EVENTS_OF_AN_ORDER / 2);
    // Its accounts move to the others; followers at it have been cut off and go on elsewhere.
    const owner = await cluster.ownerOf(desk.accountId);
    await owner.kill9();
    const rest = trade(cluster.client, EVENTS / EVENTS_OF_AN_ORDER / 2);
    await owner.start();
    await rest;
    do {
      await trade(cluster.client, BATCH);
      await expectBooks(cluster, [desk]);
      await until('the last event', async () => {
        const journal = await journalLines(cluster.dataDir, desk.accountId, sequenceOf(after));
        return follower.events.length >= journal.length;
      });
    } while (made < CUTS);
    expect(await expectJournal(after, follower.events)).toBeGreaterThanOrEqual(EVENTS);
    await follower.stop();
    for (const proxy of proxies) await proxy.close();
    expect(follower.connections).toBeGreaterThan(CUTS);
  });
});
