import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Random } from '@omniquant/plugin-sdk/random';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectAllWell } from '../support/cluster/cluster-books.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { createTrader, type Trader } from '../support/gateway/trader.ts';
import { until } from '../support/gateway/until.ts';

/*
 * Gateways, the venue, or several of them are killed 200 times at random moments while four accounts trade;
 * everything is compared after every ten. FAULT_SEED repeats the choices of a run, as far as processes can be
 * made to repeat themselves; FAULT_KILLS is how many.
 */
const SEED = Number(process.env.FAULT_SEED ?? randomInt(1_000_000));
const KILLS = Number(process.env.FAULT_KILLS ?? 200);
const ROUND = 10;

jest.setTimeout(600_000);

describe(`${String(KILLS)} random kills under load (FAULT_SEED=${String(SEED)})`, () => {
  const random = Random.fromSeed('random-kills', SEED);
  const killed = { gateway: 0, venue: 0 };
  const restarts = new Map<ClusterGateway, Promise<void>>();
  let cluster: Cluster;
  let traders: readonly Trader[];

  beforeAll(async () => {
    process.stderr.write(`FAULT_SEED=${String(SEED)}\n`);
    cluster = await startCluster({ gateways: 2 });
    const emulating = { config: { nativeOrderTypes: ['MARKET', 'LIMIT'] } };
    const desks = await Promise.all([{}, {}, emulating, emulating].map((input) => cluster.openDesk(input)));
    traders = desks.map((desk, index) =>
      createTrader({ desk, seed: `${String(SEED)}-${String(index)}`, lanes: 2, triggers: true }),
    );
  });

  afterAll(async () => {
    for (const trader of traders) trader.abandon();
    await Promise.allSettled(restarts.values());
    await cluster.close();
  });

  async function killGateway(gateway: ClusterGateway): Promise<void> {
    await restarts.get(gateway);
    await gateway.kill9();
    killed.gateway += 1;
    restarts.set(gateway, gateway.start());
    restarts.get(gateway)?.catch(() => undefined);
  }

  /** It is started again by whoever watches it. */
  async function killVenue(): Promise<void> {
    try {
      process.kill(cluster.venueProcess.pid(), 'SIGKILL');
    } catch {
      // It has not come back from the last time.
      return;
    }
    killed.venue += 1;
    await sleep(random.integer(0, 300));
  }

  async function killSomething(): Promise<void> {
    const [first, second] = cluster.gateways as readonly [ClusterGateway, ClusterGateway];
    const one = random.fraction() < 0.5 ? first : second;
    const draw = random.fraction();
    if (draw < 0.25) await killVenue();
    else if (draw < 0.75) await killGateway(one);
    else if (draw < 0.85) await Promise.all([killGateway(first), killGateway(second)]);
    else await Promise.all([killGateway(one), killVenue()]);
  }

  const venueAnswers = (): Promise<boolean> =>
    until('the venue', () =>
      cluster.venue.now().then(
        () => true,
        () => false,
      ),
    );

  const rounds = Array.from({ length: Math.ceil(KILLS / ROUND) }, (_, index) => (index + 1) * ROUND);

  it.each(rounds)('all is well after %i', async () => {
    await venueAnswers();
    await cluster.venue.release();
    for (const trader of traders) trader.go();
    for (let kill = 0; kill < ROUND; kill += 1) {
      await sleep(random.integer(50, 1_200));
      await killSomething();
    }
    await Promise.all(restarts.values());
    await venueAnswers();
    await expectAllWell(cluster, traders);
    process.stderr.write(`${JSON.stringify(killed)}\n`);
  });

  it('was a load worth the name', () => {
    const counts = traders.map(({ acknowledged, repeats }) => ({ orders: acknowledged.length, repeats }));
    console.log(JSON.stringify({ killed, counts }));
    for (const { orders, repeats } of counts) {
      expect(orders).toBeGreaterThan(KILLS);
      expect(repeats).toBeGreaterThan(0);
    }
  });
});
