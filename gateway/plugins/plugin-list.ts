import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { z } from 'zod';

import { ConfigError } from '../config.ts';
import type { SecretReferences } from './extension-settings.ts';
import { ISOLATIONS, type PluginEntry } from './load-plugin.ts';

/*
 * The operator's list of plugins: nothing is found by scanning. A JSON file, kept by `omniquant plugin add`
 * and by hand.
 */

const reference = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  'must be {"env": "VARIABLE"} or {"file": "path"}: credentials do not stand here in the clear',
);

const listed = z.strictObject({
  /** Package name, or the path of a module, from the folder of the list. */
  plugin: z.string().min(1),
  grants: z.array(z.enum(['network', 'secrets', 'storage'])).default([]),
  /** One that fails stops the start of the gateway. */
  required: z.boolean().default(false),
  enabled: z.boolean().default(true),
  /** What its strategies run in; by default STRATEGY_ISOLATION. */
  isolation: z.enum(ISOLATIONS).optional(),
  /** Settings of its extensions for the whole gateway, by `kind:id`. */
  config: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  /** Where their credentials are: `{ "broker:acme": { "token": { "env": "ACME_TOKEN" } } }`, or `{ "file": … }`. */
  secrets: z.record(z.string(), z.record(z.string(), reference)).optional(),
});

export type ListedPlugin = z.infer<typeof listed>;

const list = z.array(listed);

/** The list as it is written. Throws ConfigError naming the entry that is wrong. */
export function readPluginList(file: string): readonly ListedPlugin[] {
  if (!existsSync(file)) return [];
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('PLUGINS_FILE', `${file} is no JSON: ${why}`);
  }
  const parsed = list.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(
    'PLUGINS_FILE',
    `${file}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`,
  );
}

/** Where plugins that are not the gateway's own are installed: a folder with a package.json of its own. */
export const pluginFolder = (file: string): string => join(dirname(resolve(file)), 'plugins');

/** All entries as the host takes them, those that are not enabled included. */
export function pluginEntries(file: string): readonly PluginEntry[] {
  return readPluginList(file).map((listed) => pluginEntryOf(listed, file));
}

/** An entry of the list as the host takes it. */
export const pluginEntryOf = (
  { config, enabled, grants, isolation, plugin, required, secrets }: ListedPlugin,
  file: string,
): PluginEntry => ({
  ...locate(plugin, file),
  listed: plugin,
  grants,
  required,
  enabled,
  isLocal: isPath(plugin) || isLinked(plugin, file),
  ...(isolation === undefined ? {} : { isolation }),
  ...(config === undefined ? {} : { config }),
  ...(secrets === undefined ? {} : { secrets: inPlace(secrets, file) }),
});

/** A file with a credential is looked for from the folder of the list. */
const inPlace = (secrets: SecretReferences, file: string): SecretReferences =>
  Object.fromEntries(
    Object.entries(secrets).map(([extension, references]) => [
      extension,
      Object.fromEntries(
        Object.entries(references).map(([name, each]) => [
          name,
          'file' in each ? { file: resolve(dirname(file), each.file) } : each,
        ]),
      ),
    ]),
  );

const isPath = (plugin: string): boolean => plugin.startsWith('file:') || /^\.{0,2}\//.test(plugin);

/** `plugin add <folder>` links the folder among the operator's plugins: what is saved there is what is imported. */
const isLinked = (plugin: string, file: string): boolean =>
  lstatSync(join(pluginFolder(file), 'node_modules', plugin), { throwIfNoEntry: false })?.isSymbolicLink() ===
  true;

/**
 * A path is a file or a package's folder, from the folder of the list. A package is looked for among the
 * operator's plugins first, then where the gateway itself finds packages; one that is nowhere keeps its name,
 * so that loading it says so.
 */
export const specifierOf = (plugin: string, file: string): string => locate(plugin, file).specifier;

function locate(plugin: string, file: string): Pick<PluginEntry, 'folder' | 'specifier'> {
  if (plugin.startsWith('file:')) return { specifier: plugin };
  const folder = isPath(plugin)
    ? resolve(dirname(file), plugin)
    : join(pluginFolder(file), 'node_modules', plugin);
  const specifier = moduleOf(folder);
  if (specifier !== null) return { specifier, folder };
  return { specifier: isPath(plugin) ? pathToFileURL(folder).href : plugin };
}

/** The module of a package's folder; null for anything else. */
function moduleOf(folder: string): string | null {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return null;
  const { exports, main } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly exports?: unknown;
    readonly main?: string;
  };
  return pathToFileURL(join(folder, importTarget(exports) ?? main ?? 'index.js')).href;
}

/** What `import` would take of a package's exports; the conditions of Node for ES modules. */
function importTarget(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const conditions = exports as Readonly<Record<string, unknown>>;
  const own = conditions['.'];
  if (own !== undefined) return importTarget(own);
  for (const condition of ['node', 'import', 'module-sync', 'default', 'require']) {
    const target = importTarget(conditions[condition]);
    if (target !== undefined) return target;
  }
  return undefined;
}
