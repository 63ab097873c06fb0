import type { Cluster } from '../support/cluster/cluster.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { type Desk, deskOf } from '../support/gateway/desk.ts';
import { until } from '../support/gateway/until.ts';
import type { Bench, Figure } from './bench.ts';
import { DEFAULT_TIMES } from './load/shared-cluster.ts';
import { median } from './median.ts';

/**
 * Two gateways, an account that takes one order after the other: how long it takes none when its owner is
 * killed, and when its owner is stopped in good order.
 */
export const failover: Bench = {
  name: 'failover',
  async *run({ cluster: shared, quick }) {
    const cluster = await shared();
    if (cluster.gateways.length < 2) await (await cluster.add()).start();
    await cluster.venue.setSpeed(1);
    await cluster.venue.release();
    const desk = await cluster.openDesk({ startingCash: '100000000' });
    const times = quick ? 1 : 20;
    const ttl = `LEASE_TTL_MS ${DEFAULT_TIMES['LEASE_TTL_MS'] ?? ''}`;
    yield* figures(
      'drain',
      await repeat(times, () => gap(cluster, desk, (owner) => owner.drain())),
      'target 1 s',
    );
    const killed = await repeat(times, () => gap(cluster, desk, (owner) => owner.kill9()));
    yield* figures('kill', killed, `${ttl}; target 3 s`);
  },
};

async function repeat(times: number, run: () => Promise<number>): Promise<readonly number[]> {
  const seconds: number[] = [];
  while (seconds.length < times) seconds.push(await run());
  return seconds;
}

function* figures(name: string, seconds: readonly number[], target: string): Iterable<Figure> {
  const reference = `of ${String(seconds.length)}, two gateways on one machine; ${target}`;
  yield { name: `${name}-p50`, value: median([...seconds]), unit: 's', ratio: null, reference };
  yield { name: `${name}-max`, value: Math.max(...seconds), unit: 's', ratio: null, reference };
}

/** The longest time between two acknowledgements, from the end's beginning to the first order at the new owner. */
async function gap(
  cluster: Cluster,
  desk: Desk,
  end: (owner: ClusterGateway) => Promise<void>,
): Promise<number> {
  await allReady(cluster);
  const owner = await cluster.ownerOf(desk.accountId);
  const heir = cluster.otherThan(owner);
  const at = deskOf(cluster.at(heir), desk.accountId);
  await placed(at);
  let acknowledged = performance.now();
  let longest = 0;
  const ended = end(owner);
  for (let owned = owner; owned !== heir;) {
    await placed(at);
    const now = performance.now();
    longest = Math.max(longest, now - acknowledged);
    acknowledged = now;
    owned = await cluster.ownerOf(desk.accountId);
  }
  await ended;
  return longest / 1_000;
}

/** With the one that was ended by the time before. */
async function allReady({ gateways }: Cluster): Promise<void> {
  for (const gateway of gateways) {
    if (!gateway.isRunning) await gateway.start();
    await until('its readiness', async () => (await gateway.readiness()) === 200);
  }
}

/** Asks again until it is acknowledged. */
async function placed(desk: Desk): Promise<void> {
  const order = desk.input({ type: 'LIMIT', side: 'SELL', limitPrice: '900', timeInForce: 'IOC' });
  await until('an order', () =>
    desk.place(order).then(
      () => true,
      () => false,
    ),
  );
}
