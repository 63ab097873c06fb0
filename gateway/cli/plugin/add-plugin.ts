import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Permission } from '@omniquant/plugin-sdk';

import type { Sandbox } from '../../plugins/isolation/sandbox.ts';
import { inItsIsolation } from '../../plugins/isolation/sandbox-entries.ts';
import { type Isolation, ISOLATIONS, loadPlugin } from '../../plugins/load-plugin.ts';
import { pluginFolder, readPluginList, specifierOf } from '../../plugins/plugin-list.ts';
import { UsageError } from '../usage-error.ts';
import { run, SDK_FOLDER } from './npm.ts';

const PERMISSIONS: readonly string[] = ['network', 'secrets', 'storage'];

export interface AddPluginOptions {
  /** A package of the registry, a folder, or a packed package. */
  readonly specifier: string;
  readonly grants: readonly string[];
  readonly required: boolean;
  /** As the list is to say; undefined for the gateway's usual one. */
  readonly isolation: string | undefined;
  readonly usual: Isolation;
  readonly sandbox: Sandbox;
  /** The list. */
  readonly file: string;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Installs a plugin into the folder beside the list, checks it as the gateway will, and puts it on the list.
 * One that cannot be used is not listed, and not left installed unless it was listed before.
 */
export async function addPlugin(options: AddPluginOptions): Promise<void> {
  const { file, grants, required, sandbox, specifier, usual } = options;
  const unknown = grants.find((grant) => !PERMISSIONS.includes(grant));
  if (unknown !== undefined) {
    throw new UsageError(`there is no permission ${unknown}: grant ${PERMISSIONS.join(', ')} or none`);
  }
  const isolation = ISOLATIONS.find((known) => known === options.isolation);
  if (isolation === undefined && options.isolation !== undefined) {
    throw new UsageError(`there is no isolation ${options.isolation}: it is ${ISOLATIONS.join(' or ')}`);
  }
  refuseMissing(specifier);
  const list = readPluginList(file);
  const folder = pluginFolder(file);
  const name = await install(specifier, folder);
  const wanted = {
    specifier: specifierOf(name, file),
    grants: grants as readonly Permission[],
    required,
    ...(isolation !== undefined && { isolation }),
  };
  const plugin = await loadPlugin(inItsIsolation(wanted, usual, sandbox)).catch(async (error: unknown) => {
    if (list.some((listed) => listed.plugin === name)) {
      throw new Error(`${name} stays on the list, and is now installed as it is here`, { cause: error });
    }
    await run('npm', ['uninstall', '--no-audit', '--no-fund', '--ignore-scripts', name], folder);
    throw error;
  });
  const entry = {
    plugin: name,
    grants,
    required,
    enabled: true,
    ...(isolation !== undefined && { isolation }),
  };
  const others = list.filter((listed) => listed.plugin !== name);
  writeFileSync(file, `${JSON.stringify([...others, entry], null, 2)}\n`);
  const what = plugin.extensions.map(({ id, kind }) => `${kind} ${id}`).join(', ');
  process.stdout.write(
    `${name} ${plugin.plugin.version} is on the list: ${what}. Restart the gateway to use it.\n`,
  );
}

const isPath = (specifier: string): boolean => /^\.{0,2}[\\/]/.test(specifier);

/** What npm would look for in the registry, or say in its own words. */
function refuseMissing(specifier: string): void {
  const isFile = isPath(specifier) || (/\.(tgz|tar\.gz)$/.test(specifier) && !specifier.includes(':'));
  if (isFile && !existsSync(specifier)) {
    throw new UsageError(
      `${resolve(specifier)} does not exist: give a package, a folder or a packed package`,
    );
  }
  if (!existsSync(specifier) || !statSync(specifier).isDirectory()) return;
  if (!existsSync(join(specifier, 'package.json'))) {
    throw new UsageError(`${resolve(specifier)} has no package.json: give the folder of a package`);
  }
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
