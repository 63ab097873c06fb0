import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createBacktestResults } from '../../../gateway/database/backtests/backtest-results.ts';
import { createBacktestRuns, MOST_ATTEMPTS } from '../../../gateway/database/backtests/backtest-runs.ts';
import {
  type BacktestStore,
  createBacktestStore,
  type NewBacktest,
} from '../../../gateway/database/backtests/backtest-store.ts';
import { packBacktest, unpackBacktest } from '../../../gateway/database/backtests/packed-backtest.ts';
import { backtestResult } from '../../support/backtest-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const signal = AbortSignal.timeout(120_000);

let store: TestStore;
let backtests: BacktestStore;
let runs: ReturnType<typeof createBacktestRuns>;
let mine: string;

beforeAll(async () => {
  store = await openTestStore();
  backtests = createBacktestStore(store.connect('app'), () => Promise.resolve());
  runs = createBacktestRuns(store.pool);
});
beforeEach(async () => {
  mine = await store.workspace();
});
afterAll(() => store.close());

let ids = 0;
const backtest = (): NewBacktest => {
  ids += 1;
  const id = `01-${String(ids).padStart(6, '0')}`;
  const [request, settings] = ['{"strategy":"s"}', '{"strategy":"s","seed":0}'];
  return { id, request, settings, settingsHash: 'h', createdBy: 'user:x', createdAt: 5 };
};

const add = async (workspaceId = mine): Promise<string> => {
  const row = await backtests.add(workspaceId, backtest(), 100, signal);
  if (row === null) throw new Error('it was not taken');
  return row.id;
};

const packed = packBacktest(backtestResult(2_345, 12));

describe('a backtest', () => {
  it('goes from QUEUED over RUNNING to COMPLETED, and keeps its result', async () => {
    const id = await add();
    expect(await backtests.find(mine, id, signal)).toMatchObject({
      ...{ id, status: 'QUEUED', progress: 0, error: null, createdAt: 5, startedAt: null },
      settings: { strategy: 's', seed: 0 },
    });
    expect(await runs.begin(id, 'run-1', 7, signal)).toEqual({
      ...{ id, workspaceId: mine, attempt: 1, request: { strategy: 's' }, saved: null },
      settings: { strategy: 's', seed: 0 },
    });
    expect(await runs.goOn(id, 'run-1', 0.25, signal)).toBe(true);
    expect(await runs.goOn(id, 'run-1', null, signal)).toBe(true);
    expect(await backtests.find(mine, id, signal)).toMatchObject({ status: 'RUNNING', progress: 0.25 });
    expect(await runs.finish(id, 'run-1', packed, 9, signal)).toBe(true);
    expect(await backtests.find(mine, id, signal)).toMatchObject({
      ...{ status: 'COMPLETED', progress: 1, startedAt: 7, finishedAt: 9, resultHash: '0123456789abcdef' },
      eventsProcessed: 12 + 3 * 2_345,
      performance: { endEquity: '100600', trades: 2_345 },
    });
    const results = createBacktestResults(store.connect('app'));
    const stored = await results.whole(mine, id, signal);
    expect(stored && (await unpackBacktest(stored))).toEqual(backtestResult(2_345, 12));
  });

  it('has its orders by pages that may lie over parts', async () => {
    const [id, without] = [await add(), await add()];
    await runs.begin(id, 'run-1', 7, signal);
    await runs.finish(id, 'run-1', packed, 9, signal);
    const results = createBacktestResults(store.connect('app'));
    const seen: string[] = [];
    for (let position = 0; ;) {
      const pages = await results.orders(mine, [id, without], 300, position, signal);
      expect(pages.has(without)).toBe(false);
      const page = pages.get(id);
      seen.push(...(page?.items ?? []).map(({ order }) => order.id));
      expect(page?.items[0]?.position).toBe(position);
      if (page?.hasNextPage !== true) break;
      position += 300;
    }
    expect(seen).toEqual(backtestResult(2_345, 0).orders.map((order) => order.id));
    expect((await results.orders(mine, [id], 300, 2_345, signal)).size).toBe(0);
    const curve = (await results.curves(mine, [id], signal)).get(id);
    expect(curve?.equity).toEqual(backtestResult(0, 12).equity);
    expect(curve?.benchmark).toEqual(backtestResult(0, 12).benchmark);
  });

  it('is called off whether it waits or runs, and stays as it ended', async () => {
    const [waiting, running, done] = [await add(), await add(), await add()];
    await runs.begin(running, 'run-1', 7, signal);
    await runs.begin(done, 'run-1', 7, signal);
    await runs.fail(done, 'run-1', { code: 'TIMED_OUT', message: 'too long' }, 8, signal);
    for (const id of [waiting, running]) {
      expect(await backtests.cancel(mine, id, { actor: 'user:x', at: 11 }, signal)).toMatchObject({
        status: 'CANCELED',
        finishedAt: 11,
      });
    }
    expect(await backtests.cancel(mine, done, { actor: 'user:x', at: 11 }, signal)).toMatchObject({
      ...{ status: 'FAILED', error: { code: 'TIMED_OUT', message: 'too long' }, finishedAt: 8 },
    });
    expect(await runs.begin(waiting, 'run-2', 12, signal)).toBeNull();
    expect(await runs.goOn(running, 'run-1', 0.5, signal)).toBe(false);
    expect(await runs.finish(running, 'run-1', packed, 12, signal)).toBe(false);
    const parts = await store.admin('SELECT FROM backtest_part WHERE backtest_id = $1', [running]);
    expect(parts).toEqual([]);
  });

  it('belongs to the latest run alone', async () => {
    const id = await add();
    await runs.begin(id, 'run-1', 7, signal);
    expect(await runs.begin(id, 'run-2', 8, signal)).toMatchObject({ attempt: 2 });
    expect(await runs.goOn(id, 'run-1', 0.9, signal)).toBe(false);
    expect(await runs.fail(id, 'run-1', { code: 'X', message: '' }, 9, signal)).toBe(false);
    expect(await runs.handBack(id, 'run-1', signal)).toBe(false);
    expect(await runs.finish(id, 'run-2', packed, 9, signal)).toBe(true);
    expect(await runs.begin(id, 'run-3', 10, signal)).toBeNull();
  });

  it('fails when process after process ends in the middle of it, and not for those that hand it back', async () => {
    const id = await add();
    for (let turn = 0; turn < 5; turn += 1) {
      const runId = `back-${String(turn)}`;
      expect(await runs.begin(id, runId, 7, signal)).toMatchObject({ attempt: 1 });
      expect(await runs.handBack(id, runId, signal)).toBe(true);
    }
    for (let turn = 0; turn < MOST_ATTEMPTS; turn += 1) {
      expect(await runs.begin(id, `lost-${String(turn)}`, 7, signal)).not.toBeNull();
    }
    expect(await runs.begin(id, 'one-more', 8, signal)).toBeNull();
    expect(await backtests.find(mine, id, signal)).toMatchObject({
      ...{ status: 'FAILED', finishedAt: 8, error: { code: 'WORKER_LOST' } },
    });
  });
});

describe('backtests of a workspace', () => {
  it('wait up to a limit, also when they are asked for at once', async () => {
    const theirs = await store.workspace();
    const asked = await Promise.all(
      Array.from({ length: 12 }, () => backtests.add(mine, backtest(), 5, signal)),
    );
    expect(asked.filter((row) => row !== null)).toHaveLength(5);
    expect(await backtests.add(theirs, backtest(), 5, signal)).not.toBeNull();
    const [begun] = asked.filter((row) => row !== null);
    await runs.begin(begun?.id ?? '', 'run-1', 7, signal);
    expect(await backtests.add(mine, backtest(), 5, signal)).not.toBeNull();
    expect(await backtests.add(mine, backtest(), 5, signal)).toBeNull();
  });

  it('are listed newest first, page by page', async () => {
    const own = [await add(), await add(), await add()];
    const first = await backtests.page(mine, 2, null, signal);
    expect(first.items.map(({ id }) => id)).toEqual([own[2], own[1]]);
    expect(first.hasNextPage).toBe(true);
    const second = await backtests.page(mine, 2, own[1] ?? '', signal);
    expect(second.items.map(({ id }) => id)).toEqual([own[0]]);
    expect(second.hasNextPage).toBe(false);
  });

  it('are not there for another', async () => {
    const id = await add();
    await runs.begin(id, 'run-1', 7, signal);
    await runs.finish(id, 'run-1', packed, 9, signal);
    const stranger = await store.workspace();
    const results = createBacktestResults(store.connect('app'));
    expect(await backtests.find(stranger, id, signal)).toBeNull();
    expect(await backtests.cancel(stranger, id, { actor: 'user:x', at: 1 }, signal)).toBeNull();
    expect((await backtests.page(stranger, 10, null, signal)).items).toEqual([]);
    expect(await results.whole(stranger, id, signal)).toBeNull();
    expect((await results.orders(stranger, [id], 10, 0, signal)).size).toBe(0);
    expect((await results.curves(stranger, [id], signal)).size).toBe(0);
  });
});
