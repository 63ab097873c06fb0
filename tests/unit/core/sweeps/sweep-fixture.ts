import { defineTuner, inGenerations, parametersAt, T, type TunerDefinition } from '@omniquant/plugin-sdk';
import { Random } from '@omniquant/plugin-sdk/random';

import { calendarOf } from '../../../../core/market/calendars.ts';
import { performanceOf } from '../../../../core/performance/performance-of.ts';
import type { PerformanceSummary } from '../../../../core/performance/summary.ts';
import type { EvaluationSummary, EvaluationTask } from '../../../../core/sweeps/evaluation.ts';
import { failedEvaluation } from '../../../../core/sweeps/evaluation.ts';
import type { SweepSettings } from '../../../../core/sweeps/sweep-settings.ts';
import { settingsWith } from '../../../support/backtest/run-backtest.ts';

export const DAY = 86_400_000;
export const START = Date.UTC(2020, 0, 1);

const { config: _, ...template } = settingsWith({ calendar: 'ALWAYS' });

/** A search of two parameters over 160 days. */
export const settingsOf = (changes: Partial<SweepSettings> = {}): SweepSettings => ({
  backtest: { ...template, from: START, to: START + 160 * DAY },
  space: {
    dimensions: [
      { kind: 'range', name: 'fast', low: 1, high: 6, step: 1, scale: 'linear' },
      { kind: 'choice', name: 'slow', values: [5, 10, 20] },
    ],
    fixed: { quantity: '1' },
  },
  tuner: { id: 'learner', config: {} },
  objective: { figure: 'totalReturn', direction: 'MAXIMIZE', minimumTrades: 0 },
  ...{ seed: 7, walkForward: null },
  ...changes,
});

type Saved = {
  readonly best: readonly number[];
  readonly round: number;
  readonly points: readonly (readonly number[])[];
};

/** Learns from each generation of four, so that what it asks for depends on what it was told; some of it twice. */
export const learner = defineTuner({
  id: 'learner',
  description: 'Goes half the way to the best of each generation',
  config: T.Object({}),
  candidates: () => 24,
  create(space, _config, ctx) {
    let best: readonly number[] = [0.5, 0.5];
    let round = 0;
    let points: readonly (readonly number[])[] = [];
    return inGenerations({
      next() {
        round += 1;
        points = round > 6 ? [] : [0, 1, 2, 3].map(() => best.map((place) => (place + ctx.random()) / 2));
        return points.map((point) => parametersAt(space, point));
      },
      learn(scores) {
        const top = scores.indexOf(Math.max(...scores.map((score) => score ?? -Infinity)));
        best = points[top] ?? best;
      },
      save: () => ({ best, round, points }) satisfies Saved,
      restore(saved) {
        ({ best, round, points } = saved as Saved);
      },
    });
  },
}) as unknown as TunerDefinition;

const known = new Map<string, EvaluationSummary>();

/** What comes of a run: a function of its key and parameters alone. Slow of 20 with fast of 6 fails. */
export function evaluate(task: EvaluationTask): EvaluationSummary {
  const found = known.get(task.key) ?? run(task);
  known.set(task.key, found);
  return found;
}

function run({ from, key, parameters, to }: EvaluationTask): EvaluationSummary {
  if (parameters['fast'] === 6 && parameters['slow'] === 20) {
    return failedEvaluation(key, { code: 'BAD_PARAMETERS', message: 'no' }, 1);
  }
  const random = Random.fromSeed('returns', key);
  const days = Math.floor((to - from) / DAY);
  const drift = Number(parameters['slow']) / 20_000 - Math.abs(Number(parameters['fast']) - 3) / 10_000;
  const returns = Float64Array.from({ length: days }, () => drift + (random.fraction() - 0.5) / 100);
  const calendar = calendarOf('ALWAYS');
  const dayList: string[] = [];
  for (let index = 0; index < days; index += 1) dayList.push(calendar.tradingDay(from + index * DAY + 1));
  return {
    ...{ key, failure: null, returns, firstDay: dayList[0] ?? null, resultHash: key, computeMs: 1 },
    performance: summaryOf(dayList, returns),
    counts: { bars: days, orders: 2, fills: 2, denied: 0 },
  };
}

function summaryOf(days: readonly string[], returns: Float64Array): PerformanceSummary {
  let value = 1;
  const index = Float64Array.from(returns, (each) => (value *= 1 + each));
  const equity = {
    startDay: calendarOf('ALWAYS').previousTradingDay(days[0] ?? '2020-01-01'),
    ...{ days, index, returns, ruinedOn: null, carriedDays: 0 },
    equity: Array.from(index, (each) => BigInt(Math.round(each * 1e6)) * 10n ** 17n),
    exposure: days.map(() => null),
  };
  return performanceOf({ calendar: calendarOf('ALWAYS'), startingCash: 10n ** 23n, equity }).summary;
}
