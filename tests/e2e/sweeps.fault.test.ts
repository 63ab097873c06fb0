import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, signIn, signUp } from '../support/gateway/api-client.ts';
import { SLOW_STRATEGIES } from '../support/gateway/backtests.ts';
import { makeDataDir } from '../support/gateway/data-dir.ts';
import { type LocalGateway, openLocalGateway } from '../support/gateway/local-gateway.ts';
import { AAPL_DAYS, runSweep, sweepOf, sweepStandsAt } from '../support/gateway/sweeps.ts';
import { sweepInOneProcess } from '../support/sweep-in-one-process.ts';

/* Sweeps as a client of the API has them, on the bars that come by npm. */
jest.setTimeout(180_000);
/** On a busy machine. */
const PATIENCE_MS = 120_000;

const FIGURES =
  'parameters objective resultHash deflatedSharpe probabilityOfOverfitting performance { sharpe endEquity }';
const RESULT = `query($id: ID!) { sweep(id: $id) { total evaluated failed resultHash settings best { ${FIGURES} }
  evaluations(first: 3) { nodes { parameters objective stage error } pageInfo { hasNextPage endCursor } }
  walkForward { efficiency trades outOfSample { sharpe totalReturn }
    windows { trainFrom testFrom testTo outOfSample { endEquity } best { ${FIGURES} } } } } }`;
const PROGRESS = `subscription($id: ID!) { sweepProgress(id: $id) {
  status evaluated total etaSeconds best { parameters } } }`;
const CANCEL = 'mutation($id: ID!) { cancelSweep(id: $id) { status } }';
const SPACE = { fast: { min: 5, max: 20, step: 5 }, slow: [30, 60, 90] };
const SLOW = { ...AAPL_DAYS, strategy: 'slow' };

interface Best {
  readonly parameters: object;
  readonly resultHash: string;
  readonly deflatedSharpe: number;
  readonly probabilityOfOverfitting: number;
}

interface Swept {
  readonly resultHash: string;
  readonly total: number;
  readonly evaluated: number;
  readonly best: Best | null;
  readonly evaluations: { readonly nodes: readonly { readonly objective: number; readonly stage: string }[] };
  readonly walkForward: {
    readonly outOfSample: { readonly totalReturn: number };
    readonly windows: readonly { readonly best: Best | null; readonly outOfSample: object | null }[];
  } | null;
}

let local: LocalGateway;
let client: ApiClient;

beforeAll(async () => {
  const dataDir = makeDataDir('sweeps');
  writeFileSync(join(dataDir, 'plugins.json'), JSON.stringify([{ plugin: SLOW_STRATEGIES }]));
  local = await openLocalGateway(dataDir, { SWEEPS_WAITING: '2', SWEEP_EVALUATIONS: '50' });
  client = await signIn(() => local.address, local.demo);
});
afterAll(() => local.close());

const resultOf = async (id: string): Promise<Swept> => {
  await sweepStandsAt(client, id, 'COMPLETED', PATIENCE_MS);
  return (await client.ask<{ sweep: Swept }>(RESULT, { id })).sweep;
};

describe('a sweep', () => {
  it('comes to what it comes to in one process, with what may be luck beside the best', async () => {
    const id = await runSweep(client, { backtest: AAPL_DAYS, space: SPACE });
    const [swept, { hash, result }] = [
      await resultOf(id),
      await sweepInOneProcess({ backtest: AAPL_DAYS, space: SPACE }),
    ];
    expect(swept).toMatchObject({ resultHash: hash, total: 12, evaluated: 12, walkForward: null });
    const best = result.search?.ranking[0];
    expect(swept.best).toMatchObject({ parameters: best?.parameters, objective: best?.objective });
    expect(swept.best?.resultHash).toBe(best?.resultHash);
    expect(swept.best?.deflatedSharpe).toBe(result.search?.deflatedSharpe?.probability);
    expect(swept.best?.probabilityOfOverfitting).toBe(result.search?.overfitting?.probability);
    expect(swept.evaluations.nodes[0]).toMatchObject({
      objective: best?.objective,
      parameters: best?.parameters,
    });
    const audit = await client.ask<{ auditLog: { nodes: object[] } }>(
      '{ auditLog(first: 5) { nodes { action target details } } }',
    );
    expect(audit.auditLog.nodes).toContainEqual({
      ...{ action: 'sweep.requested', target: `sweep:${id}` },
      details: { strategy: 'sma-cross', tuner: 'grid', evaluations: 12 },
    });
  });

  it('walks forward with a tuner that learns, to the same as in one process', async () => {
    const input = {
      ...{
        backtest: AAPL_DAYS,
        space: SPACE,
        tuner: 'tpe',
        tunerConfig: { trials: 6, startup: 3, generation: 3 },
      },
      ...{ seed: 7, walkForward: { mode: 'ROLLING' as const, trainDays: 900, testDays: 400 } },
    };
    const swept = await resultOf(await runSweep(client, input));
    const { hash, result } = await sweepInOneProcess(input);
    expect(swept).toMatchObject({ resultHash: hash, best: null });
    expect(swept.walkForward?.windows).toHaveLength(result.walkForward?.windows.length ?? 0);
    expect(swept.walkForward?.windows[0]?.best?.parameters).toEqual(
      result.walkForward?.windows[0]?.best?.parameters,
    );
    expect(swept.walkForward?.outOfSample.totalReturn).toBe(
      result.walkForward?.outOfSample.performance.totalReturn,
    );
  });

  it('tells how far it has come, the best so far and how long it takes, and is called off', async () => {
    const id = await runSweep(client, { backtest: SLOW, space: { blockMs: [0, 0.1, 0.2, 300, 301, 302] } });
    const socket = client.socket();
    const seen: { status: string; evaluated: number; etaSeconds: number | null; best: object | null }[] = [];
    let isCalledOff = false;
    for await (const { data } of socket.iterate<{ sweepProgress: (typeof seen)[number] }>({
      query: PROGRESS,
      variables: { id },
    })) {
      if (data?.sweepProgress === undefined) continue;
      seen.push(data.sweepProgress);
      if (isCalledOff || data.sweepProgress.evaluated === 0) continue;
      expect(data.sweepProgress).toMatchObject({ status: 'RUNNING', total: 6, best: { parameters: {} } });
      expect(data.sweepProgress.etaSeconds).toBeGreaterThanOrEqual(0);
      isCalledOff = true;
      expect(await client.ask(CANCEL, { id })).toEqual({ cancelSweep: { status: 'CANCELED' } });
    }
    await socket.dispose();
    expect(seen.at(-1)).toMatchObject({ status: 'CANCELED' });
    expect(seen.at(-1)?.evaluated).toBeLessThan(6);
    // Both threads are free for another.
    await resultOf(await runSweep(client, { backtest: AAPL_DAYS, space: { fast: [5, 10] } }));
    expect(await sweepOf(client, id)).toMatchObject({ status: 'CANCELED', resultHash: null });
  });

  it('counts runs that the strategy refuses as failed', async () => {
    const id = await runSweep(client, {
      backtest: { ...AAPL_DAYS, config: { slow: 10 } },
      space: { fast: [5, 20] },
    });
    expect(await sweepStandsAt(client, id, 'COMPLETED', PATIENCE_MS)).toMatchObject({
      evaluated: 2,
      failed: 1,
    });
  });

  it('is not there for another workspace', async () => {
    const id = await runSweep(client, { backtest: AAPL_DAYS, space: { fast: [5, 10] } });
    await sweepStandsAt(client, id, 'COMPLETED', PATIENCE_MS);
    const stranger = await signUp(() => local.address, 'stranger@omniquant.example');
    expect(await stranger.ask('query($id: ID!) { sweep(id: $id) { id } }', { id })).toEqual({ sweep: null });
    expect(await stranger.ask('{ sweeps { nodes { id } } }')).toEqual({ sweeps: { nodes: [] } });
  });
});

describe('runSweep', () => {
  const RUN = 'mutation($input: RunSweepInput!) { runSweep(input: $input) { id } }';

  it.each([
    [
      'a strategy that is mistyped',
      { backtest: { ...AAPL_DAYS, strategy: 'sma-cros' } },
      'input.backtest.strategy',
      'sma-cross',
    ],
    [
      'a symbol that is mistyped',
      { backtest: { ...AAPL_DAYS, symbols: ['APPL'] } },
      'input.backtest.symbols[0]',
      'AAPL',
    ],
    ['latency below nothing', { backtest: { ...AAPL_DAYS, latencyMs: -1 } }, 'input.backtest.latencyMs', ''],
    ['a parameter that is mistyped', { space: { fst: [1] } }, 'input.space.fst', 'fast'],
    ['a range beyond the parameter', { space: { fast: { min: 0, max: 5 } } }, 'input.space.fast.min', '1'],
    ['a tuner that is mistyped', { tuner: 'gird' }, 'input.tuner', 'grid'],
    ['a parameter of a tuner', { tuner: 'tpe', tunerConfig: { trials: 0 } }, 'input.tunerConfig.trials', ''],
    ['an objective that is mistyped', { objective: 'sharp' }, 'input.objective', 'sharpe'],
    [
      'windows longer than the data',
      { walkForward: { trainDays: 9_000, testDays: 5 } },
      'input.walkForward.trainDays',
      '',
    ],
    ['more runs than a sweep may have', { space: { fast: { min: 1, max: 60 } } }, 'input.space', '50'],
  ])('refuses %s', async (_what, overrides, field, nearest) => {
    const input = { backtest: AAPL_DAYS, space: SPACE, ...overrides };
    const { errors } = (await client.answer(RUN, { input })) as {
      errors: { message: string; extensions: { code: string; field: string } }[];
    };
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(errors[0]?.message).toContain(nearest);
  });

  it('is refused while too many are unfinished', async () => {
    const input = { backtest: SLOW, space: { blockMs: [900, 901] } };
    const ids = [await runSweep(client, input), await runSweep(client, input)];
    expect(await client.answer(RUN, { input })).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    for (const id of ids) await client.ask(CANCEL, { id });
  });
});
