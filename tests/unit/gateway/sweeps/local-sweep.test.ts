import { describe, expect, it } from '@jest/globals';
import { grid } from '@omniquant/tuner-grid';
import { tpe } from '@omniquant/tuner-tpe';

import type { EvaluationTask } from '../../../../core/sweeps/evaluation.ts';
import { settingsOfTask } from '../../../../core/sweeps/evaluation.ts';
import { SweepState } from '../../../../core/sweeps/sweep-state.ts';
import { backtestExtensionsOf } from '../../../../gateway/backtests/backtest-extensions.ts';
import { prepareRun } from '../../../../gateway/backtests/prepare-backtest.ts';
import { runBacktest } from '../../../../gateway/backtests/run-backtest.ts';
import { barsInMemory } from '../../../../gateway/sweeps/local/bars-in-memory.ts';
import { evaluateTasks } from '../../../../gateway/sweeps/local/evaluate-tasks.ts';
import { runSweep } from '../../../../gateway/sweeps/local/run-sweep.ts';
import { prepareSweep } from '../../../../gateway/sweeps/prepare-sweep.ts';
import { smaCross } from '../../../../plugins/strategy-sma-cross/src/sma-cross.ts';
import { flatRows, memoryMarketData } from '../backtests/memory-market-data.ts';

const DAY = 86_400_000;
const { signal } = new AbortController();
const rows = flatRows(
  Date.UTC(2020, 0, 1),
  DAY,
  500,
  (index) => Math.round(10_000 + 2_000 * Math.sin(index / 9)) / 100,
);
const data = memoryMarketData([
  { symbol: 'X', interval: 'DAY_1', rows },
  { symbol: 'B', interval: 'DAY_1', rows },
]);
const surroundings = {
  data,
  extensions: backtestExtensionsOf([smaCross, grid, tpe]),
};

const backtest = { strategy: 'sma-cross', symbols: ['X'], interval: 'DAY_1', benchmark: 'B' };
const space = { fast: { min: 2, max: 8, step: 2 }, slow: [6, 12, 24] };
const prepare = (changes: object = {}) => prepareSweep({ backtest, space, ...changes }, surroundings, signal);

async function lead(changes: object, workers: number, megabytes = 10) {
  const prepared = await prepare(changes);
  const bars = barsInMemory(data, prepared.settings.backtest, megabytes);
  const evaluate = (tasks: readonly EvaluationTask[]) =>
    evaluateTasks(tasks, { ...surroundings, settings: prepared.settings, bars }, { signal });
  return { ...(await runSweep(prepared, { evaluate, workers, signal })), prepared };
}

describe('a sweep in this process', () => {
  it('comes to the same result with any number of workers, and with bars that are not held', async () => {
    for (const changes of [{ tuner: 'tpe', tunerConfig: { trials: 9, startup: 4, generation: 3 } }]) {
      const [one, three, streamed] = [
        await lead(changes, 1),
        await lead(changes, 3),
        await lead(changes, 2, 0),
      ];
      expect(three.result).toEqual(one.result);
      expect(streamed.result).toEqual(one.result);
      expect(one.result.search?.ranking.length).toBeGreaterThan(0);
    }
  });

  it('runs what a backtest over the same days runs, whatever is before them', async () => {
    const walkForward = { mode: 'ROLLING', trainDays: 120, testDays: 60 };
    const { evaluations, prepared, state } = await lead({ walkForward }, 2);
    const tasks = [state.testOf(0), state.testOf(2)].map((task) => task!);
    for (const task of tasks) {
      const settings = settingsOfTask(prepared.settings, task);
      const whole = await prepareRun(
        settings,
        { strategy: prepared.strategy, uses: {} },
        surroundings,
        signal,
      );
      const { performance, resultHash } = await runBacktest(whole, { signal });
      expect(evaluations.get(task.key)).toMatchObject({ performance, resultHash });
    }
  });

  it('fails parameters that the strategy refuses, and those alone', async () => {
    const { result } = await lead({}, 2);
    // Fast of 6 and 8 with slow of 6.
    expect(result.search).toMatchObject({ evaluated: 12, failures: { BAD_PARAMETERS: 2 } });
  });

  it('measures all parameter sets over the same days: after the longest warm-up', async () => {
    const { evaluations, prepared } = await lead({}, 1);
    expect(prepared.settings.backtest.from).toBe(rows[24]!.at);
    const lengths = [...evaluations.values()].filter(({ failure }) => failure === null);
    expect(new Set(lengths.map(({ returns }) => returns.length)).size).toBe(1);
  });

  it('stops when it is told to, and says why', async () => {
    const prepared = await prepare();
    const stop = new AbortController();
    const evaluate = async (): Promise<never> => {
      stop.abort(new Error('enough'));
      await Promise.resolve();
      throw new Error('given up');
    };
    await expect(runSweep(prepared, { evaluate, workers: 2, signal: stop.signal })).rejects.toThrow('enough');
    expect(new SweepState(prepared.settings, prepared.tuner).isOver).toBe(false);
  });
});

describe('what is asked for', () => {
  it.each([
    [{ space: { fsat: [1, 2] } }, 'space.fsat', 'the nearest is fast'],
    [{ space: { fast: { min: 1, max: 900 } } }, 'space.fast.max', 'the nearest is 500'],
    [{ space: { fast: { min: 1.5, max: 9 } } }, 'space.fast.min', 'the nearest is 2'],
    [{ space: { slow: [5, 2_000] } }, 'space.slow[1]', 'the nearest is 1000'],
    [{ space: { fast: { min: 1, max: 9, setp: 1 } } }, 'space.fast.setp', 'the nearest is step'],
    [{ space: { quantity: { min: 1, max: 2 } } }, 'space.quantity', 'give a list of values'],
    [{ tuner: 'gird' }, 'tuner', 'the nearest is grid'],
    [{ tuner: 'tpe', tunerConfig: { trails: 5 } }, 'tunerConfig.trails', 'the nearest is trials'],
    [{ objective: 'sharp' }, 'objective', 'the nearest is sharpe'],
    [{ backtest: { ...backtest, symbols: ['Y'] } }, 'backtest.symbols[0]', 'there are no bars of it'],
    [{ backtest: { ...backtest, config: { fast: 3 } } }, 'space.fast', 'has a value in config'],
    [{ walkForward: { mode: 'ROLLING', trainDays: 900, testDays: 9 } }, 'walkForward.trainDays', 'there are'],
    [{ walkForwards: {} }, 'walkForwards', 'the nearest is walkForward'],
  ])('%j is refused by its field, with what it could be', async (changes, field, hint) => {
    await expect(prepare(changes)).rejects.toMatchObject({
      ...{ code: 'BAD_USER_INPUT', field, message: expect.stringContaining(hint) },
    });
  });
});
