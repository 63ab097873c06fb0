import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectAllWell, expectBooks } from '../support/cluster/cluster-books.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { refusalOf } from '../support/gateway/api-client.ts';
import { type Desk, deskOf, insist, isPlaced, PLACE } from '../support/gateway/desk.ts';
import { createTrader, type Trader } from '../support/gateway/trader.ts';
import { until } from '../support/gateway/until.ts';

/* PostgreSQL fails two gateways: for one of them, in the middle of a commit, or altogether. */
jest.setTimeout(120_000);

/** How a gateway sends orders to the venue. */
const TO_VENUE = 'POST /commands';
/** Name of the statement that appends to the journal. */
const APPEND = 'journal-append';

describe('PostgreSQL', () => {
  let cluster: Cluster;
  let desk: Desk;
  let owner: ClusterGateway;
  let other: ClusterGateway;
  const traders: Trader[] = [];

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 2 });
    desk = await cluster.openDesk();
    owner = await cluster.ownerOf(desk.accountId);
    other = cluster.otherThan(owner);
  });

  afterEach(() => {
    for (const { links } of cluster.gateways) links.postgres.heal();
  });

  afterAll(async () => {
    for (const trader of traders) trader.abandon();
    await cluster.close();
  });

  const deskAt = (gateway: ClusterGateway): Desk => deskOf(cluster.at(gateway), desk.accountId);

  const startTrader = (seed: string): Trader => {
    const trader = createTrader({ desk, seed, lanes: 4, triggers: true });
    traders.push(trader);
    trader.go();
    return trader;
  };

  it.each([
    ['after it was sent, so that its answer is lost', 'toClient', 0, true],
    ['in the middle of what is sent', 'toServer', 300, false],
  ] as const)(
    'a connection that is cut during COMMIT %s: unknown, and the same id asked again tells',
    async (_when, direction, afterBytes, isThere) => {
      const input = desk.input();
      const cut = owner.links.postgres.cutOnce({ request: APPEND, direction, afterBytes });
      const refusal = await refusalOf(cluster.at(owner), PLACE, { input });
      await cut;
      expect(refusal).toMatchObject({
        code: 'UNAVAILABLE',
        outcome: 'UNKNOWN',
        clientOrderId: input['clientOrderId'],
      });
      const outcome = await insist(() => deskAt(other).place(input));
      if (!isPlaced(outcome)) throw new Error(outcome.message);
      expect(outcome.replayed).toBe(isThere);
      await deskAt(other).settled(outcome.order.id, 'FILLED');
      await expectBooks(cluster, [desk]);
    },
  );

  it('cut off from one gateway: it becomes unready and sends nothing more; the other takes over', async () => {
    const trader = startTrader('partition');
    await until('some orders', () => trader.acknowledged.length > 20);
    owner.links.postgres.set({ kind: 'blackhole' });
    await until('its unreadiness', async () => (await owner.readiness()) === 503);
    cluster.outOfRotation.add(owner);
    await until('another owner', async () => (await cluster.ownerOf(desk.accountId)) === other);
    const sent = owner.links.venue.count(TO_VENUE);
    const taken = trader.acknowledged.length;
    await until('orders at the other', () => trader.acknowledged.length > taken + 20);
    expect(sent()).toBe(0);
    expect(await owner.readiness()).toBe(503);

    owner.links.postgres.heal();
    await until('its readiness', async () => (await owner.readiness()) === 200);
    cluster.outOfRotation.clear();
    await expectAllWell(cluster, [trader]);
  });

  it('slow, and resetting connections now and then: everything goes on', async () => {
    const trader = startTrader('reset');
    for (const { links } of cluster.gateways) links.postgres.set({ kind: 'delay', ms: 15 });
    for (let resets = 0; resets < 4; resets += 1) {
      await sleep(300);
      cluster.gateways[resets % 2]?.links.postgres.reset();
    }
    for (const { links } of cluster.gateways) links.postgres.heal();
    await expectAllWell(cluster, [trader]);
    expect(trader.repeats).toBeGreaterThan(0);
  });

  it('killed with all its processes under load, and started again', async () => {
    const trader = startTrader('postgres');
    await until('some orders', () => trader.acknowledged.length > 20);
    await cluster.postgres.killTree();
    await until('unreadiness', async () => (await owner.readiness()) === 503);
    expect(await refusalOf(cluster.at(owner), PLACE, { input: desk.input() })).toMatchObject({
      code: 'UNAVAILABLE',
    });
    await cluster.postgres.start();
    const taken = trader.acknowledged.length;
    await until('orders again', () => trader.acknowledged.length > taken + 20);
    expect(trader.repeats).toBeGreaterThan(0);
    await expectAllWell(cluster, [trader]);
  });
});
