import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

import type { Permission } from '@omniquant/plugin-sdk';

import { UsageError } from '../usage-error.ts';
import { buildSdk, run, SDK_FOLDER } from './npm.ts';
import { TEMPLATES } from './templates.ts';

export interface CreatePluginOptions {
  /** Of the package, with or without a scope. */
  readonly name: string;
  readonly kind: string;
  readonly format: string;
  readonly folder: string;
}

const NAME = /^(?:@[a-z0-9][a-z0-9-._]*\/)?[a-z][a-z0-9-]*$/;

/** Writes a new package and installs what it needs: it builds, and its tests are green. */
export async function createPlugin({ folder, format, kind, name }: CreatePluginOptions): Promise<void> {
  const template = Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined;
  if (template === undefined) {
    throw new UsageError(
      `there is no template for ${kind}: take one of ${Object.keys(TEMPLATES).join(', ')}`,
    );
  }
  if (format !== 'esm' && format !== 'cjs') throw new UsageError('--format is esm or cjs');
  if (!NAME.test(name)) {
    throw new UsageError(
      `${name} is no name of a package: small letters, digits and hyphens, as in my-strategy`,
    );
  }
  const target = resolve(folder);
  if (existsSync(join(target, 'package.json'))) throw new UsageError(`${target} has a package.json already`);
  const id = name.slice(name.indexOf('/') + 1);
  for (const [path, text] of Object.entries(template.files({ name, id, format, sdk: SDK_FOLDER }))) {
    const file = join(target, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  await buildSdk();
  await run('npm', ['install', '--no-audit', '--no-fund'], target);
  process.stdout.write(nextSteps(name, target, template.permissions));
}

/** Commands for the folder that `create` was given in: `omniquant` is known there, and not in the new package. */
function nextSteps(name: string, target: string, permissions: readonly Permission[]): string {
  const path = shellWord(fromHere(target));
  const grant = permissions.length === 0 ? '' : ` --grant ${permissions.join(',')}`;
  return `
${name} is in ${target}. Next, from here:
  npm --prefix ${path} test
      builds it and runs its tests
  npx omniquant plugin add ${path}${grant}
      puts it on the gateway's list; built anew, it is loaded anew by npm run dev
  npm pack ${path}
      makes the package to be published or copied
`;
}

/** With ./ in front, so that nothing takes it for the name of a package. */
function fromHere(target: string): string {
  const path = relative(process.cwd(), target);
  return isAbsolute(path) || path.startsWith('..') ? path : `./${path}`;
}

const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
