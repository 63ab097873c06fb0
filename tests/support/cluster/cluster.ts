import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { startVenueProcess, type VenueProcess } from '../../../gateway/venue/venue-process.ts';
import { queryAsAdmin, verifyChains } from '../gateway/admin-database.ts';
import { type ApiClient, createApiClient, signUp } from '../gateway/api-client.ts';
import { makeDataDir, removeDataDir } from '../gateway/data-dir.ts';
import { type Desk, openDesk } from '../gateway/desk.ts';
import { until } from '../gateway/until.ts';
import { controlVenue, type VenueControl } from '../gateway/venue-control.ts';
import { openRedis, REDIS_MISSING, type TestRedis } from '../redis.ts';
import { type ClusterGateway, placeGateway } from './cluster-gateway.ts';
import { type ClusterPostgres, startClusterPostgres } from './cluster-postgres.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

/** Gateways as processes on one PostgreSQL, one Redis and one venue, with a fault proxy on every connection. */
export interface Cluster {
  readonly dataDir: string;
  readonly postgres: ClusterPostgres;
  /** Null without `walDiskMegabytes`. */
  readonly walDisk: SmallDisk | null;
  /** Null where there is no redis-server: the gateways then hear of each other by polling alone. */
  readonly redis: TestRedis | null;
  readonly venue: VenueControl;
  readonly venueProcess: VenueProcess;
  readonly gateways: readonly ClusterGateway[];
  /** Of a user who may do everything, at a load balancer: every request goes to the next gateway that runs. */
  readonly client: ApiClient;
  /** What the load balancer has taken out, as it does with gateways that are not ready. */
  readonly outOfRotation: Set<ClusterGateway>;
  /** The same user at one gateway. */
  at(gateway: ClusterGateway): ApiClient;
  /** A further place; `start` it. */
  add(): Promise<ClusterGateway>;
  openDesk(input?: Readonly<Record<string, unknown>>): Promise<Desk>;
  /** Who has the lease on the account's shard, once somebody has. */
  ownerOf(accountId: string): Promise<ClusterGateway>;
  /** One that runs and is not this. */
  otherThan(gateway: ClusterGateway): ClusterGateway;
  /** Hash chains of all journals and audit logs, and numbering without holes. Throws. */
  verify(): Promise<void>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  readonly gateways: number;
  readonly env?: Readonly<Record<string, string>>;
  /** A file system of so many megabytes for PostgreSQL's write-ahead log. */
  readonly walDiskMegabytes?: number;
  /** No proxies on the connections: for benches. */
  readonly isDirect?: boolean;
}

/** Short times, so that takeovers and the settling of doubts fit into a test. */
export const QUICK = {
  LEASE_TTL_MS: '1500',
  BROKER_TIMEOUT_MS: '1500',
  RECONCILE_EVERY_MS: '500',
  SNAPSHOT_EVERY: '150',
};

const ALL_SCOPES = '[READ, TRADE, BACKTESTS, ADMIN]';

function secrets(): Readonly<Record<string, string>> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    INTERNAL_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    TOKEN_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    PUBLIC_URL: 'http://cluster.test',
  };
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const dataDir = makeDataDir('cluster');
  const closing: (() => unknown)[] = [() => removeDataDir(dataDir)];
  const close = async (): Promise<void> => {
    for (const step of closing.toReversed()) await step();
  };
  try {
    return await open(options, dataDir, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  { gateways: count, env = {}, walDiskMegabytes, isDirect = false }: ClusterOptions,
  dataDir: string,
  closing: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Cluster> {
  const silent = (): void => undefined;
  const walDisk =
    walDiskMegabytes === undefined ? null : mountSmallDisk(join(dataDir, 'wal'), walDiskMegabytes);
  const [postgres, venueProcess, redis] = await Promise.all([
    startClusterPostgres(dataDir, walDisk?.path),
    startVenueProcess({ dataDir, seed: 4, speed: 600, log: silent }),
    REDIS_MISSING === null ? openRedis() : null,
  ]);
  if (walDisk !== null) closing.push(() => postgres.killTree().then(walDisk.close));
  closing.push(() => venueProcess.close());
  if (redis !== null) closing.push(() => redis.close());
  const venue = controlVenue(dataDir);
  await venue.hold();
  await venue.advance(60_000);

  const gateways: ClusterGateway[] = [];
  const journal = walDisk === null ? {} : { JOURNAL_FOLDERS: walDisk.path };
  const shared = { ...QUICK, ...secrets(), ...journal, ...env };
  const add = async (): Promise<ClusterGateway> => {
    const gateway = await placeGateway({
      name: `gateway-${String(gateways.length + 1)}`,
      clusterDir: dataDir,
      postgres,
      venuePort: Number(new URL(venueProcess.url).port),
      redisPort: redis === null ? null : Number(new URL(redis.url).port),
      env: shared,
      isDirect,
    });
    closing.push(() => gateway.close());
    gateways.push(gateway);
    return gateway;
  };
  const first = await add();
  await first.start();
  for (let index = 1; index < count; index += 1) await add();
  await Promise.all(gateways.slice(1).map((gateway) => gateway.start()));

  let turn = 0;
  const outOfRotation = new Set<ClusterGateway>();
  const next = (): string => {
    const running = gateways.filter((each) => each.isRunning && !outOfRotation.has(each));
    return running[(turn += 1) % running.length]?.address ?? 'http://127.0.0.1:9';
  };
  const headers = await keyOfNewUser(first);
  const client = createApiClient({ address: next, headers });

  return {
    dataDir,
    postgres,
    walDisk,
    redis,
    venue,
    venueProcess,
    gateways,
    client,
    outOfRotation,
    at: (gateway) => gateway.client(headers),
    add,
    openDesk: (input) => openDesk(client, input),
    ownerOf: (accountId) =>
      until(`an owner of account ${accountId}`, async () => {
        const [row] = await queryAsAdmin<{ address: string }>(
          dataDir,
          `SELECT l.address FROM account_head h JOIN lease l ON l.resource = 'shard:' || h.shard
            WHERE h.account_id = $1 AND l.expires_at > clock_timestamp()`,
          [accountId],
        );
        return gateways.find(({ internalAddress }) => internalAddress === row?.address);
      }),
    otherThan(gateway) {
      const other = gateways.find((each) => each !== gateway && each.isRunning);
      if (other === undefined) throw new Error(`only ${gateway.name} runs`);
      return other;
    },
    async verify() {
      await verifyChains(dataDir);
      const [row] = await queryAsAdmin<{ holes: number }>(
        dataDir,
        `SELECT count(*)::int AS holes FROM account_head h
          WHERE h.seq <> (SELECT count(*) FROM journal_event e WHERE e.account_id = h.account_id)`,
      );
      if (row?.holes !== 0) throw new Error('a journal has a hole');
    },
    close,
  };
}

/** The first user's workspace is the operators'. An API key outlives the tokens of a session. */
async function keyOfNewUser(gateway: ClusterGateway): Promise<Readonly<Record<string, string>>> {
  const user = await signUp(() => gateway.address, 'cluster@example.com');
  const { createApiKey } = await user.ask<{ createApiKey: { secret: string } }>(
    `mutation { createApiKey(input: { name: "cluster", scopes: ${ALL_SCOPES} }) { secret } }`,
  );
  return { 'x-api-key': createApiKey.secret };
}
