import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectBooks } from '../support/cluster/cluster-books.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { createApiClient, refusalOf } from '../support/gateway/api-client.ts';
import { type Desk, deskOf } from '../support/gateway/desk.ts';
import {
  cursorsOf,
  followOrderEvents,
  journalLines,
  lineOf,
  sequenceOf,
} from '../support/gateway/order-follower.ts';
import { until } from '../support/gateway/until.ts';
import { REDIS_MISSING } from '../support/redis.ts';

/* Redis carries hints and counters: without it everything goes on, more slowly told. */
jest.setTimeout(120_000);

const missing =
  REDIS_MISSING ?? (process.env.REDIS_URL === undefined ? null : 'needs a Redis of its own, to kill it');
const withRedis = missing === null ? describe : describe.skip;
if (missing !== null) console.warn(`skipped: ${missing}`);

const SIGN_IN = 'mutation($input: SignInInput!) { signIn(input: $input) { __typename } }';
/** Of one account from one address within a minute: docs say five. */
const ATTEMPTS = 5;

withRedis('Redis, killed and back empty', () => {
  let cluster: Cluster;
  let desk: Desk;
  let owner: ClusterGateway;
  let other: ClusterGateway;

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 2 });
    desk = await cluster.openDesk();
    owner = await cluster.ownerOf(desk.accountId);
    other = cluster.otherThan(owner);
  });

  afterAll(() => cluster.close());

  const trade = async (): Promise<void> => {
    for (const gateway of cluster.gateways) {
      const at = deskOf(cluster.at(gateway), desk.accountId);
      await at.settled((await at.placed()).id, 'FILLED');
    }
  };

  /** Codes of wrong sign-ins, in turn at both gateways. */
  async function knock(email: string, times: number): Promise<readonly unknown[]> {
    const codes: unknown[] = [];
    for (let attempt = 0; attempt < times; attempt += 1) {
      const { address } = attempt % 2 === 0 ? owner : other;
      const input = { email, password: 'not the password 7719' };
      codes.push((await refusalOf(createApiClient({ address: () => address }), SIGN_IN, { input })).code);
    }
    return codes;
  }

  const refused = (codes: readonly unknown[]): number =>
    codes.filter((code) => code === 'RATE_LIMITED').length;

  it('orders go on, who follows at another gateway misses nothing, and sign-ins stay limited', async () => {
    const first = await desk.placed();
    await desk.settled(first.id, 'FILLED');
    const after = (await cursorsOf(cluster.client, first.id)).at(-1) ?? '';
    const follower = followOrderEvents({ client: cluster.at(other), accountId: desk.accountId, after });
    const expectTold = async (): Promise<void> => {
      const read = () => journalLines(cluster.dataDir, desk.accountId, sequenceOf(after));
      await until('all events', async () => follower.events.length >= (await read()).length);
      expect(follower.events.map(lineOf)).toEqual(await read());
    };
    await trade();
    await expectTold();
    // Both gateways count together.
    expect(refused(await knock('a@example.com', ATTEMPTS + 3))).toBe(3);

    await cluster.redis?.kill();
    await trade();
    await expectTold();
    expect(await Promise.all(cluster.gateways.map((gateway) => gateway.readiness()))).toEqual([200, 200]);
    // Each gateway counts alone.
    expect(refused(await knock('b@example.com', 2 * (ATTEMPTS + 3)))).toBe(6);

    await cluster.redis?.start();
    await trade();
    await expectTold();
    await until('counting together again', async () => {
      const email = `c${String(performance.now())}@example.com`;
      return refused(await knock(email, ATTEMPTS + 3)) === 3;
    });
    await trade();
    await expectTold();
    expect(follower.connections).toBe(1);
    await follower.stop();
    await expectBooks(cluster, [desk]);
  });
});
