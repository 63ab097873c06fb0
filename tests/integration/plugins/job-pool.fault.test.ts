import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { afterEach, describe, expect, it } from '@jest/globals';
import { type Candidate, searchSpace, T, type TrainingData } from '@omniquant/plugin-sdk';

import {
  createJobPool,
  type JobPool,
  type JobPoolOptions,
} from '../../../gateway/plugins/isolation/job-pool.ts';
import type {
  SavedSearch,
  TrainJob,
  TuneJob,
  WeightsJob,
} from '../../../gateway/plugins/isolation/job-protocol.ts';
import { createLogger } from '../../../gateway/telemetry/logger.ts';

const specifier = new URL('../../support/plugins/unruly-jobs.ts', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOREVER = new AbortController().signal;

const pools: JobPool[] = [];

function poolOf(options: Partial<JobPoolOptions> = {}): JobPool {
  const pool = createJobPool({
    ...{ size: 2, queue: 10, deadlineMs: 30_000, heapMegabytes: 64, externalMegabytes: 128 },
    logger: createLogger({ level: 'silent', instanceId: 'test' }),
    ...options,
  });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

const weigh = (id: string): WeightsJob => ({
  ...{ kind: 'weights', specifier, id, config: {} },
  request: { assets: ['A', 'B'].map((symbol) => ({ symbol, closes: [] })) },
});

const codeOf = async (result: Promise<unknown>): Promise<unknown> =>
  result.then(
    () => null,
    (error: unknown) => (error as { readonly code?: unknown }).code,
  );

/** An optimizer that gives so much to A; below node_modules, where it finds the SDK. */
const changingPlugin = (a: number): string => `
import { defineOptimizer, definePlugin, T } from '@omniquant/plugin-sdk';
const changing = defineOptimizer({
  id: 'changing', description: 'Changes', config: T.Object({}),
  create: () => ({ bars: 0, weights: () => ({ A: ${String(a)}, B: 0 }) }),
});
export default definePlugin({ name: 'changing', version: '1.0.0', api: '^0.1.0', extensions: [changing] });
`;

const EVEN = { A: 0.5, B: 0.5 };

describe('a pool of workers for jobs', () => {
  it('weighs by an optimizer', async () => {
    expect(await poolOf().run(weigh('steady'), FOREVER)).toEqual(EVEN);
  });

  it('fails a job with the code of the plugin’s own error, and goes on with its worker', async () => {
    const pool = poolOf({ size: 1 });
    await expect(pool.run(weigh('refuses'), FOREVER)).rejects.toMatchObject({
      ...{ code: 'JOB_FAILED', reason: 'INFEASIBLE' },
      message: 'optimizer refuses: no weights meet the bounds',
    });
    await expect(pool.run(weigh('throws'), FOREVER)).rejects.toMatchObject({ reason: 'THREW' });
    await expect(pool.run(weigh('unknown'), FOREVER)).rejects.toMatchObject({ code: 'JOB_FAILED' });
    expect(await pool.run(weigh('steady'), FOREVER)).toEqual(EVEN);
  });

  it.each([
    ['blocks', 'JOB_TIMED_OUT', { deadlineMs: 2_000 }],
    ['exits', 'JOB_EXITED', {}],
    ['leaks', 'JOB_OUT_OF_MEMORY', {}],
  ] as const)('one that %s costs its job alone', async (id, code, options) => {
    const pool = poolOf();
    const beside = Promise.all([1, 2, 3].map(() => pool.run(weigh('steady'), FOREVER)));
    expect(await codeOf(pool.run(weigh(id), FOREVER, options))).toBe(code);
    expect(await beside).toEqual([EVEN, EVEN, EVEN]);
    expect(await pool.run(weigh('steady'), FOREVER)).toEqual(EVEN);
  });

  it('ends a job that holds too much outside the heap', async () => {
    const pool = poolOf();
    const job: TrainJob = { kind: 'train', specifier, id: 'buffers', config: {}, seed: '1', data: DATA };
    expect(await codeOf(pool.run(job, FOREVER))).toBe('JOB_OUT_OF_MEMORY');
    expect(await pool.run(weigh('steady'), FOREVER)).toEqual(EVEN);
  });

  it('gives a job that nobody wants any more up, whether it runs or waits', async () => {
    const pool = poolOf({ size: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = codeOf(pool.run(weigh('blocks'), first.signal));
    const waiting = codeOf(pool.run(weigh('steady'), second.signal));
    expect([pool.running, pool.waiting]).toEqual([1, 1]);
    second.abort();
    expect(await waiting).toBe('JOB_ABORTED');
    expect([pool.running, pool.waiting]).toEqual([1, 0]);
    first.abort();
    expect(await running).toBe('JOB_ABORTED');
    expect(await pool.run(weigh('steady'), FOREVER)).toEqual(EVEN);
    expect(await codeOf(pool.run(weigh('steady'), AbortSignal.abort()))).toBe('JOB_ABORTED');
  });

  it('refuses at once what it has no room for', async () => {
    const pool = poolOf({ size: 1, queue: 1 });
    const given = new AbortController();
    const running = codeOf(pool.run(weigh('blocks'), given.signal));
    const waiting = pool.run(weigh('steady'), FOREVER);
    expect(await codeOf(pool.run(weigh('steady'), FOREVER))).toBe('JOB_QUEUE_FULL');
    given.abort();
    expect(await running).toBe('JOB_ABORTED');
    expect(await waiting).toEqual(EVEN);
  });

  it('does a job whose worker dies of the one before again', async () => {
    const pool = poolOf({ size: 1 });
    expect(await pool.run(weigh('throws-later'), FOREVER)).toEqual(EVEN);
    // The worker is there still, and about to die.
    const model: TrainJob = { kind: 'train', specifier, id: 'line', config: {}, seed: '1', data: DATA };
    for (let round = 0; round < 20; round += 1) {
      expect(await pool.run(model, FOREVER)).toMatchObject({ slope: 2 });
    }
  });

  it('replaces a worker that holds much of its memory after a job', async () => {
    const pool = poolOf({ size: 1 });
    for (let round = 0; round < 6; round += 1) expect(await pool.run(weigh('hoards'), FOREVER)).toEqual(EVEN);
  });

  it('does nothing for a plugin that it is to refuse', async () => {
    const pool = poolOf({ refusal: ({ id }) => (id === 'steady' ? 'it is a stranger’s' : null) });
    await expect(pool.run(weigh('steady'), FOREVER)).rejects.toMatchObject({
      ...{ code: 'JOB_REFUSED', message: 'it is a stranger’s' },
    });
    await expect(pool.run(weigh('refuses'), FOREVER)).rejects.toMatchObject({ code: 'JOB_FAILED' });
  });

  it('loads a plugin that has changed anew, also in a thread that was at work meanwhile', async () => {
    const folder = mkdtempSync(join(ROOT, 'node_modules', '.changing-'));
    try {
      const file = join(folder, 'plugin.mjs');
      const save = (a: number): void => {
        writeFileSync(file, changingPlugin(a));
      };
      const job: WeightsJob = { ...weigh('changing'), specifier: pathToFileURL(file).href };
      const pool = poolOf({ size: 1 });
      save(0.25);
      expect(await pool.run(job, FOREVER)).toEqual({ A: 0.25, B: 0 });
      save(0.5);
      expect(await pool.run(job, FOREVER)).toEqual({ A: 0.25, B: 0 });
      const underWay = pool.run(job, FOREVER);
      pool.refresh();
      await underWay;
      expect(await pool.run(job, FOREVER)).toEqual({ A: 0.5, B: 0 });
      save(1);
      pool.refresh();
      expect(await pool.run(job, FOREVER)).toEqual({ A: 1, B: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells what it does, what waits, and each end once', async () => {
    const seen: string[] = [];
    const ends: unknown[] = [];
    const pool = poolOf({
      ...{ size: 1, queue: 1 },
      watch: {
        changed: ({ running, waiting }) => {
          const told = [running, waiting].map((jobs) => jobs.map(({ id }) => id).join()).join(' | ');
          if (seen.at(-1) !== told) seen.push(told);
        },
        ended: ({ id }, error) => ends.push([id, error?.code ?? null]),
      },
    });
    const given = new AbortController();
    const work = [
      codeOf(pool.run(weigh('blocks'), given.signal)),
      codeOf(pool.run(weigh('steady'), FOREVER)),
    ];
    expect(await codeOf(pool.run(weigh('throws'), FOREVER))).toBe('JOB_QUEUE_FULL');
    given.abort();
    await Promise.all(work);
    await pool.close();
    expect(seen).toEqual(['blocks | ', 'blocks | steady', 'steady | ', ' | ']);
    expect(ends).toEqual([
      ['throws', 'JOB_QUEUE_FULL'],
      ['blocks', 'JOB_ABORTED'],
      ['steady', null],
    ]);
  });

  it('ends all that is under way when it is closed, and takes no more', async () => {
    const pool = poolOf({ size: 1 });
    const codes = [codeOf(pool.run(weigh('blocks'), FOREVER)), codeOf(pool.run(weigh('steady'), FOREVER))];
    await pool.close();
    expect(await Promise.all(codes)).toEqual(['JOB_POOL_CLOSED', 'JOB_POOL_CLOSED']);
    expect(await codeOf(pool.run(weigh('steady'), FOREVER))).toBe('JOB_POOL_CLOSED');
  });
});

const DATA: TrainingData = {
  ...{ features: { names: ['x'], steps: 1 }, outputs: ['y'] },
  samples: [[1], [2], [3]],
  targets: [[3], [5], [7]],
};

describe('a model in the pool', () => {
  const train: TrainJob = { kind: 'train', specifier, id: 'line', config: {}, seed: 'one', data: DATA };
  const predict = { kind: 'predict', specifier, id: 'line', config: {} } as const;

  it('is trained, the same with the same seed, and predicts from what it has learnt', async () => {
    const pool = poolOf();
    const told: number[] = [];
    const [artifact, again, other] = await Promise.all([
      pool.run(train, FOREVER, { onProgress: (fraction) => told.push(fraction) }),
      pool.run(train, FOREVER),
      pool.run({ ...train, seed: 'two' }, FOREVER),
    ]);
    expect(artifact).toMatchObject({ slope: 2, offset: 1 });
    expect(again).toEqual(artifact);
    expect(other).not.toEqual(artifact);
    expect(told.at(-1)).toBe(1);
    expect(told.length).toBeLessThanOrEqual(101);
    expect(await pool.run({ ...predict, artifact, samples: [[10], [0]] }, FOREVER)).toEqual([[21], [1]]);
    await expect(pool.run({ ...predict, artifact, samples: [[1, 2]] }, FOREVER)).rejects.toMatchObject({
      reason: 'BAD_INPUT',
    });
  });

  it('says what is wrong with the data', async () => {
    const pool = poolOf();
    const flat = { ...DATA, samples: [[1], [1], [1]] };
    const short = { ...DATA, targets: [[1]] };
    await expect(pool.run({ ...train, data: flat }, FOREVER)).rejects.toMatchObject({ reason: 'DEGENERATE' });
    await expect(pool.run({ ...train, data: short }, FOREVER)).rejects.toMatchObject({ reason: 'BAD_INPUT' });
  });
});

describe('a search in the pool', () => {
  const space = searchSpace(T.Object({ fast: T.Integer({ minimum: 1, maximum: 1_000_000 }) }));

  /** All candidates of a search, asked for so many at a time. */
  async function searched(pool: JobPool, atOnce: number): Promise<readonly Candidate[]> {
    const all: Candidate[] = [];
    let saved: SavedSearch | null = null;
    let told: TuneJob['told'] = [];
    for (;;) {
      const job: TuneJob = {
        ...{ kind: 'tune', specifier, id: 'random-search', config: { trials: 10 }, seed: 's', space },
        ...{ saved, told, ask: atOnce },
      };
      const turn: Awaited<ReturnType<typeof pool.run<TuneJob>>> = await pool.run(job, FOREVER);
      if (turn.candidates.length === 0) return all;
      all.push(...turn.candidates);
      saved = JSON.parse(JSON.stringify(turn.saved)) as SavedSearch;
      told = turn.candidates.map(({ id }) => ({ id, score: 1 }));
    }
  }

  it('goes on from turn to turn, and does not depend on how many are asked for at a time', async () => {
    const pool = poolOf();
    const [one, three, many] = await Promise.all([searched(pool, 1), searched(pool, 3), searched(pool, 100)]);
    expect(one).toHaveLength(10);
    expect(new Set(one.map(({ id }) => id)).size).toBe(10);
    expect(three).toEqual(one);
    expect(many).toEqual(one);
  });
});
