import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import type { BacktestRow } from '../../../core/ports/backtests.ts';
import type { Bus } from '../../../core/ports/bus.ts';
import { startBacktestWorkers } from '../../../gateway/backtests/jobs/backtest-workers.ts';
import type { ExecuteBacktest } from '../../../gateway/backtests/jobs/run-queued-backtest.ts';
import { createLocalBus } from '../../../gateway/cluster/local-bus.ts';
import { createBacktestRuns } from '../../../gateway/database/backtests/backtest-runs.ts';
import {
  type BacktestStore,
  createBacktestStore,
} from '../../../gateway/database/backtests/backtest-store.ts';
import { createJobQueue, type JobQueue } from '../../../gateway/database/backtests/job-queue.ts';
import { JOB_QUEUE_VERSION } from '../../../gateway/database/backtests/job-queue-schema.ts';
import { packBacktest } from '../../../gateway/database/backtests/packed-backtest.ts';
import { JobError } from '../../../gateway/plugins/isolation/job-error.ts';
import { createSystemClock } from '../../../gateway/system/system-clock.ts';
import { backtestResult } from '../../support/backtest-fixtures.ts';
import { until } from '../../support/gateway/until.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

/* Stand-ins do the backtests: what is tested is who does which, and what is kept of it. */

const signal = AbortSignal.timeout(120_000);
const packed = packBacktest(backtestResult(3, 3));

let store: TestStore;
let backtests: BacktestStore;
let adding: JobQueue;
let bus: Bus;
const open: { close(): Promise<void> }[] = [];

const queueOf = (): JobQueue =>
  createJobQueue({ pool: store.connect('writer'), log: () => undefined, timing: { pollSeconds: 0.5 } });

beforeAll(async () => {
  store = await openTestStore();
  bus = createLocalBus(() => undefined);
  adding = queueOf();
  backtests = createBacktestStore(store.connect('app'), adding.add);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((workers) => workers.close()));
});
afterAll(async () => {
  await adding.close();
  await bus.close();
  await store.close();
});

/** A process that does backtests. */
function startWorkers(execute: ExecuteBacktest, limits: { size?: number; mostOfWorkspace?: number } = {}) {
  const workers = startBacktestWorkers({
    worker: 'test',
    ...{ queue: queueOf(), runs: createBacktestRuns(store.connect('writer')), execute, bus },
    ...{ clock: createSystemClock(), size: 2, mostOfWorkspace: 2, lookEveryMs: 50, ...limits },
    mostBatchesOfWorkspace: 1,
    sweeps: { run: () => Promise.reject(new Error('no sweeps here')) },
    telemetry: {
      ...{ count: () => undefined, gauge: () => undefined },
      ...{ log: () => undefined, observe: () => undefined },
    },
  });
  open.push(workers);
  return workers;
}

const newRow = () => ({
  ...{ id: randomUUID(), request: '{}', settings: '{}' },
  ...{ settingsHash: 'h', createdBy: 'user:x', createdAt: 1 },
});

async function add(workspaceId: string): Promise<string> {
  const row = newRow();
  const { id } = row;
  expect(await backtests.add(workspaceId, row, 100, signal)).not.toBeNull();
  bus.publish('backtest', { backtestId: id, workspaceId, change: 'QUEUED' });
  return id;
}

const ended = (workspaceId: string, id: string, status: BacktestRow['status']): Promise<BacktestRow> =>
  until(`${id} ${status}`, async () => {
    const row = await backtests.find(workspaceId, id, signal);
    return row?.status === status ? row : null;
  });

/** Goes on until it is told to stop, and has nothing to save. */
const endless: ExecuteBacktest = (_backtest, { onSaved, saveNow, signal: aborted }) =>
  new Promise((_resolve, reject) => {
    saveNow.addEventListener('abort', () => {
      onSaved(null);
    });
    const giveUp = (): void => {
      reject(new JobError('JOB_ABORTED', 'given up'));
    };
    if (aborted.aborted) giveUp();
    else aborted.addEventListener('abort', giveUp);
  });

describe('the queue of backtests', () => {
  it('has the tables of the version of pg-boss that is installed', async () => {
    expect(await store.admin('SELECT version FROM pgboss.version')).toEqual([{ version: JOB_QUEUE_VERSION }]);
  });

  it('lets requests add jobs, and neither read nor change those of others', async () => {
    await add(await store.workspace());
    const app = store.connect('app');
    for (const text of [
      'SELECT data FROM pgboss.job_common',
      'UPDATE pgboss.job_common SET priority = 1',
      'DELETE FROM pgboss.job_common',
      'CREATE TABLE pgboss.mine (a int)',
    ]) {
      await expect(app.query({ text }, signal)).rejects.toThrow(/permission denied/);
    }
  });

  it('has no job of a backtest that was not kept', async () => {
    const mine = await store.workspace();
    const row = newRow();
    const failing = createBacktestStore(store.connect('app'), async (job, transaction) => {
      await adding.add(job, transaction);
      throw new Error('the gateway stumbles');
    });
    await expect(failing.add(mine, row, 100, signal)).rejects.toThrow('stumbles');
    const jobs = await store.admin(`SELECT FROM pgboss.job_common WHERE data ->> 'backtestId' = $1`, [
      row.id,
    ]);
    expect(jobs).toEqual([]);
  });

  it('has its jobs done, with their progress on the way', async () => {
    const mine = await store.workspace();
    const id = await add(mine);
    const gate = Promise.withResolvers<undefined>();
    startWorkers(async (_backtest, { onProgress }) => {
      onProgress(0.5);
      await gate.promise;
      return packed;
    });
    try {
      await until('its progress', async () => (await backtests.find(mine, id, signal))?.progress === 0.5);
    } finally {
      gate.resolve(undefined);
    }
    const row = await ended(mine, id, 'COMPLETED');
    expect(row).toMatchObject({ progress: 1, resultHash: packed.resultHash, error: null });
  });

  it('keeps why a backtest could not be done', async () => {
    const mine = await store.workspace();
    const id = await add(mine);
    startWorkers(() => Promise.reject(new JobError('JOB_OUT_OF_MEMORY', 'it held too much')));
    const row = await ended(mine, id, 'FAILED');
    expect(row.error).toEqual({ code: 'OUT_OF_MEMORY', message: 'it held too much' });
  });

  it('ends one that is called off in the middle, also where nobody told of it', async () => {
    const mine = await store.workspace();
    const id = await add(mine);
    const stopped = Promise.withResolvers<undefined>();
    startWorkers((backtest, options) =>
      endless(backtest, options).finally(() => {
        stopped.resolve(undefined);
      }),
    );
    await ended(mine, id, 'RUNNING');
    await backtests.cancel(mine, id, { actor: 'user:x', at: 2 }, signal);
    await stopped.promise;
    expect(await ended(mine, id, 'CANCELED')).toMatchObject({ resultHash: null });
  });

  it('does not begin one that was called off while it waited', async () => {
    const mine = await store.workspace();
    const [id, next] = [await add(mine), await add(mine)];
    await backtests.cancel(mine, id, { actor: 'user:x', at: 2 }, signal);
    const done: string[] = [];
    startWorkers((backtest) => {
      done.push(backtest.id);
      return Promise.resolve(packed);
    });
    await ended(mine, next, 'COMPLETED');
    expect(done).not.toContain(id);
  });

  it('goes on elsewhere when a process is stopped, and that attempt does not count', async () => {
    const mine = await store.workspace();
    const id = await add(mine);
    const first = startWorkers(endless);
    await ended(mine, id, 'RUNNING');
    await first.close();
    expect(await backtests.find(mine, id, signal)).toMatchObject({ status: 'QUEUED', progress: 0 });
    const attempts: number[] = [];
    startWorkers((backtest) => {
      if (backtest.id === id) attempts.push(backtest.attempt);
      return Promise.resolve(packed);
    });
    await ended(mine, id, 'COMPLETED');
    expect(attempts).toEqual([1]);
  });

  it('goes on from what was saved last, and keeps it no longer than the backtest runs', async () => {
    const mine = await store.workspace();
    const id = await add(mine);
    const text = (content: Uint8Array | null): string | null => content && Buffer.from(content).toString();
    const isUnderWay = Promise.withResolvers<undefined>();
    const first = startWorkers((backtest, options) => {
      isUnderWay.resolve(undefined);
      options.onSaved(Buffer.from('early'));
      options.onSaved(Buffer.from('earlier'));
      options.saveNow.addEventListener('abort', () => {
        options.onSaved(Buffer.from('at the end'));
      });
      return endless(backtest, { ...options, onSaved: () => undefined });
    });
    await isUnderWay.promise;
    await first.close();
    const found: (string | null)[] = [];
    startWorkers((backtest) => {
      if (backtest.id === id) found.push(text(backtest.saved));
      return Promise.resolve(packed);
    });
    await ended(mine, id, 'COMPLETED');
    expect(found).toEqual(['at the end']);
    expect(await store.admin('SELECT FROM backtest_save WHERE backtest_id = $1', [id])).toEqual([]);
  });

  it('gives one workspace no more than its share, and others theirs', async () => {
    const [greedy, other] = [await store.workspace(), await store.workspace()];
    const many = await Promise.all(Array.from({ length: 5 }, () => add(greedy)));
    const one = await add(other);
    let now = 0;
    let most = 0;
    const gate = Promise.withResolvers<undefined>();
    startWorkers(
      async (backtest) => {
        if (backtest.workspaceId === greedy) {
          now += 1;
          most = Math.max(most, now);
          await gate.promise;
          now -= 1;
        }
        return packed;
      },
      { size: 4, mostOfWorkspace: 1 },
    );
    try {
      await ended(other, one, 'COMPLETED');
    } finally {
      gate.resolve(undefined);
    }
    for (const id of many) await ended(greedy, id, 'COMPLETED');
    expect(most).toBe(1);
  });

  it('gives it no more than its share to processes that look in the same instant', async () => {
    const greedy = await store.workspace();
    const many = await Promise.all(Array.from({ length: 4 }, () => add(greedy)));
    // Whoever takes a job is held up before anybody else can see that it is taken.
    await store.admin(`CREATE FUNCTION public.hold_up() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NEW; END'`);
    await store.admin(`CREATE TRIGGER hold_up BEFORE UPDATE ON pgboss.job_common FOR EACH ROW
      WHEN (NEW.state = 'active' AND OLD.state <> 'active') EXECUTE FUNCTION public.hold_up()`);
    await store.admin('SELECT pg_advisory_lock(4711)');
    let [now, most] = [0, 0];
    const gate = Promise.withResolvers<undefined>();
    const slow: ExecuteBacktest = async () => {
      now += 1;
      most = Math.max(most, now);
      await gate.promise;
      now -= 1;
      return packed;
    };
    try {
      for (let process = 0; process < 2; process += 1) startWorkers(slow, { mostOfWorkspace: 1 });
      await until('four that want a job', async () => {
        const [row] = await store.admin(`SELECT count(*)::int AS waiting FROM pg_locks
          WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
        return row?.['waiting'] === 4;
      });
      await store.admin('SELECT pg_advisory_unlock(4711)');
      await until('no other one that waits', async () => {
        const [row] = await store.admin(
          `SELECT count(*)::int AS taken FROM pgboss.job_common
          WHERE state = 'active' AND group_id = $1`,
          [greedy],
        );
        return row?.['taken'] !== 0 && now === row?.['taken'];
      });
    } finally {
      gate.resolve(undefined);
      await store.admin('SELECT pg_advisory_unlock_all()');
    }
    for (const id of many) await ended(greedy, id, 'COMPLETED');
    await store.admin('DROP TRIGGER hold_up ON pgboss.job_common');
    expect(most).toBe(1);
  });
});
