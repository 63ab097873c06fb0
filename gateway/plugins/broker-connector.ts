import type { Broker, BrokerCapabilities, BrokerDefinition } from '@omniquant/plugin-sdk';

import type { BrokerCatalog } from '../../core/ports/broker-catalog.ts';
import type { BrokerConnector, BrokerRef } from '../../core/ports/broker-connector.ts';
import type { BrokerSettings } from '../../core/ports/broker-settings.ts';
import type { Logger } from '../telemetry/logger.ts';
import { checkConfig } from './config-check.ts';
import { createPluginContext } from './plugin-context.ts';
import { PluginError } from './plugin-error.ts';
import type { PluginHost } from './plugin-host.ts';

/** Where connections' own settings are kept, by the name of the connection. */
export interface ConnectionStore {
  /** Parts that were never set are null. */
  load(connection: string, signal: AbortSignal): Promise<BrokerSettings>;
  /** How often each was changed; those that never were are left out. */
  changes(connections: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
}

/** The connection that accounts without settings of their own share. */
export const DEFAULT_CONNECTION = 'default';

export interface BrokerConnectorOptions {
  readonly host: PluginHost;
  readonly store: ConnectionStore;
  /** Settings of the gateway for each broker, e.g. the address of its simulated venue; accounts' own come on top. */
  readonly defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Opens connections of the loaded broker extensions, and tells what there is to open. */
export function createBrokerConnector(options: BrokerConnectorOptions): BrokerConnector & BrokerCatalog {
  const capabilities = new Map<string, BrokerCapabilities>();
  const settingsOf = async (
    broker: string,
    connection: string,
    signal: AbortSignal,
  ): Promise<{ readonly config: object; readonly secrets: ReadonlyMap<string, string> }> => {
    const own = connection === DEFAULT_CONNECTION ? null : await options.store.load(connection, signal);
    return {
      config: { ...options.defaults[broker], ...own?.config },
      secrets: new Map(Object.entries(own?.secrets ?? {}).map(([name, value]) => [name, String(value)])),
    };
  };

  return {
    async connect(ref, sink, signal): Promise<Broker> {
      const { definition, plugin } = find(options.host, ref.broker);
      const settings = await settingsOf(ref.broker, ref.connection, signal);
      const { value, problems } = checkConfig(definition.config, settings.config);
      const [problem] = problems;
      if (problem !== undefined) {
        throw new PluginError(
          'PLUGIN_CONFIG_INVALID',
          plugin,
          `broker ${ref.broker}, connection ${ref.connection}: ${problem.path} ${problem.message}`,
        );
      }
      const context = createPluginContext({
        plugin,
        extension: ref.broker,
        permissions: definition.permissions ?? [],
        signal,
        logger: options.logger,
        now: options.now,
        secrets: settings.secrets,
      });
      const broker = await definition.connect(value, context, sink);
      capabilities.set(keyOf(ref), broker.capabilities);
      return broker;
    },
    isExclusive: (ref) => Promise.resolve(find(options.host, ref.broker).definition.exclusive ?? false),
    async revisions(refs, signal) {
      const own = refs.map(({ connection }) => connection).filter((name) => name !== DEFAULT_CONNECTION);
      const changes = own.length === 0 ? new Map<string, number>() : await options.store.changes(own, signal);
      return refs.map(({ connection }) => String(changes.get(connection) ?? 0));
    },
    find(id) {
      const definition = options.host.broker(id)?.definition;
      if (definition === undefined) return undefined;
      return {
        id,
        description: definition.description,
        configSchema: definition.config,
        configDefaults: options.defaults[id] ?? {},
        secretsSchema: definition.secrets ?? null,
      };
    },
    capabilities: (ref) => capabilities.get(keyOf(ref)) ?? null,
  };
}

function keyOf(ref: BrokerRef): string {
  return `${ref.broker}/${ref.connection}`;
}

function find(
  host: PluginHost,
  id: string,
): { readonly definition: BrokerDefinition; readonly plugin: string } {
  const found = host.broker(id);
  if (found === null) {
    throw new PluginError(
      'PLUGIN_NOT_FOUND',
      `broker ${id}`,
      'no loaded plugin has it; add its package to the list',
    );
  }
  return found;
}
