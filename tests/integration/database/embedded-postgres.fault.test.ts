import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../gateway/database/embedded-postgres.ts';
import { lockDataDir } from '../../../gateway/database/embedded-postgres/data-dir-lock.ts';
import { placePostgres } from '../../../gateway/database/embedded-postgres/placement.ts';
import { isAlive } from '../../../gateway/database/embedded-postgres/process-identity.ts';
import { findServer, stopServer } from '../../../gateway/database/embedded-postgres/server.ts';
import { checkSchema, migrate } from '../../../gateway/database/migrations/migrate.ts';

const signal = AbortSignal.timeout(300_000);
const child = fileURLToPath(new URL('./start-postgres.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

let base: string;
let dataDir: string;
let open: EmbeddedPostgres[];
let children: ChildProcess[];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'omniquant-embedded-'));
  chmodSync(base, 0o711);
  dataDir = join(base, 'a path with spaces', 'data');
  open = [];
  children = [];
});
afterEach(async () => {
  for (const postgres of open) await postgres.close();
  for (const process of children) process.kill('SIGKILL');
  if (existsSync(dataDir)) {
    const running = findServer(placePostgres(dataDir));
    if (running !== null) await stopServer(running.pid, 10_000);
  }
  rmSync(base, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, signal });
  open.push(postgres);
  return postgres;
}
async function stop(postgres: EmbeddedPostgres): Promise<void> {
  open = open.filter((other) => other !== postgres);
  await postgres.close();
}
async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}
/** Starts it in another process, as a gateway does; answers when that says it is ready, with its last line otherwise. */
async function startElsewhere(): Promise<{ readonly process: ChildProcess; readonly said: string }> {
  const process_ = spawn(process.execPath, [child, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(process_);
  let said = '';
  for await (const chunk of process_.stdout as AsyncIterable<Buffer>) {
    said += chunk.toString();
    if (said.includes('\n')) break;
  }
  return { process: process_, said: said.trim() };
}

describe('the embedded PostgreSQL', () => {
  it('starts in a path with spaces, keeps what was written, and stops', async () => {
    const first = await start();
    await migrate(first.url('owner'), { deriveRoles: false, signal });
    const before = await ask(first.url('app'), 'SELECT id, venue_prefix FROM installation');
    const pid = findServer(placePostgres(dataDir))?.pid ?? 0;
    await stop(first);
    expect(isAlive(pid)).toBe(false);

    const second = await start();
    expect(await ask(second.url('writer'), 'SELECT id, venue_prefix FROM installation')).toEqual(before);
    await migrate(second.url('owner'), { deriveRoles: false, signal });
    expect(await ask(second.url('app'), 'SELECT id, venue_prefix FROM installation')).toEqual(before);
  });

  it('keeps its passwords to itself and does not listen beyond this machine', async () => {
    const postgres = await start();
    expect(statSync(join(dataDir, 'database.json')).mode & 0o777).toBe(0o600);
    const wrong = new URL(postgres.url('app'));
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await ask(postgres.adminUrl, 'SHOW listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
    expect(
      await ask(
        postgres.adminUrl,
        `SELECT current_setting('fsync') || current_setting('synchronous_commit') AS s`,
      ),
    ).toEqual([{ s: 'onon' }]);
  });

  it('refuses a second gateway on the same folder, in one line, and takes the folder of a killed one over', async () => {
    const { process: gateway, said } = await startElsewhere();
    expect(said).toBe('ready');
    const again = await startElsewhere();
    expect(again.said).toMatch(/^DATA_DIR_IN_USE DATA_DIR .* is in use by the gateway with process id \d+/);

    const server = findServer(placePostgres(dataDir));
    gateway.kill('SIGKILL');
    await new Promise((resolve) => gateway.once('exit', resolve));
    expect(isAlive(server?.pid ?? 0)).toBe(true);
    const adopter = await start();
    expect(findServer(placePostgres(dataDir))?.pid).toBe(server?.pid);
    expect(await ask(adopter.url('app'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('stops a leftover that does not answer and starts a new one', async () => {
    const { process: gateway } = await startElsewhere();
    gateway.kill('SIGKILL');
    await new Promise((resolve) => gateway.once('exit', resolve));
    const hanging = findServer(placePostgres(dataDir))?.pid ?? 0;
    process.kill(hanging, 'SIGSTOP');
    const stopping = start();
    // A stopped process takes signals when it goes on; immediate shutdown has no effect before.
    setTimeout(() => {
      process.kill(hanging, 'SIGCONT');
    }, 5_000);
    const postgres = await stopping;
    expect(isAlive(hanging)).toBe(false);
    expect(await ask(postgres.url('app'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is started again, at the same address, when it dies', async () => {
    const postgres = await start();
    const pid = findServer(placePostgres(dataDir))?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    for (;;) {
      const now = findServer(placePostgres(dataDir));
      const up =
        now !== null && now.pid !== pid && (await ask(postgres.url('app'), 'SELECT 1').catch(() => null));
      if (up) break;
      await sleep(50);
    }
    expect(await ask(postgres.url('app'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  (isRoot ? it : it.skip)('runs as another user where root’s folders are closed to it', async () => {
    const closed = join(base, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    dataDir = join(closed, 'data');
    const postgres = await start();
    const { home } = placePostgres(dataDir);
    expect(home).toMatch(/^\/var\/lib\/omniquant\//);
    expect(await ask(postgres.url('app'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await stop(postgres);
    rmSync(home, { recursive: true, force: true });
  });
});

describe('the lock of a data folder', () => {
  beforeEach(() => {
    mkdirSync(dataDir, { recursive: true });
  });

  it('is free again after a release, and not before', () => {
    const lock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(expect.objectContaining({ code: 'DATA_DIR_IN_USE' }));
    lock.release();
    lockDataDir(dataDir).release();
    expect(existsSync(join(dataDir, 'gateway.lock'))).toBe(false);
  });

  it('is not kept by a process that has its number but began at another time', () => {
    const lock = lockDataDir(dataDir);
    const path = join(dataDir, 'gateway.lock');
    const owner = readFileSync(path, 'utf8');
    lock.release();
    rmSync(path, { force: true });
    writeFileSync(path, owner.replace(/ \d+/, ' 1'));
    lockDataDir(dataDir).release();
  });
});

describe('the schema', () => {
  it('is refused when a newer gateway has migrated it, or when nobody has', async () => {
    const postgres = await start();
    const client = new Client({ connectionString: postgres.url('owner') });
    await client.connect();
    await expect(checkSchema(client)).rejects.toMatchObject({ code: 'SCHEMA_NOT_READY' });
    await migrate(postgres.url('owner'), { deriveRoles: false, signal });
    await checkSchema(client);
    await client.query(`INSERT INTO mikro_orm_migrations (name) VALUES ('9999-from-the-future')`);
    await client.end();
    await expect(migrate(postgres.url('owner'), { deriveRoles: false, signal })).rejects.toMatchObject({
      code: 'SCHEMA_NEWER',
    });
  });

  it('is migrated by one of several that start together', async () => {
    const postgres = await start();
    await Promise.all([1, 2, 3].map(() => migrate(postgres.url('owner'), { deriveRoles: false, signal })));
    const rows = await ask(
      postgres.url('owner'),
      'SELECT name FROM mikro_orm_migrations GROUP BY name HAVING count(*) > 1',
    );
    expect(rows).toEqual([]);
  });
});
