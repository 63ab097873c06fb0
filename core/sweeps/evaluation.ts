import type { Json } from '@omniquant/plugin-sdk';

import type { BacktestResult } from '../backtest/backtest-result.ts';
import type { BacktestSettings } from '../backtest/backtest-spec.ts';
import type { PerformanceSummary } from '../performance/summary.ts';
import type { SweepSettings } from './sweep-settings.ts';

/** Parameters of a strategy, all of them. */
export type Parameters = Readonly<Record<string, Json>>;

/** A run that a sweep wants: JSON, so that any worker can do it. */
export interface EvaluationTask {
  /**
   * Hash of the parameters, the span and the stage, unique in the sweep: the same key is the same result, whoever
   * computes it and however often.
   */
  readonly key: string;
  readonly parameters: Parameters;
  /** Epoch ms, as in BacktestSettings. */
  readonly from: number;
  readonly to: number;
  /** Place of the walk-forward window, from 0; null without windows. */
  readonly window: number | null;
  /** TEST: the best of a window in the days that its search has not seen. */
  readonly stage: 'TRAIN' | 'TEST';
}

/** What came of a run. Structured data without methods; all but `returns` is JSON, and that is 8 bytes a day. */
export interface EvaluationSummary {
  readonly key: string;
  /** Of the strategy's error or the runner's, such as BAD_PARAMETERS; null for a run that came to its end. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Null for one that failed. */
  readonly performance: PerformanceSummary | null;
  /** Daily returns, flat days included, none after ruin; empty for one that failed. */
  readonly returns: Float64Array;
  /** Trading day of the first return. */
  readonly firstDay: string | null;
  readonly resultHash: string | null;
  readonly counts: {
    readonly bars: number;
    readonly orders: number;
    readonly fills: number;
    readonly denied: number;
  };
  /** Wall time of the run: the one field that differs from one computation to the next. */
  readonly computeMs: number;
}

/** The settings of the run of a task. */
export const settingsOfTask = (
  { backtest }: Pick<SweepSettings, 'backtest'>,
  { from, parameters, to }: Pick<EvaluationTask, 'from' | 'parameters' | 'to'>,
): BacktestSettings => ({ ...backtest, config: parameters, from, to });

const NO_RETURNS = new Float64Array(0);

/** A run that could not be made, or not to its end. */
export const failedEvaluation = (
  key: string,
  { code, message }: { readonly code: string; readonly message: string },
  computeMs: number,
): EvaluationSummary => ({
  key,
  failure: { code, message },
  performance: null,
  ...{ returns: NO_RETURNS, firstDay: null, resultHash: null, computeMs },
  counts: { bars: 0, orders: 0, fills: 0, denied: 0 },
});

/** What a sweep keeps of a run. `daily` is that of `dailySeriesOf` over the run's equity. */
export const summaryOfRun = (
  key: string,
  { counts, failure, performance, resultHash }: BacktestResult,
  daily: { readonly days: readonly string[]; readonly returns: Float64Array },
  computeMs: number,
): EvaluationSummary =>
  failure !== null
    ? failedEvaluation(key, failure, computeMs)
    : {
        ...{ key, failure: null, performance, resultHash, computeMs },
        returns: daily.returns,
        firstDay: daily.days[0] ?? null,
        counts: { bars: counts.bars, orders: counts.orders, fills: counts.fills, denied: counts.denied },
      };
