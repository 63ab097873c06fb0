import type { Cluster } from '../support/cluster/cluster.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { PLACE } from '../support/gateway/desk.ts';
import { until } from '../support/gateway/until.ts';
import type { Bench } from './bench.ts';
import { type LoadResult, runLoad } from './load/http-load.ts';

const CLIENTS = 32;
const ACCOUNTS = 16;
/** Of which each waits for one order at a time: what a forward costs, and not what a queue does. */
const FEW = 2;

/** placeOrder through one and through two gateways on one machine, and through the gateway that is not the owner. */
export const replicas: Bench = {
  name: 'replicas',
  async *run({ cluster: shared, quick }) {
    const seconds = quick ? 0.8 : 15;
    const cluster = await shared();
    const [first] = cluster.gateways as readonly [ClusterGateway];
    const desks = await Promise.all(
      Array.from({ length: ACCOUNTS }, () => cluster.openDesk({ startingCash: '100000000' })),
    );
    const accounts = desks.map(({ accountId }) => accountId);
    const one = await load(cluster, [first], accounts, CLIENTS, seconds);
    yield {
      name: 'one',
      value: one,
      unit: 'orders/s',
      ratio: null,
      reference: `${String(CLIENTS)} clients, ${String(ACCOUNTS)} accounts`,
    };

    const second = await cluster.add();
    await second.start();
    const owners = await until('a share of the second', async () => {
      const all = await Promise.all(accounts.map((accountId) => cluster.ownerOf(accountId)));
      return new Set(all).size === 2 ? all : null;
    });
    const two = await load(cluster, [first, second], accounts, CLIENTS, seconds);
    yield {
      name: 'two',
      value: two,
      unit: 'orders/s',
      ratio: two / one,
      reference: 'one gateway; both, PostgreSQL, venue and clients share the cores of one machine',
    };

    const owned = accounts.filter((_, index) => owners[index] === first);
    const local = await latency(cluster, first, owned, seconds);
    const forwarded = await latency(cluster, second, owned, seconds);
    yield {
      name: 'forwarded-p50',
      value: forwarded.p50Ms,
      unit: 'ms',
      ratio: forwarded.p50Ms / local.p50Ms,
      reference: `the same accounts at their owner, ${local.p50Ms.toFixed(2)} ms`,
    };
  },
};

/** Orders a second of all gateways, the clients spread over them. */
async function load(
  cluster: Cluster,
  gateways: readonly ClusterGateway[],
  accounts: readonly string[],
  clients: number,
  seconds: number,
): Promise<number> {
  const results = await Promise.all(
    gateways.map((gateway) => run(cluster, gateway, accounts, clients / gateways.length, seconds)),
  );
  return results.reduce((sum, { perSecond }) => sum + perSecond, 0);
}

const latency = (
  cluster: Cluster,
  gateway: ClusterGateway,
  accounts: readonly string[],
  seconds: number,
): Promise<LoadResult> => run(cluster, gateway, accounts, FEW, seconds);

let made = 0;

async function run(
  cluster: Cluster,
  gateway: ClusterGateway,
  accounts: readonly string[],
  clients: number,
  seconds: number,
): Promise<LoadResult> {
  const result = await runLoad({
    url: `${gateway.address}/graphql`,
    headers: cluster.client.headers,
    clients,
    seconds,
    warmUpSeconds: seconds / 3,
    body(client) {
      made += 1;
      const input = {
        accountId: accounts[client % accounts.length],
        clientOrderId: `b-${String(made)}`,
        symbol: 'AAPL',
        side: made % 2 === 0 ? 'BUY' : 'SELL',
        type: 'MARKET',
        quantity: '1',
      };
      return JSON.stringify({ query: PLACE, variables: { input } });
    },
    isGood: (answer) => answer.includes('"OrderPlaced"'),
  });
  if (result.bad > 0) throw new Error(`${String(result.bad)} orders failed: ${result.firstBad ?? ''}`);
  return result;
}
