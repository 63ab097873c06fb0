import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { keepBacktests } from '../../../gateway/backtests/jobs/keep-backtests.ts';
import { createBacktestResults } from '../../../gateway/database/backtests/backtest-results.ts';
import { createBacktestRuns } from '../../../gateway/database/backtests/backtest-runs.ts';
import {
  type BacktestStore,
  createBacktestStore,
} from '../../../gateway/database/backtests/backtest-store.ts';
import { createBacktestUpkeep } from '../../../gateway/database/backtests/backtest-upkeep.ts';
import { packBacktest } from '../../../gateway/database/backtests/packed-backtest.ts';
import { createSystemClock } from '../../../gateway/system/system-clock.ts';
import { backtestResult } from '../../support/backtest-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const signal = AbortSignal.timeout(120_000);
const packed = packBacktest(backtestResult(20, 3));
const by = { actor: 'key:y', at: 9 };

let store: TestStore;
let backtests: BacktestStore;
let runs: ReturnType<typeof createBacktestRuns>;
let upkeep: ReturnType<typeof createBacktestUpkeep>;
let mine: string;

beforeAll(async () => {
  store = await openTestStore();
  backtests = createBacktestStore(store.connect('app'), () => Promise.resolve());
  runs = createBacktestRuns(store.connect('writer'));
  upkeep = createBacktestUpkeep(store.connect('writer'));
});
beforeEach(async () => {
  await store.admin('DELETE FROM backtest');
  mine = await store.workspace();
});
afterAll(() => store.close());

let ids = 0;
async function add(): Promise<string> {
  const id = `01-${String((ids += 1)).padStart(6, '0')}`;
  const texts = { request: '{}', settings: '{}', settingsHash: 'h' };
  expect(
    await backtests.add(mine, { id, ...texts, createdBy: 'user:x', createdAt: 5 }, 100, signal),
  ).not.toBeNull();
  return id;
}
async function begun(): Promise<string> {
  const id = await add();
  await runs.begin(id, `run-${id}`, 6, signal);
  await runs.save(id, `run-${id}`, Buffer.from('saved'), 7, signal);
  return id;
}
async function done(at: number): Promise<string> {
  const id = await begun();
  await runs.finish(id, `run-${id}`, packed, at, signal);
  return id;
}
const countOf = async (table: string): Promise<unknown> =>
  (await store.admin(`SELECT count(*)::int AS count FROM ${table}`))[0]?.count;

describe('old backtests', () => {
  it('are removed with all that came of them, the oldest first, and never one that has not ended', async () => {
    const [newest, oldest, middle] = [await done(30), await done(10), await done(20)];
    const [running, queued] = [await begun(), await add()];
    expect(await upkeep.removeEnded(25, 1, signal)).toBe(1);
    expect(await backtests.find(mine, oldest, signal)).toBeNull();
    expect(await upkeep.removeEnded(25, 10, signal)).toBe(1);
    expect(await upkeep.removeEnded(25, 10, signal)).toBe(0);
    expect(await backtests.find(mine, middle, signal)).toBeNull();
    for (const id of [newest, running, queued]) expect(await backtests.find(mine, id, signal)).not.toBeNull();
    const results = createBacktestResults(store.connect('app'));
    expect(await results.whole(mine, oldest, signal)).toBeNull();
    const parts = await store.admin('SELECT DISTINCT backtest_id FROM backtest_part');
    expect(parts).toEqual([{ backtest_id: newest }]);
  });

  it('are left to another process that is at it', async () => {
    await done(10);
    const other = await store.connect('writer').connect(signal);
    try {
      await other.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('backtest upkeep'))`);
      expect(await upkeep.removeEnded(25, 10, signal)).toBeNull();
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
    expect(await upkeep.removeEnded(25, 10, signal)).toBe(1);
  });

  it('are removed by any process of an installation that has been told how long they are kept', async () => {
    const [old, recent] = [await done(10), await done(Date.now())];
    const gone = Promise.withResolvers<number | undefined>();
    const keep = (retentionDays: number | undefined) =>
      keepBacktests({
        ...{ upkeep, retentionDays, clock: createSystemClock() },
        removeEndedSweeps: () => Promise.reject(new Error('nobody has asked for that')),
        sweepRetentionDays: undefined,
        telemetry: {
          count: (_name, _labels, by) => {
            gone.resolve(by);
          },
          ...{ gauge: () => undefined, log: () => undefined },
        },
      });
    await keep(undefined).close();
    expect(await backtests.find(mine, old, signal)).not.toBeNull();
    const keeping = keep(30);
    expect(await gone.promise).toBe(1);
    await keeping.close();
    expect(await backtests.find(mine, old, signal)).toBeNull();
    expect(await backtests.find(mine, recent, signal)).not.toBeNull();
  });

  it('leave no snapshot of what was called off, and keep those of what goes on', async () => {
    const [running, canceled] = [await begun(), await begun()];
    await backtests.cancel(mine, canceled, by, signal);
    expect(await countOf('backtest_save')).toBe(2);
    await upkeep.removeSaves(signal);
    expect(await store.admin('SELECT backtest_id FROM backtest_save')).toEqual([{ backtest_id: running }]);
    expect(await runs.save(canceled, `run-${canceled}`, Buffer.from('late'), 8, signal)).toBe(false);
    expect((await runs.begin(running, 'another run', 9, signal))?.saved?.toString()).toBe('saved');
  });
});

describe('who asks for a backtest and calls it off', () => {
  it('is in the audit log of the workspace, once', async () => {
    const id = await add();
    await backtests.cancel(mine, id, by, signal);
    await backtests.cancel(mine, id, by, signal);
    const entries = await store.admin(
      'SELECT actor, action, target, at::int, details FROM audit_entry WHERE workspace_id = $1 ORDER BY sequence',
      [mine],
    );
    const target = `backtest:${id}`;
    expect(entries).toEqual([
      { actor: 'user:x', action: 'backtest.requested', target, at: 5, details: '{"settingsHash":"h"}' },
      { actor: 'key:y', action: 'backtest.canceled', target, at: 9, details: null },
    ]);
  });
});

describe('backtests that wait', () => {
  it('are counted over all workspaces', async () => {
    await add();
    mine = await store.workspace();
    await add();
    await begun();
    expect(await upkeep.queued(signal)).toBe(2);
  });
});
