import { API_VERSION, type Extension, isPlugin, type Permission, type Plugin } from '@omniquant/plugin-sdk';
import { satisfies, validRange } from 'semver';

import { PluginError } from './plugin-error.ts';

/** A plugin named by the configuration. */
export interface PluginEntry {
  /** Package name, or a file URL. */
  readonly specifier: string;
  /** What the operator grants it. */
  readonly grants: readonly Permission[];
  /** A required plugin that fails stops the start; without an optional one the gateway is DEGRADED. */
  readonly required: boolean;
}

export interface LoadedPlugin {
  readonly entry: PluginEntry;
  readonly plugin: Plugin;
  readonly extensions: readonly Extension[];
}

/** What each kind of extension is run by; without it there is nothing that the gateway could call. */
const ENTRY_POINTS: Readonly<Record<Extension['kind'], string>> = {
  strategy: 'create',
  broker: 'connect',
  feed: 'connect',
  notifier: 'connect',
};

/**
 * Imports a plugin and checks it in the order: import, brand, API range, form of its extensions, permissions
 * within those granted.
 * @throws PluginError with the code of the first check that fails.
 */
export async function loadPlugin(entry: PluginEntry): Promise<LoadedPlugin> {
  const plugin = await importPlugin(entry.specifier);
  checkApi(plugin);
  // The list's type is the least that all kinds share; each kind's define function made the rest.
  const extensions = plugin.extensions as readonly unknown[] as readonly Extension[];
  for (const extension of extensions) {
    checkForm(plugin, extension);
    checkPermissions(plugin, extension, entry.grants);
  }
  return { entry, plugin, extensions };
}

/** Of an ES module and of a CommonJS one. */
const NOT_FOUND_CODES = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

async function importPlugin(specifier: string): Promise<Plugin> {
  let module: { default?: unknown };
  try {
    module = (await import(specifier)) as { default?: unknown };
  } catch (cause) {
    const missing = NOT_FOUND_CODES.has(String((cause as { code?: unknown }).code));
    throw new PluginError(
      missing ? 'PLUGIN_NOT_FOUND' : 'PLUGIN_INVALID',
      specifier,
      missing
        ? 'the package or one that it needs is not installed; install it or take it off the list'
        : 'importing it failed; see the cause',
      { cause },
    );
  }
  // A CommonJS package's own default export sits one level deeper.
  const candidate = isPlugin(module.default)
    ? module.default
    : (module.default as { default?: unknown } | undefined)?.default;
  if (!isPlugin(candidate)) {
    throw new PluginError('PLUGIN_INVALID', specifier, 'its default export was not made by definePlugin');
  }
  return candidate;
}

function checkApi(plugin: Plugin): void {
  if (validRange(plugin.api) === null || !satisfies(API_VERSION, plugin.api)) {
    throw new PluginError(
      'PLUGIN_API_MISMATCH',
      plugin.name,
      `it is written for plugin API ${plugin.api}, this gateway has ${API_VERSION}; use a release of it for this API`,
    );
  }
}

function checkForm(plugin: Plugin, extension: Extension): void {
  const { id, kind } = extension;
  const refuse = (why: string): never => {
    throw new PluginError('PLUGIN_INVALID', plugin.name, `extension ${kind}:${id} ${why}`);
  };
  if (!Object.hasOwn(ENTRY_POINTS, kind)) refuse('is of a kind that this gateway does not know');
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) {
    refuse('has no id of small letters, digits and hyphens');
  }
  const entryPoint = (extension as unknown as Readonly<Record<string, unknown>>)[ENTRY_POINTS[kind]];
  if (typeof entryPoint !== 'function') refuse(`has no ${ENTRY_POINTS[kind]} function`);
  if (typeof extension.config !== 'object') refuse('has no schema of its config');
}

function checkPermissions(plugin: Plugin, extension: Extension, grants: readonly Permission[]): void {
  const asked = 'permissions' in extension ? (extension.permissions ?? []) : [];
  const missing = asked.filter((permission) => !grants.includes(permission));
  if (missing.length > 0) {
    throw new PluginError(
      'PLUGIN_PERMISSION_DENIED',
      plugin.name,
      `extension ${extension.id} asks for ${missing.join(', ')}, which is not granted; grant it or take the plugin off the list`,
    );
  }
}
