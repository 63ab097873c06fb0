import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Failpoint, FAILPOINTS } from '../../core/ports/failpoints.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectAllWell } from '../support/cluster/cluster-books.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { insist } from '../support/gateway/desk.ts';
import { createTrader, type Trader } from '../support/gateway/trader.ts';
import { within } from '../support/gateway/until.ts';

/*
 * Two gateways, four accounts that trade without end. At each named failpoint the gateway that owns the
 * first account dies by SIGKILL; the other takes over, and everything is compared.
 */
jest.setTimeout(180_000);

/** Passed only by a gateway that comes to a share of the shards. */
const OF_A_JOINER: ReadonlySet<Failpoint> = new Set([
  'lease.before-claim',
  'lease.after-claim',
  'takeover.before',
  'takeover.after',
]);

/** Passed only where a strategy runs: strategy-failpoints.test.ts. */
const OF_A_STRATEGY: ReadonlySet<Failpoint> = new Set(['strategy.before-step', 'strategy.after-step']);
const OF_AN_OWNER = FAILPOINTS.filter((point) => !OF_A_JOINER.has(point) && !OF_A_STRATEGY.has(point));

describe('a gateway that is killed at a failpoint', () => {
  let cluster: Cluster;
  let traders: readonly Trader[];
  /** The one that died last, on its way back. */
  let returning: Promise<unknown> = Promise.resolve();

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 2, env: { LEASE_TTL_MS: '2000', BROKER_TIMEOUT_MS: '600' } });
    const emulating = { config: { nativeOrderTypes: ['MARKET', 'LIMIT'] } };
    const desks = await Promise.all([{}, {}, emulating, emulating].map((input) => cluster.openDesk(input)));
    traders = desks.map((desk, index) =>
      createTrader({
        ...{ desk, seed: `failpoint-${String(index)}`, lanes: 2, triggers: true },
        // Who dies has to start again beside them, and all books are compared after each death.
        thinkMs: 40,
      }),
    );
  });

  afterAll(async () => {
    for (const trader of traders) trader.abandon();
    await returning.catch(() => undefined);
    await cluster.close();
  });

  const trade = async (): Promise<void> => {
    await cluster.venue.release();
    for (const trader of traders) trader.go();
  };

  const ownerOfFirst = (): Promise<ClusterGateway> => cluster.ownerOf(traders[0]?.desk.accountId ?? '');

  /** Trading goes on beside who has died: every account takes an order. */
  const expectAlive = async (): Promise<void> => {
    for (const { desk } of traders) {
      const order = desk.input();
      await insist(() => desk.place(order));
    }
  };

  it.each(OF_AN_OWNER)('%s', async (point) => {
    await returning;
    await trade();
    const victim = await ownerOfFirst();
    await victim.arm({ point, passage: 3 });
    const { signal } = await within('the death', victim.life.ended);
    expect(signal).toBe('SIGKILL');
    returning = victim.start();
    await expectAlive();
    await expectAllWell(cluster, traders);
  });

  it.each(FAILPOINTS.filter((point) => OF_A_JOINER.has(point)))(
    '%s, by a third that joins',
    async (point) => {
      await returning;
      await trade();
      const joiner = cluster.gateways[2] ?? (await cluster.add());
      // The first claim only says that it is there, the second one is for shards.
      const { signal } = await joiner.startDoomed(point, point.startsWith('lease') ? 2 : 1);
      expect(signal).toBe('SIGKILL');
      await expectAlive();
      await expectAllWell(cluster, traders);
    },
  );

  it('has been a load worth the name', async () => {
    await returning;
    const repeats = traders.reduce((sum, trader) => sum + trader.repeats, 0);
    expect(repeats).toBeGreaterThan(FAILPOINTS.length);
    for (const { acknowledged } of traders) expect(acknowledged.length).toBeGreaterThan(100);
  });
});
