import type { Json, TunerDefinition } from '@omniquant/plugin-sdk';

import { BacktestError } from '../../../core/backtest/backtest-error.ts';
import type { EvaluationSummary } from '../../../core/sweeps/evaluation.ts';
import { resultOfSweep } from '../../../core/sweeps/result-of-sweep.ts';
import { SweepError } from '../../../core/sweeps/sweep-error.ts';
import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import { SweepState } from '../../../core/sweeps/sweep-state.ts';
import { loadBacktestExtensions } from '../../backtests/backtest-extensions.ts';
import type { BacktestPlugin } from '../../backtests/jobs/backtest-task.ts';
import { openMarketData } from '../../backtests/market-data/open-market-data.ts';
import { offeredMarketData, type StoredBarsOffer } from '../../backtests/market-data/stored-bars-channel.ts';
import type { NextTurn } from '../../database/sweeps/sweep-results.ts';
import { prepareSweep } from '../prepare-sweep.ts';
import { sweepOutcome } from './sweep-outcome.ts';
import type { SweepOutcome } from './sweep-work.ts';

/* What is done of a sweep in threads besides its evaluations; all that goes in and comes out is plain data. */

export interface CheckSweepTask {
  /** A SweepRequest. */
  readonly request: unknown;
  /** That of the strategy, those of optimizers that it may use, and those of tuners. */
  readonly plugins: readonly BacktestPlugin[];
  /** Where imported bars are. */
  readonly dataDir: string;
  /** Bars that gateways have kept, which the workspace may read. */
  readonly stored: StoredBarsOffer;
}

/** What a request comes to, or what is wrong with it: `field` is a path in it, null for the whole. */
export type CheckedSweep =
  | { readonly settings: SweepSettings; readonly total: number | null }
  | { readonly problem: { readonly field: string | null; readonly message: string } };

/** The search of a sweep, as it was left. */
export interface SearchTask {
  readonly settings: SweepSettings;
  /** That of the tuner. */
  readonly plugins: readonly BacktestPlugin[];
  /** Null for one that begins. */
  readonly state: Json | null;
  readonly evaluations: readonly EvaluationSummary[];
}

export interface TurnTask extends SearchTask {
  /** Most evaluations to give out. */
  readonly most: number;
}

/** Whoever does not want the result any more ends the thread. */
const NEVER_ABORTED = new AbortController().signal;

/** Checks a request in this thread. */
export async function checkSweepTask({
  dataDir,
  plugins,
  request,
  stored,
}: CheckSweepTask): Promise<CheckedSweep> {
  const extensions = await loadBacktestExtensions(plugins.map((plugin) => ({ ...plugin, required: false })));
  try {
    const data = openMarketData(dataDir, offeredMarketData(stored));
    const { settings, tuner } = await prepareSweep(request, { extensions, data }, NEVER_ABORTED);
    return { settings, total: totalOf(new SweepState(settings, tuner)) };
  } catch (error) {
    if (!(error instanceof BacktestError) || error.code !== 'BAD_USER_INPUT') throw error;
    return { problem: { field: error.field, message: error.message } };
  }
}

/** Tells the search in this thread what has come back, and asks it for more; null when it is over. */
export async function turnSweepTask(task: TurnTask): Promise<NextTurn | null> {
  const sweep = await openSearch(task);
  const tasks = sweep.ask(task.most);
  if (sweep.isOver) return null;
  if (tasks.length > 0) return { tasks, state: sweep.snapshot(), total: totalOf(sweep) };
  throw new SweepError('TUNER_FAILED', 'the tuner gives out nothing, though all that it gave out is back');
}

/** Works out in this thread what a sweep has come to. */
export async function concludeSweepTask(task: SearchTask): Promise<SweepOutcome> {
  const sweep = await openSearch(task);
  // That it is over is found out by asking.
  sweep.ask(1);
  const kept = new Map(task.evaluations.map((evaluation) => [evaluation.key, evaluation]));
  return sweepOutcome(resultOfSweep(sweep, (key) => kept.get(key) ?? null));
}

async function openSearch({ evaluations, plugins, settings, state }: SearchTask): Promise<SweepState> {
  const tuner = await tunerOf(settings.tuner.id, plugins);
  const sweep = state === null ? new SweepState(settings, tuner) : SweepState.restore(settings, tuner, state);
  for (const evaluation of evaluations) sweep.tell(evaluation);
  return sweep;
}

async function tunerOf(id: string, plugins: readonly BacktestPlugin[]): Promise<TunerDefinition> {
  const extensions = await loadBacktestExtensions(plugins.map((plugin) => ({ ...plugin, required: false })));
  const found = extensions.tuner(id);
  if (found !== null) return found;
  throw new SweepError(
    'TUNER_FAILED',
    `the tuner ${id} could not be loaded: ${extensions.problems.join('; ')}`,
  );
}

/** Those that are back, and at most as many as the search has still to give; equal parameters are run once. */
function totalOf(sweep: SweepState): number | null {
  const { evaluated, expected, settled } = sweep.progress();
  return expected === null ? null : evaluated + Math.max(0, expected - settled);
}
