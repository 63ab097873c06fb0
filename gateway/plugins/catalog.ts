import type { Extension } from '@omniquant/plugin-sdk';

import type {
  ExtensionInfo,
  PluginCatalog,
  PluginInfo,
  StrategyCatalog,
} from '../../core/ports/plugin-catalog.ts';
import { isConfigurable, keyOf, secretsSchemaOf } from './extension-settings.ts';
import { listedAs } from './load-plugin.ts';
import { changedAt, isEnabled, type PluginControls } from './plugin-controls.ts';
import type { PluginError } from './plugin-error.ts';
import type { PluginHealthWatch } from './plugin-health.ts';
import type { PluginHost } from './plugin-host.ts';
import type { PluginStanding } from './plugin-slot.ts';
import { checkStart } from './strategy-optimizers.ts';

/** What the plugins of the list have to offer, and how they are. */
export function createPluginCatalog(
  host: PluginHost,
  health: Pick<PluginHealthWatch, 'problemOf'>,
): PluginCatalog & StrategyCatalog {
  return {
    plugins: () =>
      host.standings.map((standing) => pluginInfo(standing, host.controls, health.problemOf(standing))),
    strategies: () =>
      host.plugins
        .flatMap(({ extensions }) => extensions)
        .filter(({ kind }) => kind === 'strategy')
        .map(({ id }) => id)
        .sort(),
    checkStrategy(strategy, config, run) {
      const found = host.extension('strategy', strategy);
      return found === null ? null : checkStart(host, found, config, run);
    },
  };
}

/** A plugin as the API shows it. */
export function pluginInfo(
  standing: PluginStanding,
  controls: PluginControls,
  problem: string | null,
): PluginInfo {
  const { entry, error, loaded, name, state } = standing;
  const isDegraded = state === 'RUNNING' && (error !== null || problem !== null);
  return {
    name,
    version: loaded?.plugin.version ?? '',
    apiVersion: loaded?.plugin.api ?? '',
    status: isDegraded ? 'DEGRADED' : state === 'RUNNING' ? 'READY' : state,
    error: error === null ? problem : describe(error),
    enabled: isEnabled(controls, entry),
    reason: controls.switches.get(listedAs(entry))?.reason ?? null,
    changedAt: changedAt(controls, entry),
    extensions: loaded?.extensions.map((extension) => extensionInfo(extension, standing, controls)) ?? [],
  };
}

/** With what caused it, which is what an author has to know. */
function describe({ cause, code, message }: PluginError): string {
  const why = (cause as { readonly message?: unknown } | undefined)?.message;
  return typeof why === 'string' && !message.includes(why)
    ? `${code}: ${message}: ${why}`
    : `${code}: ${message}`;
}

function extensionInfo(
  extension: Extension,
  { entry }: PluginStanding,
  controls: PluginControls,
): ExtensionInfo {
  const key = keyOf(extension);
  const stored = controls.settings.get(listedAs(entry))?.get(key);
  const names = new Set([...Object.keys(entry.secrets?.[key] ?? {}), ...(stored?.secrets.keys() ?? [])]);
  const secretsSchema = secretsSchemaOf(extension);
  return {
    kind: extension.kind,
    id: extension.id,
    description: extension.description,
    configSchema: { ...extension.config },
    permissions: 'permissions' in extension ? (extension.permissions ?? []) : [],
    secretsSchema: secretsSchema === null ? null : { ...secretsSchema },
    config: isConfigurable(extension) ? { ...entry.config?.[key], ...stored?.config } : null,
    secretsSet: [...names].sort(),
  };
}
