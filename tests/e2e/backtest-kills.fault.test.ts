import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { queryAsAdmin } from '../support/gateway/admin-database.ts';
import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { runBacktest, SLOW_STRATEGIES, standingOf, standsAt } from '../support/gateway/backtests.ts';
import { makeDataDir, makeEmptyDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { until } from '../support/gateway/until.ts';

/* Who does a backtest may die in the middle of it: it is done all the same, with the same result. */
jest.setTimeout(300_000);

/** Longer than a lost process goes unnoticed, on a busy machine. */
const PATIENCE_MS = 120_000;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FLAGS = [
  '--conditions=omniquant:source',
  '--import',
  './hooks.mjs',
  '--disable-warning=ExperimentalWarning',
];
const SLOW = { strategy: 'slow', config: { blockMs: 6 } };
const SAVED_OFTEN = { BACKTEST_SAVE_MS: '200' };

interface Run {
  readonly attempts: number;
  readonly run_id: string | null;
}

async function runOf(dataDir: string, id: string): Promise<Run> {
  const [row] = await queryAsAdmin<Run & { readonly id: string }>(
    dataDir,
    'SELECT id, attempts, run_id FROM backtest WHERE id = $1',
    [id],
  );
  if (row === undefined) throw new Error(`there is no backtest ${id}`);
  return row;
}

function listSlowStrategies(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'plugins.json');
  writeFileSync(file, JSON.stringify([{ plugin: SLOW_STRATEGIES }]));
  return file;
}

/** Until some of it is done. */
const isUnderWay = (client: ApiClient, id: string): Promise<unknown> =>
  until(`progress of ${id}`, async () => (await standingOf(client, id)).progress > 0, PATIENCE_MS);

/** Where a worker says that its health and metrics are. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('its output is not read');
  for await (const line of createInterface(stdout)) {
    const [, address] = /^Health and metrics at (\S+)$/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('it ended without saying where they are');
}

/** How far it is when a run has something to tell. */
const firstProgress = (client: ApiClient, id: string): Promise<number> =>
  until(
    `progress of ${id}`,
    async () => {
      const { progress } = await standingOf(client, id);
      return progress > 0 && progress;
    },
    PATIENCE_MS,
  );

/** How far it was, at least, when it was last saved. */
async function savedBeyond(client: ApiClient, dataDir: string, id: string): Promise<number> {
  const savedAt = async (): Promise<unknown> => {
    const rows = await queryAsAdmin<{ readonly saved_at: unknown }>(
      dataDir,
      'SELECT saved_at FROM backtest_save WHERE backtest_id = $1',
      [id],
    );
    return rows[0]?.saved_at;
  };
  const progress = await firstProgress(client, id);
  // The first of two may have been taken before that, and be written only now.
  for (let saves = 0; saves < 2; saves += 1) {
    const before = String(await savedAt());
    await until('another snapshot', async () => String(await savedAt()) !== before);
  }
  return progress;
}

describe('a gateway that is killed in the middle of a backtest', () => {
  let dataDir: string;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    dataDir = makeDataDir('backtest-kill');
    listSlowStrategies(dataDir);
    gateway = await startGatewayProcess({ dataDir, env: SAVED_OFTEN });
  });
  afterAll(async () => {
    if (gateway.isRunning) await gateway.stop();
    await removeDataDir(dataDir);
  });

  it('goes on with it from where it was saved when it is started again, to the same hash', async () => {
    const client = await signIn(() => gateway.address, gateway.demo);
    const undisturbed = await standsAt(client, await runBacktest(client, SLOW), 'COMPLETED', PATIENCE_MS);
    const id = await runBacktest(client, SLOW);
    const waiting = await runBacktest(client);
    const saved = await savedBeyond(client, dataDir, id);
    await gateway.kill9();
    gateway = await startGatewayProcess({ dataDir, env: SAVED_OFTEN });
    const again = await signIn(() => gateway.address, gateway.demo);
    await until('the next run', async () => (await runOf(dataDir, id)).attempts === 2, PATIENCE_MS);
    expect(await firstProgress(again, id)).toBeGreaterThanOrEqual(saved);
    const standing = await standsAt(again, id, 'COMPLETED', PATIENCE_MS);
    expect(standing.resultHash).toBe(undisturbed.resultHash);
    expect((await runOf(dataDir, id)).attempts).toBe(2);
    await standsAt(again, waiting, 'COMPLETED', PATIENCE_MS);
  });
});

describe('several processes on one database', () => {
  let cluster: Cluster;
  let first: ClusterGateway;
  let second: ClusterGateway;
  /** Of the worker. */
  let folder: string;
  let pluginsFile: string;
  let hash: string | null;
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    folder = makeEmptyDataDir('backtest-worker');
    pluginsFile = listSlowStrategies(folder);
    cluster = await startCluster({ gateways: 2, env: { PLUGINS_FILE: pluginsFile } });
    [first, second] = cluster.gateways as [ClusterGateway, ClusterGateway];
  });
  afterAll(async () => {
    for (const worker of workers.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )) {
      worker.kill('SIGKILL');
      await once(worker, 'exit');
    }
    await cluster.close();
    await removeDataDir(folder);
  });

  const placeOf = async (id: string): Promise<ClusterGateway> => {
    const { run_id: runId } = await runOf(cluster.dataDir, id);
    const found = [first, second].find(({ life }) => runId?.includes(`-${String(life.pid)}-`) === true);
    if (found === undefined) throw new Error(`nobody here has the run ${String(runId)}`);
    return found;
  };

  it('take over from one that is killed, and come to the same hash', async () => {
    const before = await standsAt(
      cluster.client,
      await runBacktest(cluster.client, SLOW),
      'COMPLETED',
      PATIENCE_MS,
    );
    hash = before.resultHash;
    const id = await runBacktest(cluster.client, SLOW);
    await isUnderWay(cluster.client, id);
    const victim = await placeOf(id);
    const survivor = victim === first ? second : first;
    await victim.kill9();
    const standing = await standsAt(cluster.at(survivor), id, 'COMPLETED', PATIENCE_MS);
    expect(standing.resultHash).toBe(hash);
    expect(await placeOf(id)).toBe(survivor);
    expect((await runOf(cluster.dataDir, id)).attempts).toBe(2);
    await victim.start();
  });

  it('hand over what they have done when one is stopped, which does not count', async () => {
    const id = await runBacktest(cluster.client, SLOW);
    const done = await firstProgress(cluster.client, id);
    const leaving = await placeOf(id);
    const staying = leaving === first ? second : first;
    await leaving.drain();
    await until('the next run', async () => (await runOf(cluster.dataDir, id)).run_id !== null, PATIENCE_MS);
    expect(await placeOf(id)).toBe(staying);
    expect(await firstProgress(cluster.at(staying), id)).toBeGreaterThanOrEqual(done);
    const standing = await standsAt(cluster.at(staying), id, 'COMPLETED', PATIENCE_MS);
    expect(standing.resultHash).toBe(hash);
    expect((await runOf(cluster.dataDir, id)).attempts).toBe(1);
    await leaving.start();
  });

  it('leave backtests to workers where they are told to', async () => {
    for (const gateway of [first, second]) {
      await gateway.drain();
      await gateway.start({ BACKTEST_WORKERS: '0' });
    }
    const id = await runBacktest(cluster.client, SLOW);
    const { port } = cluster.postgres;
    const worker = spawn(process.execPath, [...FLAGS, 'gateway/cli/main.ts', 'worker'], {
      cwd: ROOT,
      env: {
        ...{ PATH: process.env.PATH ?? '', NODE_ENV: 'test', LOG_LEVEL: 'warn', PLUGINS_FILE: pluginsFile },
        DATA_DIR: folder,
        DATABASE_URL: cluster.postgres.url('owner', port),
        DATABASE_APP_URL: cluster.postgres.url('app', port),
        DATABASE_WRITER_URL: cluster.postgres.url('writer', port),
        WORKER_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    workers.push(worker);
    const address = await addressOf(worker);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect((await standsAt(cluster.client, id, 'COMPLETED', PATIENCE_MS)).resultHash).toBe(hash);
    expect((await runOf(cluster.dataDir, id)).run_id).toContain(`-${String(worker.pid)}-`);
    // It is counted once the result has been stored.
    await until('the count of the worker', async () => {
      const metrics = await (await fetch(`${address}/metrics`)).text();
      return /omniquant_backtests_total\{result="COMPLETED"\} 1$/m.test(metrics);
    });
    worker.kill('SIGTERM');
    expect(await once(worker, 'exit')).toEqual([0, null]);
  });
});
