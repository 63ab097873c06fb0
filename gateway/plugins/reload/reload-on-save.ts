import { realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Logger } from '../../telemetry/logger.ts';
import { listedAs, type PluginEntry } from '../load-plugin.ts';
import type { PluginHost } from '../plugin-host.ts';
import { watchFolder } from './watch-folder.ts';

export interface ReloadOptions {
  readonly host: Pick<PluginHost, 'reload' | 'standings'>;
  readonly logger: Logger;
  /** Holds files that change all the time. */
  readonly dataDir: string;
}

const QUIET_MS = 150;

/** For development: plugins that are listed by their path are loaded anew when one of their files is saved. */
export function reloadOnSave({ dataDir, host, logger }: ReloadOptions): { close(): Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  const watches = host.standings
    .map(({ entry }) => entry)
    .filter(({ isLocal, specifier }) => isLocal === true && specifier.startsWith('file:'))
    .map((entry) => {
      const plugin = listedAs(entry);
      return watchFolder({
        ...watchedFolder(entry, dataDir),
        quietMs: QUIET_MS,
        onChange: () => {
          last = host.reload(plugin);
        },
        onError: (error) => {
          logger.warn({ plugin, error }, 'files of a plugin cannot be watched');
        },
      });
    });
  return {
    async close() {
      for (const watch of watches) watch.close();
      await last;
    },
  };
}

/**
 * Where the module that is imported is, up to the first folder below the package's: of a package that is built
 * into `dist`, that, and not its sources.
 */
function watchedFolder(
  { folder, specifier }: PluginEntry,
  dataDir: string,
): { readonly folder: string; readonly deep: boolean } {
  const module = fileURLToPath(specifier);
  const [first] = folder === undefined ? [] : relative(folder, dirname(module)).split(sep);
  const watched = real(folder === undefined ? dirname(module) : join(folder, first ?? ''));
  return { folder: watched, deep: !`${real(resolve(dataDir))}${sep}`.startsWith(`${watched}${sep}`) };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
