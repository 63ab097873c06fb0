import { asFunction, asValue, type AwilixContainer, createContainer, InjectionMode } from 'awilix';

import type { AccountDirectory } from '../core/ports/account-directory.ts';
import type { AuditLog } from '../core/ports/audit-log.ts';
import type { BrokerCatalog } from '../core/ports/broker-catalog.ts';
import type { BrokerConnector } from '../core/ports/broker-connector.ts';
import type { GatewayStateReader, GatewayStateWriter } from '../core/ports/gateway-state.ts';
import type { Journal } from '../core/ports/journal.ts';
import type { JournalHeads } from '../core/ports/journal-heads.ts';
import type { LeaseStore } from '../core/ports/leases.ts';
import type { OrderArchive } from '../core/ports/order-archive.ts';
import type { WorkspaceReaders } from '../core/ports/order-reader.ts';
import type { PluginCatalog, StrategyCatalog } from '../core/ports/plugin-catalog.ts';
import { createTradingRuntime, type TradingRuntime } from '../core/runtime/trading-runtime.ts';
import { createSealer } from './auth/sealed-secret.ts';
import { createHttpForwarder, type HttpForwarder } from './cluster/http-forwarder.ts';
import { createPostgresAccountDirectory } from './database/account-directory.ts';
import { createPostgresAuditLog } from './database/audit-log.ts';
import { createBrokerSettingsStore, type PostgresBrokerSettings } from './database/broker-settings-store.ts';
import { createGatewayStateReader, createGatewayStateWriter } from './database/gateway-state.ts';
import { createPostgresJournal } from './database/journal/postgres-journal.ts';
import { createPostgresJournalHeads } from './database/journal-heads.ts';
import { createPostgresLeases } from './database/lease-store.ts';
import { createPostgresOrderArchive } from './database/order-archive.ts';
import { createWorkspaceReaders } from './database/order-reader/workspace-readers.ts';
import type { Foundations } from './foundations.ts';
import { createBrokerConnector } from './plugins/broker-connector.ts';
import { createPluginCatalog } from './plugins/catalog.ts';
import type { PluginHost } from './plugins/plugin-host.ts';
import { createStrategyHost } from './plugins/strategy-host.ts';
import { runtimeSettings } from './runtime-settings.ts';

/** Everything that the gateway is put together from, by name. Extensions of plugins are added as `kind:id`. */
export interface Cradle extends Foundations {
  readonly pluginHost: PluginHost;
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
  readonly runtime: TradingRuntime;
}

/** All registrations in one place. What needs waiting for is made before and given as values. */
export function createGatewayContainer(foundations: Foundations): AwilixContainer<Cradle> {
  const container = createContainer<Cradle>({ injectionMode: InjectionMode.PROXY, strict: true });
  for (const [name, value] of Object.entries(foundations)) {
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
    connector: single(({ pluginHost, brokerSettings, config, venueUrl, logger, clock }) =>
      createBrokerConnector({
        host: pluginHost,
        store: brokerSettings,
        defaults: {
          simulated: {
            url: venueUrl,
            ...(config.VENUE_TOKEN === undefined ? {} : { token: config.VENUE_TOKEN }),
          },
        },
        logger,
        now: () => clock.now(),
      }),
    ),
    forwarder: single(({ secrets, clock }) => createHttpForwarder(secrets.internalSecret.reveal(), clock)),
    pluginCatalog: single(({ pluginHost }) => createPluginCatalog(pluginHost)),
    strategyCatalog: single(({ pluginHost }) => createPluginCatalog(pluginHost)),
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
        strategyHost: createStrategyHost(cradle.pluginHost, cradle.config, cradle.logger),
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
