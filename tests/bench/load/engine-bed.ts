import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import type { PlaceOrder } from '../../../core/engine/command.ts';
import { NO_FAILPOINTS } from '../../../core/ports/failpoints.ts';
import { NotOwnerError } from '../../../core/ports/forwarder.ts';
import { DEFAULT_SETTINGS } from '../../../core/runtime/runtime-settings.ts';
import { createTradingRuntime, type TradingRuntime } from '../../../core/runtime/trading-runtime.ts';
import { createLocalBus } from '../../../gateway/cluster/local-bus.ts';
import { createPostgresAccountDirectory } from '../../../gateway/database/account-directory.ts';
import { type ConnectionPool, createConnectionPool } from '../../../gateway/database/connection-pool.ts';
import { startEmbeddedPostgres } from '../../../gateway/database/embedded-postgres.ts';
import { createPostgresJournal } from '../../../gateway/database/journal/postgres-journal.ts';
import { createPostgresLeases } from '../../../gateway/database/lease-store.ts';
import { migrate } from '../../../gateway/database/migrations/migrate.ts';
import { createPostgresOrderArchive } from '../../../gateway/database/order-archive.ts';
import { createSystemClock, createUuidV7Ids, systemChance } from '../../../gateway/system/system-clock.ts';
import { createLogger } from '../../../gateway/telemetry/logger.ts';
import { METRIC_DEFINITIONS } from '../../../gateway/telemetry/metric-definitions.ts';
import { createMetrics } from '../../../gateway/telemetry/metrics.ts';
import { createTelemetry } from '../../../gateway/telemetry/telemetry.ts';
import { createIdOnlyTracing } from '../../../gateway/telemetry/tracing.ts';
import { createInstantConnector } from './instant-broker.ts';

const BROKER = { broker: 'instant', connection: 'default' };

/** A PostgreSQL of the bench's own, with the durability of production. */
export interface BenchDatabase {
  readonly adminUrl: string;
  /** Closed with the database, if not before. */
  writer(): ConnectionPool;
  /** Copies the database as it is; nobody may be connected. */
  copy(): Promise<void>;
  /** A connection to the copy, whose accounts are made to belong to the present owner. */
  openCopy(): Promise<Client>;
  close(): Promise<void>;
}

export async function openBenchDatabase(): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'omniquant-bench-'));
  const signal = AbortSignal.timeout(60_000);
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, signal });
  await migrate(postgres.url('owner'), { deriveRoles: false, signal });
  const pools: ConnectionPool[] = [];
  return {
    adminUrl: postgres.adminUrl,
    writer() {
      const pool = createConnectionPool({
        url: postgres.url('writer'),
        name: 'bench',
        max: 8,
        statementTimeoutMs: 60_000,
        lockTimeoutMs: 10_000,
        log: () => undefined,
      });
      pools.push(pool);
      return pool;
    },
    copy: async () => {
      await run(inDatabase(postgres.adminUrl, 'postgres'), 'CREATE DATABASE copied TEMPLATE omniquant');
    },
    async openCopy() {
      const owners = await run<{ account_id: string; epoch: string }>(
        inDatabase(postgres.adminUrl, 'omniquant'),
        'SELECT account_id, epoch FROM account_head',
      );
      await run(
        inDatabase(postgres.adminUrl, 'copied'),
        `UPDATE account_head h SET epoch = o.epoch::bigint
           FROM unnest($1::text[], $2::text[]) AS o (account_id, epoch) WHERE h.account_id = o.account_id`,
        [owners.map((owner) => owner.account_id), owners.map((owner) => owner.epoch)],
      );
      const client = new Client({ connectionString: inDatabase(postgres.url('writer'), 'copied') });
      await client.connect();
      return client;
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.close().catch(() => undefined)));
      await postgres.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** core/runtime over PostgreSQL and a venue without cost. */
export interface EngineBed {
  readonly runtime: TradingRuntime;
  openAccounts(count: number): Promise<readonly string[]>;
  /** Waits until these accounts may trade. */
  ready(accounts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function startEngineBed(
  pool: ConnectionPool,
  adminUrl: string,
  snapshotEvery = DEFAULT_SETTINGS.snapshotEvery,
): Promise<EngineBed> {
  const clock = createSystemClock();
  const ids = createUuidV7Ids(() => clock.now());
  const telemetry = createTelemetry(
    createIdOnlyTracing(),
    createMetrics(METRIC_DEFINITIONS),
    createLogger({ level: 'error', instanceId: 'bench' }),
  );
  const workspaceId = await makeWorkspace(adminUrl);
  const notHere = (_address: string, accountId: string): Promise<never> =>
    Promise.reject(new NotOwnerError(accountId));
  const directory = createPostgresAccountDirectory(pool);
  const runtime = createTradingRuntime({
    journal: createPostgresJournal(pool, () => undefined),
    archive: createPostgresOrderArchive(pool),
    directory,
    leases: createPostgresLeases(pool),
    bus: createLocalBus(() => undefined),
    clock,
    ids,
    chance: systemChance,
    telemetry,
    failpoints: NO_FAILPOINTS,
    connector: createInstantConnector(() => clock.now()),
    forwarder: { executeAll: notHere, preview: notHere },
    gatewayState: {
      read: () => Promise.resolve({ state: 'ACTIVE', version: 0, cancelOpenOrders: false, reason: '' }),
    },
    settings: {
      ...DEFAULT_SETTINGS,
      snapshotEvery,
      mailbox: { client: 10_000, system: 100_000 },
      engine: {
        venueIdPrefix: 'oqbench',
        quoteStaleAfterMs: 60_000,
        restrictedSymbols: new Set(),
        flattenOnDailyLoss: false,
      },
      market: { accountCalendar: 'ALWAYS', haltedSymbols: new Set() },
      marketSource: BROKER,
    },
    owner: randomUUID(),
    address: 'http://127.0.0.1:1',
  });
  await runtime.start();

  return {
    runtime,
    async openAccounts(count) {
      const opened: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const accountId = ids.next();
        await directory.add(
          { accountId, workspaceId, shard: await runtime.shardFor(accountId, BROKER), ...BROKER },
          AbortSignal.timeout(10_000),
        );
        await runtime.execute(
          accountId,
          {
            kind: 'openAccount',
            accountId,
            workspaceId,
            name: `Bench ${String(index)}`,
            broker: BROKER.broker,
            environment: 'PAPER',
            baseCurrency: 'USD',
            startingCash: '1000000000',
            limits: {
              maxPositionNotional: '1000000000',
              maxOrderNotional: '1000000',
              maxLeverage: '2',
              maxConcentration: null,
              maxDrawdown: '0.5',
              maxDailyLoss: '100000000',
              maxOpenOrders: null,
              maxOrdersPerSecond: null,
              priceCollar: null,
            },
          },
          { actor: 'user:bench', correlationId: 'bench', traceparent: null, deadline: clock.now() + 20_000 },
        );
        opened.push(accountId);
      }
      return opened;
    },
    async ready(accounts) {
      const synced = (): number => runtime.status().brokers.reduce((sum, broker) => sum + broker.synced, 0);
      for (const end = clock.monotonic() + 60_000; synced() < accounts.length;) {
        if (clock.monotonic() > end) throw new Error('the accounts were not ready within a minute');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    close: () => runtime.close(),
  };
}

async function makeWorkspace(adminUrl: string): Promise<string> {
  const id = randomUUID();
  await run(
    inDatabase(adminUrl, 'omniquant'),
    `INSERT INTO workspace (id, name, created_at) VALUES ($1, 'Bench', 0)`,
    [id],
  );
  return id;
}

function inDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function run<R extends object>(url: string, text: string, values: unknown[] = []): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text, values)).rows;
  } finally {
    await client.end();
  }
}

const idsOfOrders = createUuidV7Ids(() => Date.now());

/** `resting`: a limit order far from the market. Else a market order, which fills at once. */
export function benchOrder(resting: boolean, number: number): PlaceOrder {
  return {
    kind: 'placeOrder',
    clientOrderId: idsOfOrders.next(),
    requestHash: '0'.repeat(64),
    orderId: idsOfOrders.next(),
    takeProfitId: '',
    stopLossId: '',
    terms: {
      symbol: 'AAPL',
      side: resting || number % 2 === 0 ? 'BUY' : 'SELL',
      type: resting ? 'LIMIT' : 'MARKET',
      quantity: '1',
      notional: null,
      limitPrice: resting ? '50' : null,
      stopPrice: null,
      trailingOffset: null,
      trailingOffsetType: null,
      timeInForce: resting ? 'GTC' : 'DAY',
      expireAt: null,
      postOnly: false,
      reduceOnly: false,
      displayQuantity: null,
      extendedHours: false,
    },
    takeProfit: null,
    stopLoss: null,
    strategyId: null,
    origin: 'API',
  };
}
