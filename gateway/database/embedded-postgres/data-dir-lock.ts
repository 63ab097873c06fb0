import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DatabaseError } from '../database-error.ts';
import { processIdentity } from './process-identity.ts';

export interface DataDirLock {
  release(): void;
}

const ATTEMPTS = 5;

/**
 * One gateway a DATA_DIR. The lock is a file that names its owner by process id and start time, so
 * that one left behind by a killed process is recognised and taken over. It appears by link(2), whole
 * or not at all. Throws DatabaseError DATA_DIR_IN_USE.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const path = join(dataDir, 'gateway.lock');
  const own = processIdentity(process.pid) ?? String(process.pid);
  const draft = `${path}.${String(process.pid)}`;
  writeFileSync(draft, own, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (tryLink(draft, path)) {
        return {
          release: () => {
            releaseIfOwn(path, own);
          },
        };
      }
      const owner = readIfThere(path);
      if (owner !== null) {
        refuseIfAlive(owner, dataDir);
        setAside(path, owner);
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new DatabaseError(
    'DATA_DIR_IN_USE',
    `DATA_DIR ${dataDir} is being taken by another gateway at this moment`,
  );
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function refuseIfAlive(owner: string, dataDir: string): void {
  const pid = Number(owner.split(' ', 1)[0]);
  if (processIdentity(pid) === owner) {
    throw new DatabaseError(
      'DATA_DIR_IN_USE',
      `DATA_DIR ${dataDir} is in use by the gateway with process id ${String(pid)}: stop that one, or set another DATA_DIR`,
    );
  }
}

/** Removes the lock of a dead owner; puts it back when another process has taken it in between. */
function setAside(path: string, deadOwner: string): void {
  const aside = `${path}.stale-${String(process.pid)}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readIfThere(aside) !== deadOwner) {
    tryLink(aside, path);
  }
  rmSync(aside, { force: true });
}

function releaseIfOwn(path: string, own: string): void {
  if (readIfThere(path) === own) rmSync(path, { force: true });
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
