import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Manifest {
  /** What `omniquant plugin test` is told by the package. */
  readonly omniquant?: { readonly brokerFixture?: unknown; readonly strategyCases?: unknown };
}

/** The package.json nearest to a plugin's module, with its folder; null where there is none. */
export function manifestOf(
  specifier: string,
): { readonly folder: string; readonly manifest: Manifest } | null {
  const url = specifier.startsWith('file:') ? specifier : import.meta.resolve(specifier);
  for (let folder = dirname(fileURLToPath(url)); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) return { folder, manifest: JSON.parse(readFileSync(path, 'utf8')) as Manifest };
    if (folder === dirname(folder)) return null;
  }
}
