import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { keepBacktests } from '../../../gateway/backtests/jobs/keep-backtests.ts';
import { createBacktestUpkeep } from '../../../gateway/database/backtests/backtest-upkeep.ts';
import { removeEndedOf } from '../../../gateway/database/remove-ended.ts';
import { createSweepClaims } from '../../../gateway/database/sweeps/sweep-claims.ts';
import { createSweepResults } from '../../../gateway/database/sweeps/sweep-results.ts';
import { createSweepStore, type SweepStore } from '../../../gateway/database/sweeps/sweep-store.ts';
import { createSystemClock } from '../../../gateway/system/system-clock.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';
import { testSummary, testSweep, testTask } from '../../support/sweep-fixtures.ts';

const signal = AbortSignal.timeout(120_000);
const noJob = () => Promise.resolve();

let store: TestStore;
let sweeps: SweepStore;
let mine: string;

beforeAll(async () => {
  store = await openTestStore();
  sweeps = createSweepStore(store.connect('app'), noJob);
});
beforeEach(async () => {
  await store.admin('DELETE FROM sweep');
  mine = await store.workspace();
});
afterAll(() => store.close());

async function queued(): Promise<string> {
  const row = await sweeps.add(mine, testSweep(), 100, signal);
  if (row === null) throw new Error('it was not taken');
  return row.id;
}

/** Two tasks, of which one is done. */
async function running(): Promise<string> {
  const sweepId = await queued();
  const [claims, results] = [createSweepClaims(store.pool, noJob), createSweepResults(store.pool, noJob)];
  const ticket = { id: `job-${sweepId}`, sweepId, workspaceId: mine };
  await claims.claim(ticket, 'run', 7, signal);
  await results.goOn(ticket, 'run', { state: 1, tasks: [testTask(1), testTask(2)], total: 2 }, signal);
  const batch = await claims.claim(ticket, 'run', 7, signal);
  if (batch?.kind !== 'BATCH') throw new Error('there is no batch');
  const done = batch.tasks.slice(0, 1).map(({ position, task }) => {
    return { position, task, summary: testSummary(task), score: 1 };
  });
  expect(await results.store(ticket, 'run', done, 8, signal)).not.toBeNull();
  return sweepId;
}

/** Called off, with what had been done by then. */
async function ended(at: number): Promise<string> {
  const id = await running();
  await sweeps.cancel(mine, id, { actor: 'key:y', at }, signal);
  return id;
}

const evaluated = async (): Promise<unknown[]> =>
  (await store.admin('SELECT sweep_id FROM sweep_evaluation ORDER BY sweep_id')).map(
    (row) => row['sweep_id'],
  );

describe('old sweeps', () => {
  it('are removed with their evaluations, the oldest first, and never one that has not ended', async () => {
    const remove = removeEndedOf(store.connect('writer'), 'sweep');
    const [newest, oldest, middle] = [await ended(30), await ended(10), await ended(20)];
    const [underWay, waiting] = [await running(), await queued()];
    expect(await remove(25, 1, signal)).toBe(1);
    expect(await sweeps.find(mine, oldest, signal)).toBeNull();
    expect(await remove(25, 10, signal)).toBe(1);
    expect(await remove(25, 10, signal)).toBe(0);
    expect(await sweeps.find(mine, middle, signal)).toBeNull();
    for (const id of [newest, underWay, waiting]) expect(await sweeps.find(mine, id, signal)).not.toBeNull();
    expect(await evaluated()).toEqual([newest, underWay].sort());
    expect(await store.admin('SELECT DISTINCT sweep_id FROM sweep_task')).toEqual([{ sweep_id: underWay }]);
  });

  it('are removed by processes that have been told how long they are kept, each of them', async () => {
    const [old, older, recent] = [await ended(20), await ended(10), await ended(Date.now())];
    const [removed, refused] = [Promise.withResolvers<undefined>(), Promise.withResolvers<unknown>()];
    let count = 0;
    const keep = (sweepRetentionDays: number | undefined) =>
      keepBacktests({
        upkeep: {
          ...createBacktestUpkeep(store.connect('writer')),
          // Of backtests nothing can be done: sweeps are removed all the same.
          removeSaves: () => Promise.reject(new Error('stumbles')),
        },
        ...{ retentionDays: undefined, clock: createSystemClock(), sweepRetentionDays },
        removeEndedSweeps: removeEndedOf(store.connect('writer'), 'sweep'),
        telemetry: {
          count(name, _labels, by = 0) {
            expect(name).toBe('sweeps_removed_total');
            count += by;
            if (count === 2) removed.resolve(undefined);
          },
          gauge: () => undefined,
          log: (_level, message) => {
            refused.resolve(message);
          },
        },
      });
    await keep(undefined).close();
    expect(await sweeps.find(mine, old, signal)).not.toBeNull();
    const keeping = keep(30);
    await removed.promise;
    await keeping.close();
    expect(await refused.promise).toBe('old backtests could not be removed');
    for (const id of [old, older]) expect(await sweeps.find(mine, id, signal)).toBeNull();
    expect(await sweeps.find(mine, recent, signal)).not.toBeNull();
  });
});
