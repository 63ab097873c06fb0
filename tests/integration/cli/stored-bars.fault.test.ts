import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';

import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { SweepResult } from '../../../core/sweeps/sweep-result.ts';
import { createConnectionPool } from '../../../gateway/database/connection-pool.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../gateway/database/embedded-postgres.ts';
import { migrate } from '../../../gateway/database/migrations/migrate.ts';
import { keepBars } from '../../support/backtest/kept-bars.ts';

jest.setTimeout(180_000);

const COMMAND = fileURLToPath(new URL('../../../bin/omniquant.mjs', import.meta.url));
const signal = AbortSignal.timeout(180_000);
const RUN = [
  ...['--strategy', 'sma-cross', '--symbols', 'AB/USD', '--interval', 'MINUTE_1', '--stored', '--json'],
  ...['--from', '1970-01-01T01:00:00Z'],
];

describe('bars in the embedded database, on the command line', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'omniquant-stored-'));
  let gateway: EmbeddedPostgres | null = null;

  beforeAll(async () => {
    // As root, a folder that PostgreSQL's user cannot enter would have its data elsewhere.
    chmodSync(dataDir, 0o711);
    gateway = await startEmbeddedPostgres({ dataDir, log: () => undefined, signal });
    await migrate(gateway.url('owner'), { deriveRoles: false, signal });
    const admin = new Client({ connectionString: gateway.adminUrl.replace(/\/postgres$/, '/omniquant') });
    await admin.connect();
    await admin.query(`INSERT INTO workspace (id, name, created_at) VALUES ('w', 'Desk', 0)`);
    await admin.end();
    const pool = createConnectionPool({
      ...{ url: gateway.url('writer'), name: 'test', max: 2, log: () => undefined },
      ...{ statementTimeoutMs: 30_000, lockTimeoutMs: 30_000 },
    });
    await keepBars(pool, 'AB/USD', 300);
    await pool.close();
  });
  afterAll(async () => {
    await gateway?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function omniquant<T>(...args: readonly string[]): Promise<T> {
    const env = { ...process.env, DATA_DIR: dataDir };
    const child = spawn(process.execPath, [COMMAND, ...args], { env });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }
  const backtest = () => omniquant<BacktestResult>('backtest', ...RUN, '--set', 'fast=5', '--set', 'slow=20');

  it('are run on while a gateway has it, by threads of sweeps, too, and while none has', async () => {
    const beside = await backtest();
    expect(beside).toMatchObject({ status: 'COMPLETED', counts: { bars: 300 } });
    expect(beside.counts.fills).toBeGreaterThan(3);

    const space = ['--space', 'fast=5', '--space', 'slow=20,40', '--objective', 'totalReturn'];
    const { result } = await omniquant<{ readonly result: SweepResult }>(
      ...['sweep', ...RUN, ...space, '--workers', '2'],
    );
    const same = result.search?.ranking.find(({ parameters }) => parameters['slow'] === 20);
    expect(same?.resultHash).toBe(beside.resultHash);

    await gateway?.close();
    gateway = null;
    expect((await backtest()).resultHash).toBe(beside.resultHash);
    // It was stopped again: a gateway can start.
    gateway = await startEmbeddedPostgres({ dataDir, log: () => undefined, signal });
  });

  it('are not looked for where no gateway has run, and nothing is made there', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'omniquant-empty-'));
    const env = { ...process.env, DATA_DIR: empty };
    const child = spawn(process.execPath, [COMMAND, 'backtest', ...RUN], { env });
    const [, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(stderr).toContain(`no gateway has ever run on DATA_DIR ${empty}`);
    rmSync(empty, { recursive: true });
  });
});
