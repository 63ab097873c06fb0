import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/** Puts a file that is whole in its place: after a crash there is the old one or the new one. */
export function renameDurably(from: string, to: string): void {
  sync(from);
  renameSync(from, to);
  // Windows has no folders to be synced; renaming is durable there by itself.
  if (process.platform !== 'win32') sync(dirname(to));
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
