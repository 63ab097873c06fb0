import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { buildSdk, run, SDK_FOLDER } from './npm.ts';
import { TEMPLATES } from './templates.ts';
import { UsageError } from './usage-error.ts';

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
  const template = TEMPLATES[kind];
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
  for (const [path, text] of Object.entries(template({ name, id, format, sdk: SDK_FOLDER }))) {
    const file = join(target, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  await buildSdk();
  await run('npm', ['install', '--no-audit', '--no-fund'], target);
  process.stdout.write(`
${name} is in ${target}. Next:
  cd ${folder}
  npm test                           builds it and runs its tests
  npm pack                           makes the package to be published or copied
  omniquant plugin add ${folder}     puts it on the gateway's list
`);
}
