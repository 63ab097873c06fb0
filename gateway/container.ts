import { asFunction, asValue, type AwilixContainer, createContainer, InjectionMode } from 'awilix';

import type { AccountDirectory } from '../core/ports/account-directory.ts';
import type { AuditLog } from '../core/ports/audit-log.ts';
import type { BrokerCatalog } from '../core/ports/broker-catalog.ts';
import type { BrokerConnector } from '../core/ports/broker-connector.ts';
import type { GatewayStateReader, GatewayStateWriter } from '../core/ports/gateway-state.ts';
import type { Journal } from '../core/ports/journal.ts';
import type { JournalHeads } from '../core/ports/journal-heads.ts';
import type { LeaseStore } from '../core/ports/leases.ts';
import type { NotificationChannels } from '../core/ports/notification-channels.ts';
import type { NotifierCatalog } from '../core/ports/notifiers.ts';
import type { OrderArchive } from '../core/ports/order-archive.ts';
import type { WorkspaceReaders } from '../core/ports/order-reader.ts';
import type { PluginCatalog, StrategyCatalog } from '../core/ports/plugin-catalog.ts';
import type { PluginOperations } from '../core/ports/plugin-operations.ts';
import { createTradingRuntime, type TradingRuntime } from '../core/runtime/trading-runtime.ts';
import { createSealer } from './auth/sealed-secret.ts';
import { createHttpForwarder, type HttpForwarder } from './cluster/http-forwarder.ts';
import { createPostgresAccountDirectory } from './database/account-directory.ts';
import { createPostgresAuditLog } from './database/audit-log.ts';
import { type BacktestResults, createBacktestResults } from './database/backtests/backtest-results.ts';
import { type BacktestStore, createBacktestStore } from './database/backtests/backtest-store.ts';
import { createJobQueue, type JobQueue } from './database/backtests/job-queue.ts';
import { createBrokerSettingsStore, type PostgresBrokerSettings } from './database/broker-settings-store.ts';
import { createGatewayStateReader, createGatewayStateWriter } from './database/gateway-state.ts';
import { createPostgresJournal } from './database/journal/postgres-journal.ts';
import { createPostgresJournalHeads } from './database/journal-heads.ts';
import { createPostgresLeases } from './database/lease-store.ts';
import { createChannelConnectionStore } from './database/notifications/channel-connection-store.ts';
import { createNotificationChannels } from './database/notifications/channel-store.ts';
import { createOperatorCheck } from './database/operator-workspace.ts';
import { createPostgresOrderArchive } from './database/order-archive.ts';
import { createWorkspaceReaders } from './database/order-reader/workspace-readers.ts';
import { type BarStore, openBarStore } from './database/stored-bars/bar-store.ts';
import { createStoredBarsReader, type StoredBarsReader } from './database/stored-bars/stored-bars-reader.ts';
import { createSweepReads, type SweepReads } from './database/sweeps/sweep-reads.ts';
import { createSweepStore, type SweepStore } from './database/sweeps/sweep-store.ts';
import type { Groundwork } from './foundations.ts';
import { type ChannelConnections, createChannelConnections } from './notifications/channel-connections.ts';
import { createNotifierCatalog } from './notifications/notifier-catalog.ts';
import { createBrokerConnector } from './plugins/broker-connector.ts';
import { createPluginCatalog } from './plugins/catalog.ts';
import { createFeedConnector, feedProblem } from './plugins/feed-connector.ts';
import { followPlugins } from './plugins/following-strategies.ts';
import type { JobPool } from './plugins/isolation/job-pool.ts';
import type { Sandbox } from './plugins/isolation/sandbox.ts';
import { openJobPool } from './plugins/open-job-pool.ts';
import type { PluginHealthWatch } from './plugins/plugin-health.ts';
import type { PluginHost } from './plugins/plugin-host.ts';
import { createStrategyPlaces, sandboxOf } from './plugins/strategy-host.ts';
import { runtimeSettings } from './runtime-settings.ts';

/** Everything that the gateway is put together from, by name. Extensions of plugins are added as `kind:id`. */
export interface Cradle extends Groundwork {
  readonly pluginHost: PluginHost;
  readonly pluginHealth: PluginHealthWatch;
  readonly pluginOperations: PluginOperations;
  /** Where other gateways reach this one. */
  readonly internalAddress: string;
  readonly journal: Journal;
  readonly journalHeads: JournalHeads;
  readonly archive: OrderArchive;
  readonly directory: AccountDirectory;
  readonly leases: LeaseStore;
  readonly readers: WorkspaceReaders;
  readonly audit: AuditLog;
  readonly gatewayStateReader: GatewayStateReader;
  readonly gatewayStateWriter: GatewayStateWriter;
  readonly brokerSettings: PostgresBrokerSettings;
  readonly connector: BrokerConnector & BrokerCatalog;
  readonly forwarder: HttpForwarder;
  readonly pluginCatalog: PluginCatalog;
  readonly strategyCatalog: StrategyCatalog;
  /** Where optimizers, models and tuners compute what takes longer than a step of a strategy. */
  readonly jobPool: JobPool;
  /** Where plugins run that nobody vouches for. */
  readonly sandbox: Sandbox;
  readonly notificationChannels: NotificationChannels;
  readonly notifiers: NotifierCatalog;
  readonly channelConnections: ChannelConnections;
  readonly backtestQueue: JobQueue;
  readonly backtestStore: BacktestStore;
  readonly backtestResults: BacktestResults;
  readonly sweepStore: SweepStore;
  readonly sweepReads: SweepReads;
  readonly barStore: BarStore;
  readonly storedBars: StoredBarsReader;
  readonly runtime: TradingRuntime;
}

/** All registrations in one place. What needs waiting for is made before and given as values. */
export function createGatewayContainer(groundwork: Groundwork): AwilixContainer<Cradle> {
  const container = createContainer<Cradle>({ injectionMode: InjectionMode.PROXY, strict: true });
  for (const [name, value] of Object.entries(groundwork)) {
    container.register(name, asValue(value));
  }
  const single = <T>(make: (cradle: Cradle) => T) => asFunction(make).singleton();
  container.register({
    journal: single(({ database, telemetry }) => createPostgresJournal(database.writer, telemetry.log)),
    journalHeads: single(({ database }) => createPostgresJournalHeads(database.writer)),
    archive: single(({ database }) => createPostgresOrderArchive(database.writer)),
    directory: single(({ database }) => createPostgresAccountDirectory(database.writer)),
    leases: single(({ database }) => createPostgresLeases(database.writer)),
    readers: single(({ database }) => createWorkspaceReaders(database.app)),
    audit: single(({ database }) => createPostgresAuditLog(database.app)),
    gatewayStateReader: single(({ database }) => createGatewayStateReader(database.writer)),
    gatewayStateWriter: single(({ database }) => createGatewayStateWriter(database.app)),
    brokerSettings: single(({ database, secrets, clock }) =>
      createBrokerSettingsStore(database.app, database.writer, createSealer(secrets.encryptionKey), () =>
        clock.now(),
      ),
    ),
    connector: single(({ pluginHost, brokerSettings }) =>
      createBrokerConnector({ host: pluginHost, store: brokerSettings }),
    ),
    forwarder: single(({ secrets, clock }) => createHttpForwarder(secrets.internalSecret.reveal(), clock)),
    pluginCatalog: single(({ pluginHost, pluginHealth, runtime }) =>
      createPluginCatalog(pluginHost, {
        problemOf: (standing) =>
          pluginHealth.problemOf(standing) ?? feedProblem(runtime.status().feeds, standing),
      }),
    ),
    strategyCatalog: single(({ pluginHost, pluginHealth }) => createPluginCatalog(pluginHost, pluginHealth)),
    notificationChannels: single(({ database, secrets }) =>
      createNotificationChannels(database.app, createSealer(secrets.encryptionKey)),
    ),
    notifiers: single(({ pluginHost }) => createNotifierCatalog(pluginHost)),
    channelConnections: single(({ pluginHost, database, secrets, clock, logger, config }) =>
      createChannelConnections({
        host: pluginHost,
        store: createChannelConnectionStore(database.background, createSealer(secrets.encryptionKey)),
        clock,
        logger,
        timeoutMs: config.NOTIFICATION_TIMEOUT_MS,
        mayReachInside: config.NOTIFICATION_PRIVATE_HOSTS
          ? () => Promise.resolve(true)
          : (workspaceId, signal) => createOperatorCheck(database.app)({ workspaceId }, signal),
      }),
    ),
    jobPool: single(({ pluginHost, config, logger, telemetry }) =>
      openJobPool({ host: pluginHost, config, logger, telemetry }),
    ),
    sandbox: single(({ config, logger }) => sandboxOf(config, logger)),
    backtestQueue: single(({ database, telemetry }) =>
      createJobQueue({ pool: database.background, log: telemetry.log }),
    ),
    backtestStore: single(({ database, backtestQueue }) =>
      createBacktestStore(database.app, backtestQueue.add),
    ),
    backtestResults: single(({ database }) => createBacktestResults(database.app)),
    sweepStore: single(({ database, backtestQueue }) => createSweepStore(database.app, backtestQueue.add)),
    sweepReads: single(({ database }) => createSweepReads(database.app)),
    barStore: single(({ database, clock, telemetry, config }) =>
      openBarStore({ pool: database.background, clock, telemetry, days: config.STORED_BARS_DAYS }),
    ),
    storedBars: single(({ database }) => createStoredBarsReader(database.app)),
    runtime: single((cradle) =>
      createTradingRuntime({
        journal: cradle.journal,
        journalSpace: cradle.journalSpace,
        archive: cradle.archive,
        directory: cradle.directory,
        leases: cradle.leases,
        bus: cradle.bus,
        clock: cradle.clock,
        ids: cradle.ids,
        chance: cradle.chance,
        telemetry: cradle.telemetry,
        failpoints: cradle.failpoints,
        connector: cradle.connector,
        feedConnector: createFeedConnector(cradle.pluginHost),
        barSink: cradle.barStore,
        strategyHost: followPlugins(
          cradle.pluginHost,
          createStrategyPlaces(cradle.config, cradle.sandbox, cradle.logger),
        ),
        forwarder: cradle.forwarder,
        gatewayState: cradle.gatewayStateReader,
        settings: runtimeSettings(cradle.config, cradle.installation),
        owner: cradle.instanceId,
        address: cradle.internalAddress,
      }),
    ),
  });
  return container;
}
