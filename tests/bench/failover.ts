import { SETTINGS } from '../../gateway/settings.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { type Desk, deskOf } from '../support/gateway/desk.ts';
import { until } from '../support/gateway/until.ts';
import type { Bench, Figure } from './bench.ts';
import { median } from './median.ts';

/** Times as they are by default, not those of the tests. */
const DEFAULTS = Object.fromEntries(
  (['LEASE_TTL_MS', 'BROKER_TIMEOUT_MS', 'RECONCILE_EVERY_MS', 'SNAPSHOT_EVERY'] as const).map((name) => [
    name,
    String(SETTINGS[name].schema.parse(undefined)),
  ]),
);

/**
 * Two gateways, an account that takes one order after the other: how long it takes none when its owner is
 * killed, and when its owner is stopped in good order.
 */
export const failover: Bench = {
  name: 'failover',
  async *run({ quick }) {
    const cluster = await startCluster({
      gateways: 2,
      isDirect: true,
      env: { ...DEFAULTS, LOG_LEVEL: 'error' },
    });
    try {
      await cluster.venue.setSpeed(1);
      await cluster.venue.release();
      const desk = await cluster.openDesk({ startingCash: '100000000' });
      const times = quick ? 1 : 20;
      const ttl = `LEASE_TTL_MS ${DEFAULTS['LEASE_TTL_MS'] ?? ''}`;
      yield* figures(
        'drain',
        await repeat(times, () => gap(cluster, desk, (owner) => owner.drain())),
        'target 1 s',
      );
      const killed = await repeat(times, () => gap(cluster, desk, (owner) => owner.kill9()));
      yield* figures('kill', killed, `${ttl}; target 3 s`);
    } finally {
      await cluster.close();
    }
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
  await owner.start();
  await until('its readiness', async () => (await owner.readiness()) === 200);
  return longest / 1_000;
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
