import type { Context, Extension, Logger as PluginLogger, Permission } from '@omniquant/plugin-sdk';
import { asFunction, asValue, type AwilixContainer } from 'awilix';

import type { Logger } from '../telemetry/logger.ts';
import { checkConfig } from './config-check.ts';
import { type ExtensionSettings, isConfigurable, keyOf } from './extension-settings.ts';
import type { LoadedPlugin, PluginEntry } from './load-plugin.ts';
import { createPluginContext, pluginLogger } from './plugin-context.ts';
import type { OpenStorage } from './storage/extension-storage.ts';

/** What the scope of an extension holds, besides everything of the gateway's own. */
export interface ExtensionCradle {
  readonly definition: Extension;
  readonly extensionLogger: PluginLogger;
  /** The gateway's settings for it, with the defaults of its schema. */
  readonly extensionConfig: Readonly<Record<string, unknown>>;
  /** What its entry point is lent. Brokers get one for each connection instead: `contextFor`. */
  readonly extensionContext: Context<Permission>;
}

/** One of possibly several connections of an extension. */
export interface ConnectionGrant {
  readonly connection: string;
  readonly secrets: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** An extension in use, with the plugin that it came with. */
export interface RegisteredExtension<E extends Extension = Extension> {
  readonly definition: E;
  /** The plugin's name. */
  readonly plugin: string;
  readonly entry: PluginEntry;
  /** Where a worker imports it from. */
  readonly specifier: string;
  /** As set for the whole gateway, without the defaults of its schema. */
  readonly settings: ExtensionSettings;
  /** Another one whenever the plugin was started anew: with other settings, or as another version of itself. */
  readonly life: number;
  /** Aborted when it is not in use any more. The reason is a PluginStopped. */
  readonly signal: AbortSignal;
  readonly scope: AwilixContainer<ExtensionCradle>;
  contextFor(connection: ConnectionGrant): Context<Permission>;
}

export interface ScopeSurroundings {
  readonly container: AwilixContainer;
  readonly logger: Logger;
  readonly now: () => number;
  readonly openStorage: OpenStorage;
}

/** A child scope for an extension, with its context, settings and logger. */
export function createExtensionScope(
  { entry, plugin }: LoadedPlugin,
  definition: Extension,
  settings: ExtensionSettings,
  life: { readonly number: number; readonly signal: AbortSignal },
  { container, logger, now, openStorage }: ScopeSurroundings,
): RegisteredExtension {
  const permissions = 'permissions' in definition ? (definition.permissions ?? []) : [];
  const make = (grant: Omit<ConnectionGrant, 'connection'>, connection: string | null) =>
    createPluginContext({
      ...{ plugin: plugin.name, extension: definition.id, permissions, logger, now },
      signal: grant.signal,
      secrets: grant.secrets,
      secretsSetBy:
        connection === null || definition.kind === 'feed' ? 'configurePlugin' : 'setBrokerCredentials',
      storage: openStorage(
        { plugin: plugin.name, extension: keyOf(definition), connection: connection ?? '' },
        grant.signal,
      ),
    });

  const scope = container.createScope<ExtensionCradle>();
  scope.register({
    definition: asValue(definition),
    extensionLogger: asValue(pluginLogger(logger, plugin.name, definition.id)),
    extensionConfig: asValue(
      isConfigurable(definition) ? checkConfig(definition.config, settings.config).value : {},
    ),
    extensionContext: asFunction(() =>
      make({ secrets: settings.secrets, signal: life.signal }, null),
    ).scoped(),
  });
  return {
    definition,
    plugin: plugin.name,
    entry,
    specifier: entry.specifier,
    settings,
    life: life.number,
    signal: life.signal,
    scope,
    contextFor: ({ connection, secrets, signal }) =>
      make({ secrets, signal: AbortSignal.any([signal, life.signal]) }, connection),
  };
}
