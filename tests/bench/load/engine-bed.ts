import { randomUUID } from 'node:crypto';

import type { Clock } from '../../../core/ports/clock.ts';
import { NO_FAILPOINTS } from '../../../core/ports/failpoints.ts';
import { NotOwnerError } from '../../../core/ports/forwarder.ts';
import { DEFAULT_SETTINGS } from '../../../core/runtime/runtime-settings.ts';
import { createTradingRuntime, type TradingRuntime } from '../../../core/runtime/trading-runtime.ts';
import { createLocalBus } from '../../../gateway/cluster/local-bus.ts';
import { createPostgresAccountDirectory } from '../../../gateway/database/account-directory.ts';
import type { ConnectionPool } from '../../../gateway/database/connection-pool.ts';
import { createPostgresJournal } from '../../../gateway/database/journal/postgres-journal.ts';
import { createPostgresLeases } from '../../../gateway/database/lease-store.ts';
import { createPostgresOrderArchive } from '../../../gateway/database/order-archive.ts';
import { createSystemClock, createUuidV7Ids, systemChance } from '../../../gateway/system/system-clock.ts';
import { createLogger } from '../../../gateway/telemetry/logger.ts';
import { METRIC_DEFINITIONS } from '../../../gateway/telemetry/metric-definitions.ts';
import { createMetrics } from '../../../gateway/telemetry/metrics.ts';
import { createTelemetry } from '../../../gateway/telemetry/telemetry.ts';
import { createIdOnlyTracing } from '../../../gateway/telemetry/tracing.ts';
import type { BenchDatabase } from './bench-database.ts';
import { createInstantConnector } from './instant-broker.ts';

const BROKER = { broker: 'instant', connection: 'default' };

/** Wide, and checked for each order. */
const LIMITS = {
  maxPositionNotional: '1000000000',
  maxOrderNotional: '1000000',
  maxLeverage: '2',
  maxConcentration: null,
  maxDrawdown: '0.5',
  maxDailyLoss: '100000000',
  maxOpenOrders: null,
  maxOrdersPerSecond: null,
  priceCollar: null,
};

const NEVER_MS = 86_400_000;

/** core/runtime over PostgreSQL and a venue without cost. */
export interface EngineBed {
  readonly runtime: TradingRuntime;
  openAccounts(count: number): Promise<readonly string[]>;
  /** Waits until these accounts may trade. */
  ready(accounts: readonly string[]): Promise<void>;
  /** Monotonic time jumps, as if so long nothing had happened. */
  skip(ms: number): void;
  close(): Promise<void>;
}

export interface EngineBedOptions {
  /** Stays open when the bed is closed, until the database is. */
  readonly pool?: ConnectionPool;
  readonly snapshotEvery?: number;
}

export async function startEngineBed(
  database: BenchDatabase,
  { pool = database.writer(), snapshotEvery = DEFAULT_SETTINGS.snapshotEvery }: EngineBedOptions = {},
): Promise<EngineBed> {
  const system = createSystemClock();
  let skipped = 0;
  const clock: Clock = { ...system, monotonic: () => system.monotonic() + skipped };
  const ids = createUuidV7Ids(() => clock.now());
  const telemetry = createTelemetry(
    createIdOnlyTracing(),
    createMetrics(METRIC_DEFINITIONS),
    createLogger({ level: 'error', instanceId: 'bench' }),
  );
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
      // It has no books to compare with.
      broker: { ...DEFAULT_SETTINGS.broker, reconcileEveryMs: NEVER_MS, openOrdersEveryMs: NEVER_MS },
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

  async function openAccount(workspaceId: string): Promise<string> {
    const accountId = ids.next();
    const shard = await runtime.shardFor(accountId, BROKER);
    await directory.add({ accountId, workspaceId, shard, ...BROKER }, AbortSignal.timeout(10_000));
    await runtime.execute(
      accountId,
      {
        ...{ kind: 'openAccount', accountId, workspaceId, name: 'Bench', broker: BROKER.broker },
        ...{ environment: 'PAPER', baseCurrency: 'USD', startingCash: '1000000000', limits: LIMITS },
      },
      { actor: 'user:bench', correlationId: 'bench', traceparent: null, deadline: clock.now() + 20_000 },
    );
    return accountId;
  }

  return {
    runtime,
    async openAccounts(count) {
      const workspaceId = randomUUID();
      await database.run("INSERT INTO workspace (id, name, created_at) VALUES ($1, 'Bench', 0)", [
        workspaceId,
      ]);
      return await Promise.all(Array.from({ length: count }, () => openAccount(workspaceId)));
    },
    async ready(accounts) {
      const synced = (): number => runtime.status().brokers.reduce((sum, broker) => sum + broker.synced, 0);
      for (const end = clock.monotonic() + 60_000; synced() < accounts.length;) {
        if (clock.monotonic() > end) throw new Error('the accounts were not ready within a minute');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    skip: (ms) => void (skipped += ms),
    close: () => runtime.close(),
  };
}
