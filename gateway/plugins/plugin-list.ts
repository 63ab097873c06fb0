import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { z } from 'zod';

import { ConfigError } from '../config.ts';
import type { PluginEntry } from './load-plugin.ts';

/*
 * The operator's list of plugins: nothing is found by scanning. A JSON file, kept by `omniquant plugin add`
 * and by hand.
 */

const listed = z.strictObject({
  /** Package name, or the path of a module, from the folder of the list. */
  plugin: z.string().min(1),
  grants: z.array(z.enum(['network', 'secrets', 'storage'])).default([]),
  /** One that fails stops the start of the gateway. */
  required: z.boolean().default(false),
  enabled: z.boolean().default(true),
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

/** The enabled entries, ready to be imported. */
export function pluginEntries(file: string): readonly PluginEntry[] {
  return readPluginList(file)
    .filter(({ enabled }) => enabled)
    .map((listed) => pluginEntryOf(listed, file));
}

/** An entry of the list as the host takes it. */
export const pluginEntryOf = ({ grants, plugin, required }: ListedPlugin, file: string): PluginEntry => ({
  specifier: specifierOf(plugin, file),
  grants,
  required,
});

/**
 * A path is a file or a package's folder, from the folder of the list. A package is looked for among the
 * operator's plugins first, then where the gateway itself finds packages; one that is nowhere keeps its name,
 * so that loading it says so.
 */
export function specifierOf(plugin: string, file: string): string {
  if (plugin.startsWith('file:')) return plugin;
  if (/^\.{0,2}\//.test(plugin)) {
    const path = resolve(dirname(file), plugin);
    return moduleOf(path) ?? pathToFileURL(path).href;
  }
  return moduleOf(join(pluginFolder(file), 'node_modules', plugin)) ?? plugin;
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
