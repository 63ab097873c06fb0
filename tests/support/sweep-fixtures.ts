import { randomUUID } from 'node:crypto';

import type { PerformanceSummary } from '../../core/performance/summary.ts';
import type { EvaluationSummary, EvaluationTask } from '../../core/sweeps/evaluation.ts';
import type { NewSweep } from '../../gateway/database/sweeps/sweep-store.ts';
import type { SweepWork } from '../../gateway/sweeps/jobs/sweep-work.ts';

export const testSweep = (): NewSweep => ({
  ...{ id: randomUUID(), request: '{}', settingsHash: 'h', total: 10, createdBy: 'user:x', createdAt: 5 },
  details: { strategy: 'sma-cross' },
  settings: JSON.stringify({ objective: { figure: 'sharpe', direction: 'MAXIMIZE', minimumTrades: 0 } }),
});

export const testTask = (fast: number): EvaluationTask => ({
  ...{ key: `k-${String(fast)}`, parameters: { fast }, from: 0, to: 1, window: null, stage: 'TRAIN' },
});

export const testSummary = (task: EvaluationTask, computeMs = 1): EvaluationSummary => ({
  ...{ key: task.key, failure: null, firstDay: '2020-01-02', resultHash: 'r', computeMs },
  performance: { sharpe: Number(task.parameters['fast']), trades: 3 } as PerformanceSummary,
  returns: Float64Array.of(0.5, -0.25, Number(task.parameters['fast'])),
  counts: { bars: 1, orders: 1, fills: 1, denied: 0 },
});

/** Tasks of each turn of a search that knows them from the start. */
export const TURNS = [
  [1, 2, 3, 4, 5, 6],
  [7, 8, 9],
];

/** Does a sweep of {@link TURNS} in this thread. */
export const testWork = (over: Partial<SweepWork> = {}): SweepWork => ({
  evaluate: (_sweep, tasks) => Promise.resolve(tasks.map((task) => testSummary(task))),
  turn({ state, turn }, told) {
    const before = (state as number[] | null) ?? [];
    const now = [...before, ...told.map(({ performance }) => performance?.sharpe ?? 0)];
    const next = TURNS[turn];
    const total = TURNS.flat().length;
    return Promise.resolve(next === undefined ? null : { state: now, tasks: next.map(testTask), total });
  },
  conclude: (_turn, all) => {
    const json = JSON.stringify(all.map(({ key, returns }) => [key, ...returns]));
    return Promise.resolve({ json, hash: `hash-of-${String(all.length)}` });
  },
  ...over,
});
