import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { failedEvaluation } from '../../../core/sweeps/evaluation.ts';
import {
  type ClaimedBatch,
  createSweepClaims,
  type SweepClaims,
} from '../../../gateway/database/sweeps/sweep-claims.ts';
import { createSweepReads } from '../../../gateway/database/sweeps/sweep-reads.ts';
import {
  createSweepResults,
  type DoneTask,
  type SweepResults,
} from '../../../gateway/database/sweeps/sweep-results.ts';
import { createSweepStore, type SweepStore } from '../../../gateway/database/sweeps/sweep-store.ts';
import type { SweepTicket } from '../../../gateway/database/sweeps/sweep-tickets.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';
import { testSummary, testSweep, testTask } from '../../support/sweep-fixtures.ts';

const signal = AbortSignal.timeout(120_000);

let store: TestStore;
let sweeps: SweepStore;
let claims: SweepClaims;
let results: SweepResults;
let mine: string;
/** Jobs that were added to the queue. */
let added = 0;

beforeAll(async () => {
  store = await openTestStore();
  const addJob = () => {
    added += 1;
    return Promise.resolve();
  };
  sweeps = createSweepStore(store.connect('app'), addJob);
  claims = createSweepClaims(store.pool, addJob);
  results = createSweepResults(store.pool, addJob);
});
beforeEach(async () => {
  mine = await store.workspace();
});
afterAll(() => store.close());

async function add(): Promise<string> {
  const row = await sweeps.add(mine, testSweep(), 100, signal);
  if (row === null) throw new Error('it was not taken');
  return row.id;
}

const ticket = (sweepId: string, id = 'job-1'): SweepTicket => ({ id, sweepId, workspaceId: mine });

/** A sweep whose first turn gave out so many tasks. */
async function begun(tasks: number): Promise<string> {
  const id = await add();
  expect(await claims.claim(ticket(id), 'run-0', 7, signal)).toMatchObject({
    kind: 'TURN',
    turn: 0,
    state: null,
  });
  const next = {
    state: { told: 0 },
    tasks: Array.from({ length: tasks }, (_, at) => testTask(at)),
    total: tasks,
  };
  expect(await results.goOn(ticket(id), 'run-0', next, signal)).toBe(true);
  return id;
}

const take = async (job: SweepTicket, runId: string): Promise<ClaimedBatch> => {
  const claimed = await claims.claim(job, runId, 7, signal);
  if (claimed?.kind !== 'BATCH') throw new Error(`no batch: ${JSON.stringify(claimed)}`);
  return claimed;
};

const done = ({ tasks }: ClaimedBatch): DoneTask[] =>
  tasks.map(({ position, task }) => ({
    position,
    task,
    summary: testSummary(task),
    score: Number(task.parameters['fast']),
  }));

const keys = async (id: string): Promise<unknown[]> =>
  (await store.admin('SELECT key FROM sweep_evaluation WHERE sweep_id = $1 ORDER BY position', [id])).map(
    ({ key }) => key,
  );

describe('a sweep', () => {
  it('goes turn by turn and batch by batch to its end', async () => {
    const id = await begun(3);
    expect(await sweeps.find(mine, id, signal)).toMatchObject({
      status: 'RUNNING',
      evaluated: 0,
      total: 3,
      startedAt: 7,
    });
    for (let batch = 0; batch < 3; batch += 1) {
      const job = ticket(id, `batch-${String(batch)}`);
      const claimed = await take(job, 'run-1');
      const stored = await results.store(job, 'run-1', done(claimed), 8, signal);
      const turn = stored?.turn ?? null;
      if (turn === null) continue;
      expect(turn).toMatchObject({ turn: 1, state: { told: 0 }, evaluated: 3 });
      expect((await results.ofTurn(id, 1, signal)).map(({ key }) => key)).toEqual(['k-0', 'k-1', 'k-2']);
      const all = await results.all(id, signal);
      expect(all.map(({ returns }) => [...returns])).toEqual([0, 1, 2].map((fast) => [0.5, -0.25, fast]));
      expect(await results.finish(job, 'run-1', { json: '{"search":null}', hash: 'abc' }, 9, signal)).toBe(
        true,
      );
    }
    expect(await sweeps.find(mine, id, signal)).toMatchObject({
      ...{
        status: 'COMPLETED',
        evaluated: 3,
        failed: 0,
        total: 3,
        resultHash: 'abc',
        finishedAt: 9,
        etaSeconds: null,
      },
      leading: { score: 2, parameters: { fast: 2 }, resultHash: 'r' },
    });
    const reads = createSweepReads(store.connect('app'));
    expect((await reads.results(mine, [id], signal)).get(id)).toEqual({ search: null });
    expect(await claims.claim(ticket(id, 'late'), 'run-2', 10, signal)).toBeNull();
  });

  it('has one ticket more in the queue as long as something is left', async () => {
    const id = await begun(3);
    const before = added;
    const first = await take(ticket(id, 'a'), 'run-a');
    expect([first.tasks.length, first.hasMore, added - before]).toEqual([1, true, 1]);
    await take(ticket(id, 'b'), 'run-b');
    const last = await take(ticket(id, 'c'), 'run-c');
    expect([last.hasMore, added - before]).toEqual([false, 2]);
    // All is taken: there is neither a batch nor a turn for another.
    expect(await claims.claim(ticket(id, 'd'), 'run-d', 7, signal)).toBeNull();
  });

  it('stores each evaluation once, of the latest run of its ticket', async () => {
    const id = await begun(2);
    const job = ticket(id, 'a');
    const dead = await take(job, 'run-of-the-dead');
    const again = await take(job, 'run-again');
    expect(again.tasks).toEqual([{ ...dead.tasks[0], attempt: 2 }]);
    expect(await claims.goOn(job, 'run-of-the-dead', signal)).toBe(false);
    expect(await results.store(job, 'run-of-the-dead', done(dead), 8, signal)).toBeNull();
    expect(await keys(id)).toEqual([]);
    expect(await results.store(job, 'run-again', done(again), 8, signal)).toEqual({ turn: null });
    expect(await results.store(job, 'run-again', done(again), 8, signal)).toBeNull();
    expect(await keys(id)).toEqual(['k-0']);
    expect(await sweeps.find(mine, id, signal)).toMatchObject({ evaluated: 1 });
  });

  it('takes the turn of one run, and again when its process has ended', async () => {
    const id = await begun(1);
    const job = ticket(id, 'a');
    const stored = await results.store(job, 'run-1', done(await take(job, 'run-1')), 8, signal);
    expect(stored?.turn).toMatchObject({ turn: 1 });
    expect(await claims.claim(ticket(id, 'b'), 'run-b', 9, signal)).toBeNull();
    expect(await claims.claim(job, 'run-2', 9, signal)).toMatchObject({ kind: 'TURN', turn: 1 });
    const next = { state: 1, tasks: [testTask(5)], total: 2 };
    expect(await results.goOn(job, 'run-1', next, signal)).toBe(false);
    expect(await results.goOn(job, 'run-2', next, signal)).toBe(true);
    expect(await results.goOn(job, 'run-2', next, signal)).toBe(false);
    expect((await take(ticket(id, 'c'), 'run-c')).tasks.map(({ position }) => position)).toEqual([1]);
  });

  it('fails when process after process ends in its turn, and not for those that hand it back', async () => {
    const id = await add();
    for (let time = 0; time < 5; time += 1) {
      expect(await claims.claim(ticket(id), 'back', 7, signal)).not.toBeNull();
      await claims.handBack(ticket(id), 'back', signal);
    }
    for (let time = 0; time < 3; time += 1) await claims.claim(ticket(id), `lost-${String(time)}`, 7, signal);
    expect(await claims.claim(ticket(id), 'one-more', 8, signal)).toBeNull();
    expect(await sweeps.find(mine, id, signal)).toMatchObject({
      status: 'FAILED',
      error: { code: 'WORKER_LOST' },
    });
  });

  it('hands tasks back as if they had not been begun, or splits them up', async () => {
    const id = await begun(8);
    await store.admin('UPDATE sweep SET evaluated = 1, busy_ms = 1 WHERE id = $1', [id]);
    const job = ticket(id, 'a');
    const batch = await take(job, 'run-a');
    expect(batch.tasks.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
    await claims.handBack(job, 'run-a', signal);
    expect((await take(job, 'run-b')).tasks).toEqual(batch.tasks);
    await claims.splitUp(job, 'run-b', signal);
    const alone = await take(ticket(id, 'b'), 'run-c');
    expect(alone.tasks).toEqual([{ ...batch.tasks[0], attempt: 2 }]);
  });

  it('is called off for good', async () => {
    const id = await begun(3);
    const job = ticket(id, 'a');
    const batch = await take(job, 'run-a');
    expect(await sweeps.cancel(mine, id, { actor: 'key:y', at: 11 }, signal)).toMatchObject({
      status: 'CANCELED',
      finishedAt: 11,
    });
    expect(await claims.goOn(job, 'run-a', signal)).toBe(false);
    expect(await results.store(job, 'run-a', done(batch), 12, signal)).toBeNull();
    expect(await claims.claim(ticket(id, 'b'), 'run-b', 12, signal)).toBeNull();
    expect(await store.admin('SELECT FROM sweep_task WHERE sweep_id = $1', [id])).toEqual([]);
    expect(await sweeps.cancel(mine, id, { actor: 'key:y', at: 13 }, signal)).toMatchObject({
      finishedAt: 11,
    });
    const text =
      'SELECT actor, action, at::int, details FROM audit_entry WHERE target = $1 ORDER BY sequence';
    expect(await store.admin(text, [`sweep:${id}`])).toEqual([
      { actor: 'user:x', action: 'sweep.requested', at: 5, details: '{"strategy":"sma-cross"}' },
      { actor: 'key:y', action: 'sweep.canceled', at: 11, details: null },
    ]);
  });

  it('fails as a whole by whoever has tasks of it', async () => {
    const id = await begun(3);
    await take(ticket(id, 'a'), 'run-a');
    const problem = { code: 'PLUGIN_NOT_FOUND', message: 'gone' };
    expect(await results.fail(ticket(id, 'a'), 'run-of-another', problem, 9, signal)).toBe(false);
    expect(await results.fail(ticket(id, 'a'), 'run-a', problem, 9, signal)).toBe(true);
    expect(await sweeps.find(mine, id, signal)).toMatchObject({ status: 'FAILED', error: problem });
  });
});

describe('evaluations', () => {
  it('are listed by score and by position, page by page, and only in their workspace', async () => {
    const id = await begun(5);
    for (let batch = 0, isOver = false; !isOver; batch += 1) {
      const job = ticket(id, `batch-${String(batch)}`);
      const claimed = await take(job, 'run');
      const failed = done(claimed).map((each) =>
        each.position === 1
          ? {
              ...each,
              score: null,
              summary: failedEvaluation(each.task.key, { code: 'BAD_PARAMETERS', message: '' }, 1),
            }
          : each,
      );
      const stored = await results.store(job, 'run', failed, 8, signal);
      isOver = (stored?.turn ?? null) !== null;
    }
    const reads = createSweepReads(store.connect('app'));
    const listed = async (order: 'SCORE' | 'POSITION'): Promise<number[]> => {
      const seen: number[] = [];
      for (let after = null; ;) {
        const page = (await reads.evaluations(mine, [id], { order, first: 2, after }, signal)).get(id);
        seen.push(...(page?.items ?? []).map(({ position }) => position));
        after = page?.items.at(-1) ?? null;
        if (page?.hasNextPage !== true) return seen;
      }
    };
    expect(await listed('SCORE')).toEqual([4, 3, 2, 0, 1]);
    expect(await listed('POSITION')).toEqual([0, 1, 2, 3, 4]);
    expect(await sweeps.find(mine, id, signal)).toMatchObject({
      evaluated: 5,
      failed: 1,
      leading: { score: 4 },
    });
    const stranger = await store.workspace();
    expect(
      (await reads.evaluations(stranger, [id], { order: 'SCORE', first: 2, after: null }, signal)).size,
    ).toBe(0);
    expect(await sweeps.find(stranger, id, signal)).toBeNull();
    expect(await sweeps.cancel(stranger, id, { actor: 'key:y', at: 1 }, signal)).toBeNull();
    expect((await sweeps.page(stranger, 10, null, signal)).items).toEqual([]);
  });
});

describe('sweeps of a workspace', () => {
  it('may be unfinished up to a limit, also when they are asked for at once', async () => {
    const asked = await Promise.all(
      Array.from({ length: 6 }, () => sweeps.add(mine, testSweep(), 3, signal)),
    );
    const taken = asked.flatMap((row) => (row === null ? [] : [row.id]));
    expect(taken).toHaveLength(3);
    await sweeps.cancel(mine, taken[0] ?? '', { actor: 'key:y', at: 9 }, signal);
    expect(await sweeps.add(mine, testSweep(), 3, signal)).not.toBeNull();
    expect(await sweeps.add(mine, testSweep(), 3, signal)).toBeNull();
    const page = await sweeps.page(mine, 10, null, signal);
    expect(page.items.map(({ id }) => id)).toEqual([...page.items.map(({ id }) => id)].sort().reverse());
  });
});
