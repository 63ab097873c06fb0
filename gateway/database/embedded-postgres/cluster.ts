import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DatabaseError } from '../database-error.ts';
import { giveTo, type Placement } from './placement.ts';

export const SUPERUSER = 'postgres';

/**
 * Makes the data folder by initdb if there is none. It is made under another name and renamed, so
 * that an interrupted initdb leaves nothing that looks like a database.
 */
export async function ensureCluster(
  place: Placement,
  adminPassword: string,
  signal: AbortSignal,
): Promise<void> {
  if (existsSync(join(place.data, 'PG_VERSION'))) {
    await requireSameMajor(place, signal);
    return;
  }
  const draft = `${place.data}.new`;
  const passwordFile = `${place.data}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  giveTo(draft, place.runAs);
  writeFileSync(passwordFile, adminPassword, { mode: 0o600 });
  giveTo(passwordFile, place.runAs);
  try {
    await run(
      place,
      'initdb',
      [
        `--pgdata=${draft}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
      ],
      signal,
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, place.data);
}

/** Environment of the server's processes: none of the gateway's settings and secrets reach them. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

async function requireSameMajor(place: Placement, signal: AbortSignal): Promise<void> {
  const ofData = readFileSync(join(place.data, 'PG_VERSION'), 'utf8').trim();
  const version = await run(place, 'postgres', ['--version'], signal);
  const ofBinaries = /(\d+)/.exec(version)?.[1];
  if (ofData !== ofBinaries) {
    throw new DatabaseError(
      'EMBEDDED_POSTGRES',
      `${place.data} was made by PostgreSQL ${ofData} and the binaries are of ${String(ofBinaries)}: ` +
        'dump it with the old version and restore it, or set another DATA_DIR',
    );
  }
}

function run(
  place: Placement,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(place.binaries, program), args, {
      cwd: place.home,
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGTERM',
      ...place.runAs,
    });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (cause) => {
      reject(
        new DatabaseError('EMBEDDED_POSTGRES', `${program} could not be run: ${cause.message}`, { cause }),
      );
    });
    child.on('close', (code) => {
      if (code === 0) {
        resolve(output);
      } else {
        const said = output.trim().split('\n').slice(-5).join(' ');
        reject(new DatabaseError('EMBEDDED_POSTGRES', `${program} failed (${String(code)}): ${said}`));
      }
    });
  });
}
