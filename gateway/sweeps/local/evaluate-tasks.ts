import { setImmediate as nextTurn } from 'node:timers/promises';

import { isOptimizerError, type StrategyDefinition, StrategyError } from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { BacktestError } from '../../../core/backtest/backtest-error.ts';
import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { BacktestSettings } from '../../../core/backtest/backtest-spec.ts';
import { calendarOf } from '../../../core/market/calendars.ts';
import { dailySeriesOf } from '../../../core/performance/daily-equity.ts';
import {
  type EvaluationSummary,
  type EvaluationTask,
  failedEvaluation,
  settingsOfTask,
  summaryOfRun,
} from '../../../core/sweeps/evaluation.ts';
import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import {
  type BacktestSurroundings,
  findStrategy,
  type PreparedBacktest,
  prepareRun,
} from '../../backtests/prepare-backtest.ts';
import { runBacktest } from '../../backtests/run-backtest.ts';
import { checkStrategyParameters } from '../../plugins/strategy-parameters.ts';
import type { BarsInMemory } from './bars-in-memory.ts';
import { runInMemory } from './run-in-memory.ts';

/** What runs of one sweep in this thread have in common. */
export interface EvaluationSurroundings extends BacktestSurroundings {
  readonly settings: SweepSettings;
  readonly bars: BarsInMemory;
}

export interface EvaluateOptions {
  /** Rejects with its reason between two runs, and between two slices of a long one. */
  readonly signal: AbortSignal;
  /** After each run. */
  readonly onEvaluated?: (evaluation: EvaluationSummary) => void;
}

/**
 * Does runs of a sweep in this thread, one after the other, over bars that stay in memory. What a run fails of is its
 * result: BAD_PARAMETERS where the strategy refuses them, else the code of the strategy's or the runner's error. Rejects
 * with MarketDataError for bars that cannot be read, with what plugins throw beyond that, and when it is aborted.
 */
export async function evaluateTasks(
  tasks: readonly EvaluationTask[],
  surroundings: EvaluationSurroundings,
  { onEvaluated, signal }: EvaluateOptions,
): Promise<readonly EvaluationSummary[]> {
  const strategy = findStrategy(surroundings.settings.backtest.strategy, surroundings.extensions);
  const evaluations: EvaluationSummary[] = [];
  for (const task of tasks) {
    signal.throwIfAborted();
    const evaluation = await evaluate(task, strategy, surroundings, signal);
    evaluations.push(evaluation);
    onEvaluated?.(evaluation);
    await nextTurn();
  }
  return evaluations;
}

async function evaluate(
  task: EvaluationTask,
  strategy: StrategyDefinition,
  surroundings: EvaluationSurroundings,
  signal: AbortSignal,
): Promise<EvaluationSummary> {
  const begun = performance.now();
  const took = (): number => performance.now() - begun;
  try {
    const result = await run(task, strategy, surroundings, signal);
    if ('refused' in result) {
      return failedEvaluation(task.key, { code: 'BAD_PARAMETERS', message: result.refused }, took());
    }
    const { calendar, startingCash } = result.settings;
    const equity = result.equity.map((point) => ({ at: point.at, equity: parseDecimal(point.equity) }));
    const daily = dailySeriesOf(calendarOf(calendar), parseDecimal(startingCash), equity);
    return summaryOfRun(task.key, result, daily, took());
  } catch (error) {
    if (!isOfRun(error)) throw error;
    return failedEvaluation(task.key, error, took());
  }
}

const isOfRun = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof BacktestError || error instanceof StrategyError || isOptimizerError(error);

async function run(
  task: EvaluationTask,
  strategy: StrategyDefinition,
  surroundings: EvaluationSurroundings,
  signal: AbortSignal,
): Promise<BacktestResult | { readonly refused: string }> {
  const { bars, settings } = surroundings;
  const prepared = await prepareEvaluation(settingsOfTask(settings, task), strategy, surroundings, signal);
  if ('refused' in prepared) return prepared;
  return (await runInMemory(prepared, bars, signal)) ?? runBacktest(prepared, { signal });
}

/** The backtest of one parameter set, or why the strategy does not take its parameters. Throws as prepareRun does. */
export async function prepareEvaluation(
  settings: BacktestSettings,
  strategy: StrategyDefinition,
  surroundings: BacktestSurroundings,
  signal: AbortSignal,
): Promise<PreparedBacktest | { readonly refused: string }> {
  const { config, interval, symbols } = settings;
  const checked = checkStrategyParameters(strategy, config, { symbols, interval });
  if ('problems' in checked) {
    const [problem] = checked.problems;
    return { refused: [problem?.field, problem?.message].filter((part) => part !== '').join(' ') };
  }
  return prepareRun(
    { ...settings, config: checked.config },
    { strategy, uses: checked.uses },
    surroundings,
    signal,
  );
}
