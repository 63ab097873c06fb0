import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import type { Bus } from '../../../core/ports/bus.ts';
import type { SweepRow } from '../../../core/ports/sweeps.ts';
import { startBacktestWorkers } from '../../../gateway/backtests/jobs/backtest-workers.ts';
import { createLocalBus } from '../../../gateway/cluster/local-bus.ts';
import { createBacktestRuns } from '../../../gateway/database/backtests/backtest-runs.ts';
import { createBacktestStore } from '../../../gateway/database/backtests/backtest-store.ts';
import { createJobQueue, type JobQueue } from '../../../gateway/database/backtests/job-queue.ts';
import { packBacktest } from '../../../gateway/database/backtests/packed-backtest.ts';
import { createSweepClaims } from '../../../gateway/database/sweeps/sweep-claims.ts';
import { createSweepResults } from '../../../gateway/database/sweeps/sweep-results.ts';
import { createSweepStore, type SweepStore } from '../../../gateway/database/sweeps/sweep-store.ts';
import { JobError } from '../../../gateway/plugins/isolation/job-error.ts';
import { createSweepRunner } from '../../../gateway/sweeps/jobs/sweep-runner.ts';
import type { SweepWork } from '../../../gateway/sweeps/jobs/sweep-work.ts';
import { createSystemClock } from '../../../gateway/system/system-clock.ts';
import { backtestResult } from '../../support/backtest-fixtures.ts';
import { until } from '../../support/gateway/until.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';
import { testSummary, testSweep, testTask, testWork, TURNS } from '../../support/sweep-fixtures.ts';

/* A stand-in does the runs and the search: what is tested is who does which, and what is kept of it. */

const signal = AbortSignal.timeout(120_000);
const packed = packBacktest(backtestResult(1, 1));
const ALL = TURNS.flat().map((fast) => `k-${String(fast)}`);
const telemetry = {
  ...{ count: () => undefined, gauge: () => undefined },
  ...{ log: () => undefined, observe: () => undefined },
};
const timing = { pollSeconds: 0.5 };

let store: TestStore;
let sweeps: SweepStore;
let adding: JobQueue;
let bus: Bus;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  store = await openTestStore();
  bus = createLocalBus(() => undefined);
  adding = createJobQueue({ pool: store.connect('writer'), log: () => undefined, timing });
  sweeps = createSweepStore(store.connect('app'), adding.add);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((workers) => workers.close()));
});
afterAll(async () => {
  await adding.close();
  await bus.close();
  await store.close();
});

/** A process that does sweeps, and backtests in no time. */
function startWorkers(
  work: SweepWork,
  { done = [], size = 2 }: { readonly size?: number; readonly done?: string[] } = {},
) {
  const pool = store.connect('writer');
  const queue = createJobQueue({ pool, log: () => undefined, timing });
  const surroundings = { worker: 'test', bus, clock: createSystemClock(), telemetry, queue, lookEveryMs: 50 };
  const runner = createSweepRunner({
    ...{ ...surroundings, work, mostEvaluations: 20 },
    claims: createSweepClaims(pool, queue.add),
    results: createSweepResults(pool, queue.add),
  });
  const workers = startBacktestWorkers({
    ...{ ...surroundings, size, mostOfWorkspace: 2, mostBatchesOfWorkspace: 8, sweeps: runner },
    runs: createBacktestRuns(pool),
    execute({ id }) {
      done.push(id);
      return Promise.resolve(packed);
    },
  });
  let closing: Promise<void> | null = null;
  const process = {
    close() {
      runner.close();
      return (closing ??= workers.close());
    },
  };
  open.push(process);
  return process;
}

async function add(workspaceId: string): Promise<string> {
  const row = await sweeps.add(workspaceId, testSweep(), 100, signal);
  if (row === null) throw new Error('it was not taken');
  bus.publish('sweep', { sweepId: row.id, workspaceId, change: 'QUEUED' });
  return row.id;
}

const ended = (workspaceId: string, id: string, status: SweepRow['status']): Promise<SweepRow> =>
  until(`${id} ${status}`, async () => {
    const row = await sweeps.find(workspaceId, id, signal);
    return row?.status === status ? row : null;
  });

const keysOf = async (id: string): Promise<unknown[]> =>
  (await store.admin('SELECT key FROM sweep_evaluation WHERE sweep_id = $1 ORDER BY position', [id])).map(
    ({ key }) => key,
  );

describe('the queue of sweeps', () => {
  it('has all of them done, each evaluation once, by several processes', async () => {
    const mine = await store.workspace();
    const ids = [await add(mine), await add(mine)];
    const done: string[] = [];
    const work = testWork({
      evaluate(_sweep, tasks) {
        done.push(...tasks.map(({ key }) => key));
        return Promise.resolve(tasks.map((task) => testSummary(task, 700)));
      },
    });
    startWorkers(work);
    startWorkers(work);
    for (const id of ids) {
      const row = await ended(mine, id, 'COMPLETED');
      expect(row).toMatchObject({
        evaluated: 9,
        failed: 0,
        total: 9,
        resultHash: 'hash-of-9',
        leading: { score: 9 },
      });
      expect(await keysOf(id)).toEqual(ALL);
    }
    expect(done.sort()).toEqual([...ALL, ...ALL].sort());
  });

  it('does what takes its thread along alone, which then fails by itself', async () => {
    const mine = await store.workspace();
    const id = await add(mine);
    const batches: string[][] = [];
    startWorkers(
      testWork({
        evaluate(_sweep, tasks) {
          batches.push(tasks.map(({ key }) => key));
          return tasks.some(({ key }) => key === 'k-4')
            ? Promise.reject(new JobError('JOB_OUT_OF_MEMORY', 'it held too much'))
            : Promise.resolve(tasks.map((task) => testSummary(task)));
        },
      }),
      { size: 1 },
    );
    expect(await ended(mine, id, 'COMPLETED')).toMatchObject({ evaluated: 9, failed: 1 });
    expect(await keysOf(id)).toEqual(ALL);
    expect(batches.filter((keys) => keys.includes('k-4')).at(-1)).toEqual(['k-4']);
    const [row] = await store.admin(
      `SELECT summary FROM sweep_evaluation WHERE sweep_id = $1 AND key = 'k-4'`,
      [id],
    );
    expect(JSON.parse(String(row?.['summary']))).toMatchObject({
      failure: { code: 'OUT_OF_MEMORY', message: 'it held too much' },
    });
  });

  it('lets a backtest go before all batches', async () => {
    const mine = await store.workspace();
    const gate = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    const done: string[] = [];
    startWorkers(
      testWork({
        async evaluate(_sweep, tasks) {
          begun.resolve(undefined);
          await gate.promise;
          done.push(...tasks.map(({ key }) => key));
          return tasks.map((task) => testSummary(task, 2_000));
        },
      }),
      { size: 1, done },
    );
    const id = await add(mine);
    await begun.promise;
    const backtest = {
      id: randomUUID(),
      request: '{}',
      settings: '{}',
      settingsHash: 'h',
      createdBy: 'x',
      createdAt: 1,
    };
    await createBacktestStore(store.connect('app'), adding.add).add(mine, backtest, 100, signal);
    gate.resolve(undefined);
    await ended(mine, id, 'COMPLETED');
    expect(done.indexOf(backtest.id)).toBe(1);
  });

  it('goes on elsewhere when a process is stopped in the middle, in a batch and in a turn', async () => {
    const mine = await store.workspace();
    const id = await add(mine);
    const begun = { batch: Promise.withResolvers<undefined>(), turn: Promise.withResolvers<undefined>() };
    const endless = (gate: PromiseWithResolvers<undefined>, aborted: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        gate.resolve(undefined);
        aborted.addEventListener('abort', () => {
          reject(new JobError('JOB_ABORTED', 'given up'));
        });
      });
    const stuckInTurn = startWorkers(
      testWork({ turn: (_turn, _told, _most, aborted) => endless(begun.turn, aborted) }),
    );
    await begun.turn.promise;
    await stuckInTurn.close();
    const stuckInBatch = startWorkers(
      testWork({ evaluate: (_sweep, _tasks, aborted) => endless(begun.batch, aborted) }),
    );
    await begun.batch.promise;
    await stuckInBatch.close();
    expect(await keysOf(id)).toEqual([]);
    startWorkers(testWork());
    expect(await ended(mine, id, 'COMPLETED')).toMatchObject({ resultHash: 'hash-of-9' });
    expect(await keysOf(id)).toEqual(ALL);
  });

  it('ends what runs of one that is called off, also where nobody told of it', async () => {
    const mine = await store.workspace();
    const id = await add(mine);
    const [begun, stopped] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    startWorkers(
      testWork({
        evaluate: (_sweep, _tasks, aborted) =>
          new Promise((_resolve, reject) => {
            begun.resolve(undefined);
            aborted.addEventListener('abort', () => {
              reject(new JobError('JOB_ABORTED', 'given up'));
              stopped.resolve(undefined);
            });
          }),
      }),
    );
    await begun.promise;
    await sweeps.cancel(mine, id, { actor: 'key:y', at: 2 }, signal);
    await stopped.promise;
    expect(await ended(mine, id, 'CANCELED')).toMatchObject({ evaluated: 0, resultHash: null });
  });

  it('fails a sweep that does not end, and one whose search fails', async () => {
    const mine = await store.workspace();
    const [endless, failing] = [await add(mine), await add(mine)];
    startWorkers(
      testWork({
        turn: (turn, told, most, aborted) =>
          turn.turn === 0
            ? testWork().turn(turn, told, most, aborted)
            : Promise.reject(new JobError('JOB_FAILED', 'no', { reason: 'TUNER_FAILED' })),
      }),
    );
    expect(await ended(mine, failing, 'FAILED')).toMatchObject({
      error: { code: 'TUNER_FAILED', message: 'no' },
    });
    expect(await ended(mine, endless, 'FAILED')).toMatchObject({ evaluated: 6 });
    await Promise.all(open.splice(0).map((workers) => workers.close()));
    const greedy = await add(mine);
    startWorkers(
      testWork({
        turn: (_turn, _told, most) => {
          const tasks = Array.from({ length: most }, (_, at) => testTask(at));
          return Promise.resolve({ state: null, tasks, total: null });
        },
      }),
    );
    expect(await ended(mine, greedy, 'FAILED')).toMatchObject({ error: { code: 'TOO_MANY_EVALUATIONS' } });
  });
});
