import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectAllWell } from '../support/cluster/cluster-books.ts';
import type { GatewayLinks } from '../support/cluster/cluster-gateway.ts';
import type { Direction, Fault, FaultProxy } from '../support/cluster/fault-proxy.ts';
import { createTrader, type Trader } from '../support/gateway/trader.ts';
import { until } from '../support/gateway/until.ts';

/* Whatever happens on the wires between two gateways, the venue and Redis, the books stay one. */
jest.setTimeout(120_000);

const FAULT_MS = 700;
/** Longer than a request to the venue may take: orders get into doubt. */
const LONG_MS = 2_200;

type Affected = readonly (keyof GatewayLinks)[];

const set =
  (fault: Fault) =>
  (proxy: FaultProxy): void => {
    proxy.set(fault);
  };

const cut =
  (direction: Direction, afterBytes: number) =>
  (proxy: FaultProxy): Promise<void> =>
    proxy.cutOnce({ request: 'POST', direction, afterBytes });

const FAULTS: readonly (readonly [string, Affected, (proxy: FaultProxy) => Promise<void> | void, number?])[] =
  [
    [
      'refuse and reset',
      ['venue', 'peers'],
      (proxy) => {
        proxy.set({ kind: 'refuse' });
        proxy.reset();
      },
    ],
    ['hold back everything to the venue', ['venue'], set({ kind: 'blackhole' }), LONG_MS],
    ['hold back everything between gateways', ['peers', 'redis'], set({ kind: 'blackhole' }), LONG_MS],
    ['double what is sent', ['venue', 'peers'], set({ kind: 'duplicate' })],
    ['are slow', ['venue', 'peers', 'redis', 'postgres'], set({ kind: 'delay', ms: 20 })],
    ['are thin', ['venue', 'peers'], set({ kind: 'throttle', bytesPerSecond: 20_000 })],
    ['break in the middle of a request', ['venue', 'peers'], cut('toServer', 150)],
    ['break in the middle of an answer', ['venue', 'peers'], cut('toClient', 60)],
  ];

describe('connections of two gateways that trade', () => {
  let cluster: Cluster;
  let traders: readonly Trader[];

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 2 });
    const desks = await Promise.all([1, 2, 3, 4].map(() => cluster.openDesk()));
    traders = desks.map((desk, index) =>
      createTrader({ desk, seed: `links-${String(index)}`, lanes: 2, triggers: true }),
    );
  });

  afterAll(async () => {
    for (const trader of traders) trader.abandon();
    await cluster.close();
  });

  it.each(FAULTS)('%s (%s)', async (_name, affected, begin, ms = FAULT_MS) => {
    const proxies = affected.map((link) => cluster.gateways.flatMap(({ links }) => links[link] ?? []));
    await cluster.venue.release();
    for (const trader of traders) trader.go();
    const taken = traders.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    // A gateway that happens to own all the accounts forwards nothing: one cut of each kind is enough.
    const begun = proxies.map((ofLink) => Promise.any(ofLink.map(async (proxy) => begin(proxy))));
    await Promise.all([...begun, sleep(ms)]);
    for (const proxy of proxies.flat()) proxy.heal();
    await until('orders again', () => {
      const now = traders.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
      return now > taken + 20;
    });
    await expectAllWell(cluster, traders);
    expect(cluster.gateways.every(({ isRunning }) => isRunning)).toBe(true);
  });
});
