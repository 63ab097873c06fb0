import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { queryAsAdmin } from '../support/gateway/admin-database.ts';
import { SLOW_STRATEGIES } from '../support/gateway/backtests.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { AAPL_DAYS, runSweep, sweepStandsAt } from '../support/gateway/sweeps.ts';
import { until } from '../support/gateway/until.ts';

/* Who works on a sweep may die in the middle of it: it comes to the same, and every run is stored once. */
jest.setTimeout(300_000);

/** Longer than a lost process goes unnoticed, on a busy machine. */
const PATIENCE_MS = 120_000;
const RUNS = 10;
/** Runs of half a second or so. */
const INPUT = {
  backtest: { ...AAPL_DAYS, strategy: 'slow', from: '2017-01-01T00:00:00Z', to: '2017-12-31T00:00:00Z' },
  space: { blockMs: Array.from({ length: RUNS }, (_, index) => 2 + index / 100) },
};

let cluster: Cluster;
let folder: string;
let gateways: readonly [ClusterGateway, ClusterGateway];
let hash: string | null;

beforeAll(async () => {
  folder = makeDataDir('sweep-kills');
  mkdirSync(folder, { recursive: true });
  const plugins = join(folder, 'plugins.json');
  writeFileSync(plugins, JSON.stringify([{ plugin: SLOW_STRATEGIES }]));
  cluster = await startCluster({ gateways: 2, env: { PLUGINS_FILE: plugins, BACKTEST_WORKERS: '1' } });
  gateways = cluster.gateways as [ClusterGateway, ClusterGateway];
  const first = await runSweep(cluster.client, INPUT);
  const undisturbed = await sweepStandsAt(cluster.client, first, 'COMPLETED', PATIENCE_MS);
  expect(undisturbed).toMatchObject({ evaluated: RUNS, failed: 0 });
  hash = undisturbed.resultHash;
});
afterAll(async () => {
  await cluster.close();
  await removeDataDir(folder);
});

/** One that does runs of the sweep, of which some are stored already. */
const atWork = (id: string): Promise<ClusterGateway> =>
  until(`work on ${id}`, async () => {
    const rows = await queryAsAdmin<{ readonly run_id: string }>(
      cluster.dataDir,
      `SELECT run_id FROM sweep_task JOIN sweep ON id = sweep_id WHERE sweep_id = $1 AND run_id IS NOT NULL
          AND evaluated > 0`,
      [id],
    );
    return (
      gateways.find(({ life }) => rows.some(({ run_id: run }) => run.includes(`-${String(life.pid)}-`))) ??
      null
    );
  });

const stored = async (id: string): Promise<number> => {
  const rows = await queryAsAdmin<{ readonly key: string; readonly times: string }>(
    cluster.dataDir,
    'SELECT key, count(*) AS times FROM sweep_evaluation WHERE sweep_id = $1 GROUP BY key',
    [id],
  );
  expect(rows.filter(({ times }) => Number(times) !== 1)).toEqual([]);
  return rows.length;
};

describe('several gateways', () => {
  it('come to the same when one of them is killed in the middle', async () => {
    const id = await runSweep(cluster.client, INPUT);
    const victim = await atWork(id);
    await victim.kill9();
    const survivor = cluster.at(cluster.otherThan(victim));
    const standing = await sweepStandsAt(survivor, id, 'COMPLETED', PATIENCE_MS);
    expect(standing).toMatchObject({ resultHash: hash, evaluated: RUNS, failed: 0 });
    expect(await stored(id)).toBe(RUNS);
    await victim.start();
  });

  it('hand over what one that is stopped has not done', async () => {
    const id = await runSweep(cluster.client, INPUT);
    const leaving = await atWork(id);
    await leaving.drain();
    const staying = cluster.at(cluster.otherThan(leaving));
    const standing = await sweepStandsAt(staying, id, 'COMPLETED', PATIENCE_MS);
    expect(standing).toMatchObject({ resultHash: hash, evaluated: RUNS, failed: 0 });
    expect(await stored(id)).toBe(RUNS);
  });
});
