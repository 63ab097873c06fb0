import { API_VERSION, type Extension, isPlugin, type Permission, type Plugin } from '@omniquant/plugin-sdk';
import { satisfies, validRange } from 'semver';

import type { JsonObject } from '../../core/ports/broker-settings.ts';
import type { SecretReferences } from './extension-settings.ts';
import { PluginError } from './plugin-error.ts';
import { withCauses } from './with-causes.ts';

/**
 * What a strategy runs in: a thread of the gateway, which guards against mistakes, or a sandboxed process,
 * for code that nobody vouches for.
 */
export const ISOLATIONS = ['worker', 'process'] as const;
export type Isolation = (typeof ISOLATIONS)[number];

/** A plugin named by the configuration. */
export interface PluginEntry {
  /** Package name, or a file URL. */
  readonly specifier: string;
  /** What the operator grants it. */
  readonly grants: readonly Permission[];
  /** A required plugin that fails stops the start; without an optional one the gateway is DEGRADED. */
  readonly required: boolean;
  /** What its strategies run in; without it a thread. */
  readonly isolation?: Isolation;
  /** How what it declares is read when the gateway must not import it. */
  readonly read?: () => Promise<Plugin>;
  /** As the operator's list has it; by default the specifier. */
  readonly listed?: string;
  /** False: it is on the list and not to be imported, unless the operator has enabled it through the API. */
  readonly enabled?: boolean;
  /** Settings for the whole gateway, by extension as `kind:id`. */
  readonly config?: Readonly<Record<string, JsonObject>>;
  readonly secrets?: SecretReferences;
  /** Where its own modules are; by default the folder of the module that is imported. */
  readonly folder?: string;
  /** True: its files are the author's own, by path or by a link to their folder, and watched in development. */
  readonly isLocal?: boolean;
}

/** What the operator, the API and the database call a plugin. */
export const listedAs = ({ listed, specifier }: PluginEntry): string => listed ?? specifier;

export const isolationOf = ({ isolation = 'worker' }: PluginEntry): Isolation => isolation;

export interface LoadedPlugin {
  readonly entry: PluginEntry;
  readonly plugin: Plugin;
  readonly extensions: readonly Extension[];
}

/** What each kind of extension is run by; without it there is nothing that the gateway could call. */
const ENTRY_POINTS: Readonly<Record<Extension['kind'], readonly string[]>> = {
  strategy: ['create'],
  broker: ['connect'],
  feed: ['connect'],
  notifier: ['connect'],
  optimizer: ['create'],
  model: ['train', 'load'],
  tuner: ['create'],
};

/**
 * Imports a plugin and checks it in the order: import, brand, API range, form of its extensions, permissions
 * within those granted.
 * @throws PluginError with the code of the first check that fails.
 */
export async function loadPlugin(
  entry: PluginEntry,
  importModule: ImportModule = ({ specifier }) => import(specifier),
): Promise<LoadedPlugin> {
  const plugin = await (entry.read?.() ?? importPlugin(entry, importModule));
  checkApi(plugin);
  checkContent(plugin);
  // The list's type is the least that all kinds share; each kind's define function made the rest.
  const extensions = plugin.extensions as readonly unknown[] as readonly Extension[];
  for (const extension of extensions) {
    checkForm(plugin, extension);
    checkPermissions(plugin, extension, entry.grants);
  }
  return { entry, plugin, extensions };
}

/** How a module is come by: `import()`, or one that takes the files as they are now. */
export type ImportModule = (entry: PluginEntry) => Promise<unknown>;

/** Of an ES module and of a CommonJS one. */
const NOT_FOUND_CODES = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

async function importPlugin(entry: PluginEntry, importModule: ImportModule): Promise<Plugin> {
  const { specifier } = entry;
  let module: { default?: unknown };
  try {
    module = (await importModule(entry)) as { default?: unknown };
  } catch (cause) {
    const missing = NOT_FOUND_CODES.has(String((cause as { code?: unknown }).code));
    throw new PluginError(
      missing ? 'PLUGIN_NOT_FOUND' : 'PLUGIN_INVALID',
      specifier,
      missing
        ? `it or a module that it needs is not there; install that or take it off the list: ${withCauses(cause)}`
        : `importing it failed: ${withCauses(cause)}`,
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

function checkContent({ extensions, name, start }: Plugin): void {
  if (extensions.length > 0 || start !== undefined) return;
  throw new PluginError(
    'PLUGIN_INVALID',
    name,
    'it has no extensions, so that there is nothing to use; name them in definePlugin({ extensions: [...] })',
  );
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
  const parts = extension as unknown as Readonly<Record<string, unknown>>;
  const missing = ENTRY_POINTS[kind].find((name) => typeof parts[name] !== 'function');
  if (missing !== undefined) refuse(`has no ${missing} function`);
  if (typeof extension.config !== 'object') refuse('has no schema of its config');
}

function checkPermissions(plugin: Plugin, extension: Extension, grants: readonly Permission[]): void {
  const asked = 'permissions' in extension ? (extension.permissions ?? []) : [];
  const missing = asked.filter((permission) => !grants.includes(permission));
  if (missing.length > 0) {
    throw new PluginError(
      'PLUGIN_PERMISSION_DENIED',
      plugin.name,
      `extension ${extension.id} asks for ${missing.join(', ')}, which is not granted; add it with --grant ${asked.join(',')}, or write ${JSON.stringify(asked)} as "grants" of its entry on the list`,
    );
  }
}
