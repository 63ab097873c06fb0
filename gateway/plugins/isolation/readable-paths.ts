import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * What a sandboxed process has to read to run a plugin, and nothing besides: the plugin's own package, the
 * packages that it depends on, and what serves it.
 */

interface Manifest {
  readonly exports?: unknown;
  readonly main?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const HERE = dirname(fileURLToPath(import.meta.url));

/** Of the modules of this folder that run in the process. */
const OWN_PACKAGES = ['@omniquant/plugin-sdk', 'ajv'];

/** Paths of the gateway itself that serve a plugin. */
function ownPaths(): readonly string[] {
  const plugins = dirname(HERE);
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const files = ['config-check', 'strategy-parameters', '../services/nearest-text'].map((name) =>
    join(plugins, `${name}.${extension}`),
  );
  return [HERE, ...files, nearestManifest(HERE) ?? ''].filter((path) => path !== '');
}

/**
 * Absolute paths of files and folders, links and what they lead to, for modules named by their package or a
 * file URL, and for what serves them.
 */
export function readablePaths(specifiers: readonly string[]): readonly string[] {
  const paths = new Set<string>(ownPaths());
  for (const name of OWN_PACKAGES) addPackage(name, HERE, paths);
  for (const specifier of specifiers) {
    if (specifier.startsWith('file:')) {
      const folder = folderOf(fileURLToPath(specifier));
      addFolder(folder, paths);
      addDependencies(folder, paths);
    } else {
      addPackage(specifier, HERE, paths);
    }
  }
  return [...paths];
}

/** The package that a module is the entry of; for a module by itself its folder, and never more. */
function folderOf(file: string): string {
  const manifest = nearestManifest(dirname(file));
  const folder = manifest === null ? null : dirname(manifest);
  const isPackage =
    folder !== null && (dirname(folder).includes('node_modules') || namesEntry(read(folder), folder, file));
  return isPackage ? folder : dirname(file);
}

/** A manifest that says nothing of its entry stands for a folder of anything, such as a whole project. */
function namesEntry({ exports, main }: Manifest, folder: string, file: string): boolean {
  const named = `${JSON.stringify(exports ?? '')} ${JSON.stringify(main ?? '')}`;
  const entries = [...named.matchAll(/"([^"]+\.[cm]?[jt]s)"/g)].map(([, path]) =>
    resolve(folder, path ?? ''),
  );
  return entries.includes(file);
}

function addFolder(folder: string, paths: Set<string>): void {
  paths.add(folder);
  paths.add(realpathSync(folder));
}

function addPackage(name: string, from: string, paths: Set<string>): void {
  const folder = findPackage(name, from);
  if (folder === null || paths.has(folder)) return;
  addFolder(folder, paths);
  addDependencies(realpathSync(folder), paths);
}

function addDependencies(folder: string, paths: Set<string>): void {
  const { dependencies, optionalDependencies, peerDependencies } = read(folder);
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  // A module by itself has no manifest, and may use the SDK all the same.
  for (const name of [...names, ...OWN_PACKAGES.slice(0, 1)]) addPackage(name, folder, paths);
}

/** As Node looks for it: in node_modules of each folder upwards. */
function findPackage(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return null;
  }
}

function nearestManifest(from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return manifest;
    if (folder === dirname(folder)) return null;
  }
}

function read(folder: string): Manifest {
  const manifest = join(folder, 'package.json');
  return existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest) : {};
}
