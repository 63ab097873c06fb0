import { existsSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectAllWell, expectBooks } from '../support/cluster/cluster-books.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { queryAsAdmin } from '../support/gateway/admin-database.ts';
import { type ApiClient, createApiClient, signUp } from '../support/gateway/api-client.ts';
import { type Desk, deskOf } from '../support/gateway/desk.ts';
import { createTrader } from '../support/gateway/trader.ts';
import { until } from '../support/gateway/until.ts';

/* Of two gateways one has a wall clock that is an hour ahead (libfaketime); monotonic clocks go on. */
jest.setTimeout(120_000);

const HOUR = 3_600_000;
const LIBRARY = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
].find((path) => existsSync(path));
const withFaketime = LIBRARY === undefined ? describe.skip : describe;
if (LIBRARY === undefined) console.warn('skipped: needs libfaketime (Debian: apt-get install libfaketime)');

withFaketime('wall clocks an hour apart', () => {
  let cluster: Cluster;
  let right: ClusterGateway;
  let ahead: ClusterGateway;
  /** Two accounts, of which each gateway owns one. */
  const desks = new Map<ClusterGateway, Desk>();

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 1 });
    [right] = cluster.gateways as [ClusterGateway];
    ahead = await cluster.add();
    await ahead.start({
      LD_PRELOAD: LIBRARY ?? '',
      FAKETIME: '+1h',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    await until('an account at each', async () => {
      const desk = await cluster.openDesk();
      desks.set(await cluster.ownerOf(desk.accountId), desk);
      return desks.size === 2;
    });
  });

  afterAll(() => cluster.close());

  const ownedBy = (gateway: ClusterGateway): Desk => {
    const desk = desks.get(gateway);
    if (desk === undefined) throw new Error(`${gateway.name} owns no account`);
    return desk;
  };
  const at = (gateway: ClusterGateway, { accountId }: Desk): Desk => deskOf(cluster.at(gateway), accountId);

  const recordedAt = async (orderId: string): Promise<number> => {
    const [row] = await queryAsAdmin<{ at: number }>(
      cluster.dataDir,
      `SELECT recorded_at::float8 AS at FROM journal_event WHERE order_id = $1 ORDER BY seq LIMIT 1`,
      [orderId],
    );
    return row?.at ?? Number.NaN;
  };

  it('do not matter to commands that one forwards to the other, either way', async () => {
    for (const [owner, asked] of [
      [ahead, right],
      [right, ahead],
    ] as const) {
      const desk = at(asked, ownedBy(owner));
      const { id } = await desk.placed();
      await desk.settled(id, 'FILLED');
      const behindMs = Date.now() - (await recordedAt(id));
      expect(Math.round(behindMs / HOUR)).toBe(owner === ahead ? -1 : 0);
    }
    await expectBooks(cluster, [...desks.values()]);
  });

  it('do not matter to the market day, nor to when orders were made by market time', async () => {
    const rows = await queryAsAdmin<{ day: string }>(
      cluster.dataDir,
      'SELECT DISTINCT day::text FROM account',
    );
    expect(rows).toHaveLength(1);
    const times = await Promise.all(
      [...desks.values()].map(async (desk) => {
        const { id } = await desk.placed();
        const { order } = await cluster.client.ask<{ order: { createdAt: string } }>(
          'query($id: ID!) { order(id: $id) { createdAt } }',
          { id },
        );
        return Date.parse(order.createdAt);
      }),
    );
    // The market's clock runs sixty times as fast as a wall's: some seconds apart are minutes there.
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(0.75 * HOUR);
  });

  it('make a session of one end early at the other, and an API key hold at both', async () => {
    const user = await signUp(() => right.address, 'skew@example.com');
    const code = async (gateway: ClusterGateway): Promise<unknown> => {
      const client: ApiClient = createApiClient({ address: () => gateway.address, headers: user.headers });
      return (await client.answer('{ accounts { id } }')).errors?.[0]?.extensions.code;
    };
    expect(await code(right)).toBeUndefined();
    expect(await code(ahead)).toBe('UNAUTHENTICATED');
    for (const gateway of cluster.gateways) {
      expect((await cluster.at(gateway).answer('{ accounts { id } }')).errors).toBeUndefined();
    }
  });

  it('do not matter to leases: either takes over from the other, with no order lost, doubled or sent late', async () => {
    const traders = [...desks.values()].map((desk, index) =>
      createTrader({ desk, seed: `skew-${String(index)}`, lanes: 2, triggers: false }),
    );
    try {
      for (const victim of [right, ahead]) {
        for (const trader of traders) trader.go();
        await victim.kill9();
        const heir = cluster.otherThan(victim);
        await until('the takeover', async () => (await cluster.ownerOf(ownedBy(victim).accountId)) === heir);
        await expectAllWell(cluster, traders);
        if (victim === right) await right.start();
      }
    } finally {
      for (const trader of traders) trader.abandon();
    }
  });
});
