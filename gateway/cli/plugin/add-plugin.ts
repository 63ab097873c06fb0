import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Permission } from '@omniquant/plugin-sdk';

import { loadPlugin } from '../../plugins/load-plugin.ts';
import { pluginFolder, readPluginList, specifierOf } from '../../plugins/plugin-list.ts';
import { run, SDK_FOLDER } from './npm.ts';
import { UsageError } from './usage-error.ts';

const PERMISSIONS: readonly string[] = ['network', 'secrets', 'storage'];

export interface AddPluginOptions {
  /** A package of the registry, a folder, or a packed package. */
  readonly specifier: string;
  readonly grants: readonly string[];
  readonly required: boolean;
  /** The list. */
  readonly file: string;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Installs a plugin into the folder beside the list, checks it as the gateway will, and puts it on the list.
 * Nothing is listed when it cannot be used.
 */
export async function addPlugin({ file, grants, required, specifier }: AddPluginOptions): Promise<void> {
  const unknown = grants.find((grant) => !PERMISSIONS.includes(grant));
  if (unknown !== undefined) {
    throw new UsageError(`there is no permission ${unknown}: grant ${PERMISSIONS.join(', ')} or none`);
  }
  const list = readPluginList(file);
  const folder = pluginFolder(file);
  const name = await install(specifier, folder);
  const plugin = await loadPlugin({
    specifier: specifierOf(name, file),
    grants: grants as readonly Permission[],
    required,
  });
  const entry = { plugin: name, grants, required, enabled: true };
  const others = list.filter((listed) => listed.plugin !== name);
  writeFileSync(file, `${JSON.stringify([...others, entry], null, 2)}\n`);
  const what = plugin.extensions.map(({ id, kind }) => `${kind} ${id}`).join(', ');
  process.stdout.write(
    `${name} ${plugin.plugin.version} is on the list: ${what}. Restart the gateway to use it.\n`,
  );
}

/** Answers with the name of the package that it was. */
async function install(specifier: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) {
    writeFileSync(manifest, `${JSON.stringify({ name: 'omniquant-plugins', private: true }, null, 2)}\n`);
  }
  const isLocal = existsSync(specifier);
  const wanted = isLocal ? resolve(specifier) : specifier;
  // The plugin gets the very SDK that the gateway has, whatever the registry offers.
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', SDK_FOLDER, wanted], folder);
  const name = isLocal ? installedFrom(wanted, folder, manifest) : PACKAGE_NAME.exec(wanted)?.[1];
  if (name === undefined) throw new Error(`npm installed ${specifier}, and its name cannot be told`);
  return name;
}

/** A package of the registry as npm takes it, with or without a version. */
const PACKAGE_NAME = /^((?:@[\w.-]+\/)?[\w.-]+)(?:@.+)?$/;

function installedFrom(path: string, folder: string, manifest: string): string | undefined {
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  return Object.entries(dependencies).find(
    ([, from]) => from.startsWith('file:') && resolve(folder, from.slice('file:'.length)) === path,
  )?.[0];
}
