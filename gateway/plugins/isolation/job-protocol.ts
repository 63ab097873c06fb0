import type {
  Candidate,
  Json,
  ModelArtifact,
  SearchSpace,
  TrainingData,
  Weights,
  WeightsRequest,
} from '@omniquant/plugin-sdk';
import type { RandomState } from '@omniquant/plugin-sdk/random';

import type { EvaluationSummary } from '../../../core/sweeps/evaluation.ts';
import type {
  AccountReportOutcome,
  AccountReportTask,
  PerformanceOutcome,
  PerformanceTask,
} from '../../account-performance/performance-task.ts';
import type { BacktestSaving, BacktestTask, CheckedBacktest } from '../../backtests/jobs/backtest-task.ts';
import type { RenderedReport, ReportTask } from '../../backtests/jobs/report-task.ts';
import type { PackedBacktest } from '../../database/backtests/packed-backtest.ts';
import type { NextTurn } from '../../database/sweeps/sweep-results.ts';
import type { CheckedSweep, CheckSweepTask, SearchTask, TurnTask } from '../../sweeps/jobs/sweep-tasks.ts';
import type { SweepOutcome } from '../../sweeps/jobs/sweep-work.ts';
import type { EvaluateSweepTask } from '../../sweeps/local/evaluate-sweep-task.ts';

/*
 * What a gateway and a worker of its job pool say to each other: plain data, copied. A job holds all that it
 * depends on, so that any worker can do it and doing it again gives the same.
 */

/** An extension and its parameters, checked by whoever asks, with their defaults. */
interface Configured {
  /** Package name or file URL of the plugin. */
  readonly specifier: string;
  readonly id: string;
  readonly config: unknown;
}

export interface WeightsJob extends Configured {
  readonly kind: 'weights';
  readonly request: WeightsRequest;
}

export interface TrainJob extends Configured {
  readonly kind: 'train';
  readonly data: TrainingData;
  readonly seed: string;
}

export interface PredictJob extends Configured {
  readonly kind: 'predict';
  readonly artifact: ModelArtifact;
  /** A row a sample. */
  readonly samples: readonly (readonly number[])[];
}

/** A search between two turns; JSON. */
export interface SavedSearch {
  readonly tuner: Json;
  readonly random: RandomState;
}

/** One turn of a search: it goes on from where it was, is told scores, and asked for candidates. */
export interface TuneJob extends Configured {
  readonly kind: 'tune';
  readonly space: SearchSpace;
  readonly seed: string;
  /** Null: it begins. */
  readonly saved: SavedSearch | null;
  /** In the order in which the candidates were given out. */
  readonly told: readonly { readonly id: string; readonly score: number | null }[];
  /** Most candidates to give out. */
  readonly ask: number;
}

/** A backtest of the strategy that is named. */
export interface BacktestJob extends Configured {
  readonly kind: 'backtest';
  readonly task: BacktestTask;
  readonly saving: BacktestSaving;
}

/** Whether there could be such a backtest. */
export interface CheckBacktestJob extends Configured {
  readonly kind: 'check-backtest';
  readonly task: BacktestTask;
}

/** Runs of a sweep of the strategy that is named. */
export interface EvaluateSweepJob extends Configured {
  readonly kind: 'evaluate-sweep';
  readonly task: EvaluateSweepTask;
}

/** Whether there could be such a sweep. */
export interface CheckSweepJob extends Configured {
  readonly kind: 'check-sweep';
  readonly task: CheckSweepTask;
}

/** What the search of a sweep wants next. */
export interface TurnSweepJob extends Configured {
  readonly kind: 'turn-sweep';
  readonly task: TurnTask;
}

/** What a sweep has come to. */
export interface ConcludeSweepJob extends Configured {
  readonly kind: 'conclude-sweep';
  readonly task: SearchTask;
}

/** A document of what came of a backtest. Runs no code of plugins. */
export interface ReportJob extends Configured {
  readonly kind: 'report';
  readonly task: ReportTask;
}

/** The performance of accounts. Runs no code of plugins. */
export interface PerformanceJob extends Configured {
  readonly kind: 'performance';
  readonly task: PerformanceTask;
}

/** A document of the performance of an account. Runs no code of plugins. */
export interface AccountReportJob extends Configured {
  readonly kind: 'account-report';
  readonly task: AccountReportTask;
}

export type Job =
  | WeightsJob
  | TrainJob
  | PredictJob
  | TuneJob
  | BacktestJob
  | CheckBacktestJob
  | CheckSweepJob
  | EvaluateSweepJob
  | TurnSweepJob
  | ConcludeSweepJob
  | ReportJob
  | PerformanceJob
  | AccountReportJob;

/** What comes of each kind of job. */
export interface JobResults {
  readonly weights: Weights | null;
  readonly train: ModelArtifact;
  /** A row a sample. */
  readonly predict: readonly (readonly number[])[];
  readonly backtest: PackedBacktest;
  readonly 'check-backtest': CheckedBacktest;
  /** In the order of the tasks. */
  readonly 'evaluate-sweep': readonly EvaluationSummary[];
  readonly 'check-sweep': CheckedSweep;
  /** Null: it is over. */
  readonly 'turn-sweep': NextTurn | null;
  readonly 'conclude-sweep': SweepOutcome;
  readonly report: RenderedReport;
  readonly performance: PerformanceOutcome;
  readonly 'account-report': AccountReportOutcome;
  readonly tune: { readonly candidates: readonly Candidate[]; readonly saved: SavedSearch };
}

export type JobResult<J extends Job> = JobResults[J['kind']];

/** Asks the job at hand to save itself now; what cannot be saved pays no heed. */
export interface SaveNow {
  readonly kind: 'save-now';
}

export type FromJobWorker =
  | { readonly kind: 'progress'; readonly fraction: number }
  /** Null: there is nothing to save. */
  | { readonly kind: 'saved'; readonly content: Uint8Array | null }
  | { readonly kind: 'done'; readonly result: JobResults[Job['kind']] }
  | {
      readonly kind: 'failed';
      /** Of the plugin's own error, such as "INFEASIBLE"; null when it has none. */
      readonly reason: string | null;
      readonly message: string;
    };
