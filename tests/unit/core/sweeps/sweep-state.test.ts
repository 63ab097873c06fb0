import { describe, expect, it } from '@jest/globals';
import { defineTuner, type Json, SearchSpaceError, T, type TunerDefinition } from '@omniquant/plugin-sdk';
import fc from 'fast-check';

import type { EvaluationSummary, EvaluationTask } from '../../../../core/sweeps/evaluation.ts';
import { resultOfSweep } from '../../../../core/sweeps/result-of-sweep.ts';
import type { SweepSettings, WalkForwardSettings } from '../../../../core/sweeps/sweep-settings.ts';
import { SweepState } from '../../../../core/sweeps/sweep-state.ts';
import { evaluate, learner, settingsOf } from './sweep-fixture.ts';

const ROLLING: WalkForwardSettings = {
  ...{ mode: 'ROLLING', trainDays: 40, testDays: 24, stepDays: 24, embargoDays: 2 },
};

/** How a sweep is led: how many are asked for at a time, which comes back next, and where it is restored. */
interface Way {
  readonly count: number;
  readonly next: (waiting: number) => number;
  readonly isRestored: () => boolean;
}

const STRAIGHT: Way = { count: 1, next: () => 0, isRestored: () => false };

function lead(settings: SweepSettings, { count, isRestored, next }: Way) {
  let state = new SweepState(settings, learner);
  const kept = new Map<string, EvaluationSummary>();
  const waiting: EvaluationTask[] = [];
  const asked: string[] = [];
  for (;;) {
    const given = state.ask(count);
    waiting.push(...given);
    asked.push(...given.map(({ key }) => key));
    if (state.isOver) break;
    if (isRestored()) {
      const saved = JSON.parse(JSON.stringify(state.snapshot())) as Json;
      state = SweepState.restore(settings, learner, saved);
      // Who did them is gone: they are done again, in any order.
      expect(new Set(state.outstanding().map(({ key }) => key))).toEqual(
        new Set(waiting.map(({ key }) => key)),
      );
    }
    if (waiting.length === 0) continue;
    const [task] = waiting.splice(next(waiting.length), 1);
    const evaluation = evaluate(task!);
    kept.set(evaluation.key, evaluation);
    expect(state.tell(evaluation)).toBe(true);
    expect(state.tell(evaluation)).toBe(false);
  }
  expect(new Set(asked).size).toBe(asked.length);
  expect(waiting).toEqual([]);
  return { result: resultOfSweep(state, (key) => kept.get(key) ?? null), progress: state.progress(), state };
}

const ways = fc.infiniteStream(fc.nat()).map((numbers): Way => {
  const draw = (): number => numbers.next().value as number;
  const count = 1 + (draw() % 9);
  return { count, next: (waiting) => draw() % waiting, isRestored: () => draw() % 4 === 0 };
});

describe('a sweep', () => {
  const settings = settingsOf();
  const expected = lead(settings, STRAIGHT);

  it('comes to the same result however many workers there are, whoever is first, and wherever it is restored', () => {
    fc.assert(
      fc.property(ways, (way) => {
        const { progress, result } = lead(settings, way);
        expect(result).toEqual(expected.result);
        expect(progress).toEqual(expected.progress);
      }),
      { numRuns: 20 },
    );
  });

  it('runs equal parameters once, tells the tuner null for what failed, and counts both', () => {
    const { progress, result } = expected;
    expect(progress).toMatchObject({ settled: 24, expected: 24, outstanding: 0 });
    expect(result.search?.evaluated).toBe(progress.evaluated);
    expect(progress.evaluated).toBeLessThan(24);
    expect(result.search?.failed).toBe(progress.failed);
  });

  it('ranks by the objective, the earlier of equal ones first', () => {
    const objectives = expected.result.search!.ranking.map(({ objective }) => objective);
    expect(objectives).toEqual(objectives.toSorted((a, b) => b - a));
    const lowest = lead(
      settingsOf({ objective: { figure: 'volatility', direction: 'MINIMIZE', minimumTrades: 0 } }),
      STRAIGHT,
    );
    const volatilities = lowest.result.search!.ranking.map(({ objective }) => objective);
    expect(volatilities).toEqual(volatilities.toSorted((a, b) => a - b));
    expect(volatilities[0]).toBe(lowest.result.search!.ranking[0]!.performance.volatility);
  });

  it('comes to the same state when it is told kept results by their keys', () => {
    const again = lead(settings, { ...STRAIGHT, count: 1_000 });
    expect(again.state.snapshot()).toEqual(expected.state.snapshot());
  });

  it('has no score for runs with too few trades', () => {
    const few = lead(settingsOf({ objective: { ...settings.objective, minimumTrades: 1 } }), STRAIGHT);
    expect(few.result.search).toMatchObject({ ranking: [], deflatedSharpe: null, grid: expect.anything() });
    expect(few.result.search?.failures).toMatchObject({ NO_SCORE: expect.any(Number) });
  });

  it('refuses snapshots of other settings, and of other versions', () => {
    const saved = expected.state.snapshot();
    const mismatch = expect.objectContaining({ code: 'SNAPSHOT_MISMATCH' });
    expect(() => SweepState.restore(settingsOf({ seed: 8 }), learner, saved)).toThrow(mismatch);
    expect(() => SweepState.restore(settings, learner, { schema: 0 })).toThrow(mismatch);
    expect(() => SweepState.restore(settings, learner, null)).toThrow(mismatch);
  });
});

describe('a walk-forward', () => {
  const settings = settingsOf({ walkForward: ROLLING });
  const expected = lead(settings, STRAIGHT);

  it('comes to the same result however it is led', () => {
    fc.assert(
      fc.property(ways, (way) => {
        expect(lead(settings, way).result).toEqual(expected.result);
      }),
      { numRuns: 5 },
    );
  });

  it('tests the best of each search after it, and joins the tests', () => {
    const { walkForward } = expected.result;
    const windows = walkForward!.windows;
    expect(windows).toHaveLength(5);
    for (const [index, { best, outOfSample, search, test, train }] of windows.entries()) {
      expect(best).toEqual(search.ranking[0]);
      expect(test.from).toBeGreaterThan(train.to);
      const task = expected.state.testOf(index)!;
      expect(task).toMatchObject({ ...test, parameters: best!.parameters, stage: 'TEST' });
      expect(outOfSample).toEqual(evaluate(task).performance);
    }
    const returns = windows.flatMap((_, index) => [...evaluate(expected.state.testOf(index)!).returns]);
    expect(walkForward!.outOfSample.returns).toEqual(returns);
    const grown = returns.reduce((value, each) => value * (1 + each), 1);
    expect(walkForward!.outOfSample.performance.totalReturn).toBeCloseTo(grown - 1, 12);
  });

  it('trades nothing after a search that found nothing', () => {
    const none = settingsOf({
      walkForward: ROLLING,
      objective: { figure: 'totalReturn', direction: 'MAXIMIZE', minimumTrades: 5 },
    });
    const { result } = lead(none, STRAIGHT);
    expect(result.walkForward!.windows.map(({ best, outOfSample }) => [best, outOfSample])).toEqual(
      Array.from({ length: 5 }, () => [null, null]),
    );
    expect(result.walkForward!.outOfSample.performance.totalReturn).toBe(0);
    expect(result.walkForward!.efficiency).toBeNull();
  });
});

describe('a tuner that does not keep to its contract', () => {
  const broken = (tuner: object): TunerDefinition =>
    defineTuner({
      ...{ id: 'broken', description: 'Breaks', config: T.Object({}) },
      create: () => ({
        ...{ ask: () => [], tell: () => undefined, snapshot: () => null, restore: () => undefined },
        ...tuner,
      }),
    });

  it('is told of by a code, with its own error as the cause', () => {
    const cause = new Error('no');
    const throws = broken({
      ask() {
        throw cause;
      },
    });
    expect(() => new SweepState(settingsOf(), throws).ask(1)).toThrow(
      expect.objectContaining({ code: 'TUNER_FAILED', cause }),
    );
    const twice = broken({
      ask: () => [
        { id: '1', parameters: {} },
        { id: '1', parameters: {} },
      ],
    });
    expect(() => new SweepState(settingsOf(), twice).ask(2)).toThrow('gave out "1" twice');
  });

  it('may say itself that it cannot search a space', () => {
    const picky = defineTuner({
      ...{ id: 'picky', description: 'Refuses', config: T.Object({}) },
      create() {
        throw new SearchSpaceError('fast', 'is no choice');
      },
    }) as unknown as TunerDefinition;
    expect(() => new SweepState(settingsOf(), picky)).toThrow(SearchSpaceError);
  });
});
