import type { SweepResult } from '../../../core/sweeps/sweep-result.ts';
import type { BacktestSurroundings } from '../../backtests/prepare-backtest.ts';
import { runBacktest } from '../../backtests/run-backtest.ts';
import { prepareEvaluation } from '../../sweeps/local/evaluate-tasks.ts';
import type { PreparedSweep } from '../../sweeps/prepare-sweep.ts';
import { checkOutputs, type Outputs, writeOutputs } from '../backtest/write-outputs.ts';
import { UsageError } from '../usage-error.ts';

/** Before hours have been spent on what cannot be written. Throws UsageError naming the option. */
export function checkBestReport(outputs: Outputs, isWalkForward: boolean): void {
  checkOutputs(outputs);
  const asked = outputs.report !== null ? '--report' : outputs.csvFolder !== null ? '--csv-dir' : null;
  if (asked === null || !isWalkForward) return;
  throw new UsageError(
    `omniquant: ${asked} is of the best parameter set, and a walk-forward has one for each window: ` +
      `leave --walk-forward out, or give the parameters of a window to omniquant backtest ${asked}`,
  );
}

/**
 * Runs the best parameter set of a search once more, in this thread, and writes what a backtest writes; answers with the
 * paths. Nothing is written where no parameter set has a score. Rejects when the run has another hash than in the search.
 */
export async function writeBestReport(
  outputs: Outputs,
  { settings, strategy }: PreparedSweep,
  { search }: SweepResult,
  surroundings: BacktestSurroundings,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const best = search?.ranking[0];
  if (best === undefined || (outputs.report === null && outputs.csvFolder === null)) return [];
  const wanted = { ...settings.backtest, config: best.parameters };
  const prepared = await prepareEvaluation(wanted, strategy, surroundings, signal);
  if ('refused' in prepared) throw new Error(`the best parameter set is refused: ${prepared.refused}`);
  const result = await runBacktest(prepared, { signal });
  if (result.resultHash !== best.resultHash) {
    throw new Error(
      `the best parameter set came to ${result.resultHash} when it was run again, and to ${best.resultHash ?? 'nothing'} ` +
        `in the search: have bars been imported meanwhile, or does ${strategy.id} not do the same each time?`,
    );
  }
  return writeOutputs(outputs, result, prepared, signal);
}
