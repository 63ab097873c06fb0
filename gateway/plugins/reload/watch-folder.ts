import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

export interface FolderWatch {
  close(): void;
}

export interface FolderWatchOptions {
  readonly folder: string;
  /** Folders in it are watched, too: new ones as soon as they are there. */
  readonly deep: boolean;
  /** How long it has to be quiet before a change is told, ms: a build writes many files. */
  readonly quietMs: number;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Tells that something in a folder was saved. Folders are watched rather than files, so that editors that put a
 * new file in the old one's place are noticed; those of installed packages, and hidden ones, are left out.
 */
export function watchFolder({ deep, folder, onChange, onError, quietMs }: FolderWatchOptions): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  let quiet: NodeJS.Timeout | null = null;
  let isClosed = false;

  function noticed(): void {
    if (isClosed) return;
    if (quiet !== null) clearTimeout(quiet);
    quiet = setTimeout(() => {
      quiet = null;
      if (deep) watchAll(folder);
      onChange();
    }, quietMs);
  }

  function forget(path: string): void {
    watchers.get(path)?.close();
    watchers.delete(path);
  }

  function watchAll(path: string): void {
    try {
      if (!watchers.has(path)) {
        const watcher = watch(path, noticed);
        // A folder that was removed ends its watch; whatever comes in its place is found by its parent's.
        watcher.on('error', () => {
          forget(path);
        });
        watchers.set(path, watcher);
      }
      if (!deep) return;
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        if (entry.isDirectory() && isOwn(entry.name)) watchAll(join(path, entry.name));
      }
    } catch (error) {
      forget(path);
      onError(error);
    }
  }

  watchAll(folder);
  return {
    close() {
      isClosed = true;
      if (quiet !== null) clearTimeout(quiet);
      for (const path of [...watchers.keys()]) forget(path);
    },
  };
}

const isOwn = (name: string): boolean => name !== 'node_modules' && !name.startsWith('.');
