import { existsSync, realpathSync } from 'node:fs';
import { createRequire, registerHooks, type ResolveHookSync } from 'node:module';
import { dirname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { ImportModule } from '../load-plugin.ts';

/*
 * Node imports a module once for each URL. A plugin's modules are loaded anew by a version in the query of its
 * entry's URL, which a hook hands on to whatever they import from the same package; what they import from other
 * packages is shared, as ever.
 */

const PARAMETER = 'omniquant-version';

/** Folders of the packages, by version. */
const folders = new Map<string, string>();
let isHooked: boolean | null = null;

/** Imports a plugin's own files as they are now. Of a package that is found by its name alone, as they were. */
export const importAfresh: ImportModule = ({ folder: own, specifier }) => {
  if (!specifier.startsWith('file:') || !hook()) return import(specifier);
  const entry = realpathOf(fileURLToPath(specifier));
  const folder = realpathOf(own ?? dirname(entry));
  forgetRequired(folder);
  const version = String(folders.size + 1);
  folders.set(version, folder);
  const url = pathToFileURL(entry);
  url.searchParams.set(PARAMETER, version);
  return import(url.href);
};

const realpathOf = (path: string): string => (existsSync(path) ? realpathSync(path) : path);

const isWithin = (folder: string, path: string): boolean =>
  path.startsWith(folder + sep) && !path.slice(folder.length).includes(`${sep}node_modules${sep}`);

/** False where modules are loaded by something else, such as a test runner: they stay as they were then. */
function hook(): boolean {
  if (isHooked !== null) return isHooked;
  try {
    registerHooks({ resolve: resolveVersion });
    isHooked = true;
  } catch {
    isHooked = false;
  }
  return isHooked;
}

const resolveVersion: ResolveHookSync = (specifier, context, next) => {
  const resolved = next(specifier, context);
  const version = versionOf(context.parentURL);
  const folder = version === null ? undefined : folders.get(version);
  if (version === null || folder === undefined || !resolved.url.startsWith('file:')) return resolved;
  if (!isWithin(folder, fileURLToPath(resolved.url))) return resolved;
  const url = new URL(resolved.url);
  url.searchParams.set(PARAMETER, version);
  return { ...resolved, url: url.href };
};

const versionOf = (url: string | undefined): string | null =>
  url?.includes(PARAMETER) === true ? new URL(url).searchParams.get(PARAMETER) : null;

/** CommonJS modules are kept by their path, whatever they were imported as. */
function forgetRequired(folder: string): void {
  const { cache } = createRequire(import.meta.url);
  for (const path of Object.keys(cache)) if (isWithin(folder, path)) Reflect.deleteProperty(cache, path);
}
