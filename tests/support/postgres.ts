import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

import { ensureCluster } from '../../gateway/database/embedded-postgres/cluster.ts';
import { placePostgres } from '../../gateway/database/embedded-postgres/placement.ts';
import {
  adminUrl,
  databaseUrl,
  findServer,
  launchServer,
  stopServer,
} from '../../gateway/database/embedded-postgres/server.ts';
import { migrate } from '../../gateway/database/migrations/migrate.ts';
import { createRolesAndDatabase, type DatabaseRole, ROLE_NAMES } from '../../gateway/database/roles.ts';

/** A migrated database of its own, cloned from a template. */
export interface TestDatabase {
  url(role: DatabaseRole): string;
  /** As the superuser, to look past row-level security and to break things. */
  readonly adminUrl: string;
  /** Drops the database, whoever is still connected. */
  drop(): Promise<unknown>;
}

const TEMPLATE = 'omniquant_template';
const PASSWORD = 'only-for-tests';
const PASSWORDS = { owner: PASSWORD, app: PASSWORD, writer: PASSWORD };
/** No test loses the machine; a lost process is all that durability is tested against. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };

/** Set by global-setup.ts, the same for all workers of a run. */
const folderOfRun = (): string => {
  const folder = process.env.TEST_POSTGRES_DIR;
  if (folder === undefined) throw new Error('tests/support/global-setup.ts has not run');
  return folder;
};

/** The first test that asks starts the server of the run; global-teardown.ts stops it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const port = await serverOfRun();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(port, (admin) =>
    admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER ${ROLE_NAMES.owner}`),
  );
  return {
    url: (role) => databaseUrl(ROLE_NAMES[role], PASSWORD, port, name),
    adminUrl: adminUrl(port, PASSWORD, name),
    drop: () => asAdmin(port, (admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`)),
  };
}

/** Stops the server of a run, if one was started, and removes what it left. */
export async function stopTestServer(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const running = findServer(placePostgres(folder));
  if (running !== null) await stopServer(running.pid, 10_000);
  rmSync(folder, { recursive: true, force: true });
}

async function serverOfRun(): Promise<number> {
  const folder = folderOfRun();
  const ready = join(folder, 'ready.json');
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  if (!existsSync(ready)) {
    if (isFirst(folder)) await startServer(folder, ready);
    else await waitFor(ready);
  }
  return (JSON.parse(readFileSync(ready, 'utf8')) as { port: number }).port;
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(join(folder, 'starting'));
    return true;
  } catch {
    return false;
  }
}

async function waitFor(path: string): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end;) {
    if (existsSync(path)) return;
    await sleep(50);
  }
  throw new Error('the PostgreSQL of this test run did not start');
}

async function startServer(folder: string, ready: string): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  const place = placePostgres(folder);
  await ensureCluster(place, PASSWORD, signal);
  const { port } = await launchServer(place, PASSWORD, { settings: SETTINGS, signal });
  await asAdmin(port, async (admin) => {
    await createRolesAndDatabase(admin, PASSWORDS, TEMPLATE);
  });
  await migrate(databaseUrl(ROLE_NAMES.owner, PASSWORD, port, TEMPLATE), { deriveRoles: false, signal });
  writeFileSync(`${ready}.new`, JSON.stringify({ port }));
  renameSync(`${ready}.new`, ready);
}

async function asAdmin<T>(port: number, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: adminUrl(port, PASSWORD) });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
