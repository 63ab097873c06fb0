import type { Broker, BrokerCapabilities, BrokerDefinition } from '@omniquant/plugin-sdk';

import type { BrokerCatalog } from '../../core/ports/broker-catalog.ts';
import type { BrokerConnector, BrokerRef } from '../../core/ports/broker-connector.ts';
import type { BrokerSettings } from '../../core/ports/broker-settings.ts';
import { checkConfig } from './config-check.ts';
import { PluginError } from './plugin-error.ts';
import type { PluginHost, RegisteredExtension } from './plugin-host.ts';

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
  readonly host: Pick<PluginHost, 'broker' | 'plugins'>;
  readonly store: ConnectionStore;
}

/**
 * Opens connections of the broker extensions in use, and tells what there is to open. An account's own settings
 * come on top of the gateway's; the gateway's credentials are those of the shared connection alone, so that an
 * account with settings of its own cannot have them sent elsewhere.
 */
export function createBrokerConnector(options: BrokerConnectorOptions): BrokerConnector & BrokerCatalog {
  const capabilities = new Map<string, BrokerCapabilities>();
  const settingsOf = async (
    { settings }: RegisteredExtension<BrokerDefinition>,
    connection: string,
    signal: AbortSignal,
  ): Promise<{ readonly config: object; readonly secrets: ReadonlyMap<string, string> }> => {
    if (connection === DEFAULT_CONNECTION) return settings;
    const own = await options.store.load(connection, signal);
    const secrets = Object.entries(own.secrets ?? {}).map(([name, value]) => [name, String(value)] as const);
    return { config: { ...settings.config, ...own.config }, secrets: new Map(secrets) };
  };

  return {
    async connect(ref, sink, signal): Promise<Broker> {
      const extension = find(options.host, ref.broker);
      const { definition, plugin } = extension;
      const settings = await settingsOf(extension, ref.connection, signal);
      const { value, problems } = checkConfig(definition.config, settings.config);
      const [problem] = problems;
      if (problem !== undefined) {
        throw new PluginError(
          'PLUGIN_CONFIG_INVALID',
          plugin,
          `broker ${ref.broker}, connection ${ref.connection}: ${problem.path} ${problem.message}; put it right with configurePlugin, or in the account's own settings`,
        );
      }
      const context = extension.contextFor({
        connection: ref.connection,
        secrets: settings.secrets,
        signal,
      });
      const broker = await definition.connect(value, context, sink);
      capabilities.set(keyOf(ref), broker.capabilities);
      return broker;
    },
    isExclusive: (ref) => Promise.resolve(find(options.host, ref.broker).definition.exclusive ?? false),
    async revisions(refs, signal) {
      const own = refs.map(({ connection }) => connection).filter((name) => name !== DEFAULT_CONNECTION);
      const changes = own.length === 0 ? new Map<string, number>() : await options.store.changes(own, signal);
      // A broker whose plugin was started anew has to be connected anew.
      return refs.map(({ broker, connection }) =>
        [options.host.broker(broker)?.life ?? 'none', changes.get(connection) ?? 0].join('.'),
      );
    },
    ids: () =>
      options.host.plugins
        .flatMap(({ extensions }) => extensions)
        .flatMap(({ id, kind }) => (kind === 'broker' ? [id] : []))
        .sort(),
    find(id) {
      const extension = options.host.broker(id);
      if (extension === null) return undefined;
      const { definition, settings } = extension;
      return {
        id,
        description: definition.description,
        configSchema: definition.config,
        configDefaults: settings.config,
        secretsSchema: definition.secrets ?? null,
      };
    },
    capabilities: (ref) => capabilities.get(keyOf(ref)) ?? null,
  };
}

function keyOf(ref: BrokerRef): string {
  return `${ref.broker}/${ref.connection}`;
}

function find(host: Pick<PluginHost, 'broker'>, id: string): RegisteredExtension<BrokerDefinition> {
  const found = host.broker(id);
  if (found === null) {
    throw new PluginError(
      'PLUGIN_NOT_FOUND',
      `broker ${id}`,
      'no plugin in use has it; add its package to the list, or enable it',
    );
  }
  return found;
}
