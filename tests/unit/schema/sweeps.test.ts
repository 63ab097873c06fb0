import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { PerformanceSummary } from '../../../core/performance/summary.ts';
import type { EvaluationRow } from '../../../core/ports/sweeps.ts';
import type { SearchResult, SweepResult } from '../../../core/sweeps/sweep-result.ts';
import {
  type ApiWorld,
  at,
  type Caller,
  createApiWorld,
  principalOf,
  textAt,
} from '../../support/api-world.ts';
import { createMemorySweeps } from '../../support/memory-sweeps.ts';
import { testSummary, testTask } from '../../support/sweep-fixtures.ts';

const RUN = 'mutation($input: RunSweepInput!) { runSweep(input: $input) { id status total settings } }';
const GET = `query($id: ID!) { sweep(id: $id) { status error best { parameters objective deflatedSharpe
  probabilityOfOverfitting } walkForward { efficiency trades outOfSample { sharpe } windows { trainFrom testTo error
  best { parameters deflatedSharpe } } } } }`;
const EVALUATIONS = `query($id: ID!, $first: Int!, $after: String, $by: SweepEvaluationOrder!) { sweep(id: $id) {
  evaluations(first: $first, after: $after, orderBy: $by) { nodes { parameters objective error }
  pageInfo { hasNextPage endCursor } } } }`;
const LIST =
  'query($first: Int!, $after: String) { sweeps(first: $first, after: $after) { nodes { id } pageInfo { endCursor } } }';

const BACKTEST = { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1' };
const performance = { sharpe: 1.5, trades: 3 } as PerformanceSummary;
const SEARCH: SearchResult = {
  ...{ evaluated: 2, failed: 0, failures: {}, importance: [], grid: null },
  ranking: [{ rank: 1, key: 'k-2', parameters: { fast: 2 }, objective: 2, performance, resultHash: 'r' }],
  deflatedSharpe: { probability: 0.8, luck: 1, trials: 2 },
  overfitting: {
    probability: 0.25,
    probabilityOfLoss: 0,
    degradation: null,
    blocks: 4,
    parameterSets: 2,
    days: 9,
  },
};

const sweeps = createMemorySweeps();
let world: ApiWorld;
let alice: Caller;

beforeAll(async () => {
  world = await createApiWorld({ sweeps });
  alice = world.caller(principalOf('workspace-1', 'TRADER', ['READ', 'BACKTESTS']));
});
afterAll(() => world.gateway.kill());

const run = async (input: object = {}): Promise<string> =>
  textAt(await alice.ask(RUN, { input: { backtest: BACKTEST, ...input } }), 'runSweep.id');

const row = (fast: number, score: number | null): EvaluationRow => {
  const { returns: _, ...summary } = testSummary(testTask(fast));
  return { position: fast, task: testTask(fast), score, summary };
};

describe('a sweep', () => {
  it('has the best so far while it runs, in the direction that was asked for', async () => {
    const id = await run({ objective: 'maxDrawdownDays' });
    const leading = { parameters: { fast: 2 }, score: -7, performance, resultHash: 'r' };
    sweeps.change(id, { status: 'RUNNING', leading });
    expect(at(await alice.ask(GET, { id }), 'sweep.best')).toEqual({
      ...{ parameters: { fast: 2 }, objective: 7, deflatedSharpe: null, probabilityOfOverfitting: null },
    });
  });

  it('says of the best how much of it may be luck, when it has ended', async () => {
    const id = await run();
    sweeps.finish(id, { search: SEARCH, walkForward: null }, []);
    expect(at(await alice.ask(GET, { id }), 'sweep')).toMatchObject({
      best: { parameters: { fast: 2 }, objective: 2, deflatedSharpe: 0.8, probabilityOfOverfitting: 0.25 },
      walkForward: null,
    });
  });

  it('has the windows of its walk-forward, also those without a best', async () => {
    const id = await run({ walkForward: { trainDays: 10, testDays: 5 } });
    const window = { train: { from: 0, to: 10 }, test: { from: 10, to: 20 }, search: SEARCH };
    const [best] = SEARCH.ranking;
    const result: SweepResult = {
      search: null,
      walkForward: {
        windows: [
          { ...window, best: best ?? null, outOfSample: performance, failure: null },
          { ...window, best: null, outOfSample: null, failure: { code: 'X', message: 'y' } },
        ],
        outOfSample: { days: [], returns: [], index: [], performance, trades: 3 },
        efficiency: 0.5,
      },
    };
    expect(at(await alice.ask(GET, { id }), 'sweep.walkForward')).toBeNull();
    sweeps.finish(id, result, []);
    expect(at(await alice.ask(GET, { id }), 'sweep')).toMatchObject({
      best: null,
      walkForward: {
        ...{ efficiency: 0.5, trades: 3, outOfSample: { sharpe: 1.5 } },
        windows: [
          {
            trainFrom: '1970-01-01T00:00:00.000Z',
            best: { parameters: { fast: 2 }, deflatedSharpe: 0.8 },
            error: null,
          },
          { best: null, error: 'X: y' },
        ],
      },
    });
  });

  it('has its evaluations by score or position, page by page', async () => {
    const id = await run();
    sweeps.finish(id, { search: SEARCH, walkForward: null }, [
      row(0, 0.1),
      row(1, null),
      row(2, 1e-7),
      row(3, -2),
    ]);
    const listed = async (by: string): Promise<unknown[]> => {
      const seen: unknown[] = [];
      for (let after: unknown = null; ;) {
        const answer = await alice.ask(EVALUATIONS, { id, by, first: 1, after });
        seen.push(
          ...(at(answer, 'sweep.evaluations.nodes') as unknown[]).map((node) => at(node, 'objective')),
        );
        after = at(answer, 'sweep.evaluations.pageInfo.endCursor');
        if (at(answer, 'sweep.evaluations.pageInfo.hasNextPage') !== true) return seen;
      }
    };
    expect(await listed('SCORE')).toEqual([0.1, 1e-7, -2, null]);
    expect(await listed('POSITION')).toEqual([0.1, null, 1e-7, -2]);
    for (const after of ['x', 'WyJzd2VlcCBldmFsdWF0aW9uIiwieCIsMF0']) {
      expect(await alice.refusal(EVALUATIONS, { id, by: 'SCORE', first: 1, after })).toMatchObject({
        ...{ code: 'BAD_USER_INPUT', field: 'after' },
      });
    }
  });
});

describe('runSweep', () => {
  it('names what is wrong by its path in the input', async () => {
    const refused = (input: object) => alice.refusal(RUN, { input: { backtest: BACKTEST, ...input } });
    expect(await refused({ objective: 'sharp' })).toMatchObject({ field: 'input.objective' });
    expect(await refused({ backtest: { ...BACKTEST, symbols: [''] } })).toMatchObject({
      field: 'input.backtest.symbols[0]',
    });
    expect(await refused({ walkForward: { trainDays: 0, testDays: 1 } })).toMatchObject({
      field: 'input.walkForward.trainDays',
    });
    expect(await refused({ space: { fast: { min: 1 } } })).toMatchObject({ field: 'input.space.fast.max' });
  });

  it('is listed newest first', async () => {
    const [first, second] = [await run(), await run()];
    const page = await alice.ask(LIST, { first: 1 });
    expect(at(page, 'sweeps.nodes')).toEqual([{ id: second }]);
    const after = at(page, 'sweeps.pageInfo.endCursor');
    expect(at(await alice.ask(LIST, { first: 1, after }), 'sweeps.nodes')).toEqual([{ id: first }]);
  });
});
