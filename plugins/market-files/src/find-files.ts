import { existsSync, globSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, relative, sep } from 'node:path';

import { configFault } from './file-fault.ts';

const require = createRequire(import.meta.url);
const PACKAGE = 'package:';
/** DuckDB would take them for a pattern of its own. */
const PATTERN = /[*?[\]{}]/;

/** The real path of the folder that a source is confined to. Throws FeedError CONFIG_INVALID. */
export function resolveFolder(folder: string, setting: string): string {
  const path = folder.startsWith(PACKAGE) ? packageFolder(folder.slice(PACKAGE.length), setting) : folder;
  if (!isAbsolute(path)) throw configFault(setting, `${folder} is no absolute path`);
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    throw configFault(setting, `${folder} is no folder`);
  }
  return realpathSync(path);
}

/** Packages that export no data files have them beside their entry, so the folder itself is looked for. */
function packageFolder(name: string, setting: string): string {
  if (!/^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(name)) {
    throw configFault(setting, `${name} is no name of a package`);
  }
  const found = (require.resolve.paths(name) ?? []).map((folder) => join(folder, name)).find(existsSync);
  if (found === undefined) throw configFault(setting, `the package ${name} is not installed`);
  return found;
}

/** The real paths of a source's files, by name. Throws FeedError CONFIG_INVALID for one outside of the folder. */
export function findFiles(folder: string, pattern: string, setting: string): readonly string[] {
  if (isAbsolute(pattern) || pattern.split(/[\\/]/).includes('..')) {
    throw configFault(setting, `${pattern} leads out of the folder`);
  }
  const found = globSync(pattern, { cwd: folder })
    .sort()
    .map((name) => realpathSync(join(folder, name)))
    .filter((path) => statSync(path).isFile());
  if (found.length === 0) throw configFault(setting, `no file of the folder is called ${pattern}`);
  for (const path of found) {
    const inside = relative(folder, path);
    if (isAbsolute(inside) || inside.split(sep)[0] === '..') {
      throw configFault(setting, `${pattern} leads out of the folder by a link`);
    }
    if (PATTERN.test(path)) throw configFault(setting, `${inside} has *, ?, brackets or braces in its path`);
  }
  return found;
}
