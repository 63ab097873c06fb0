import type { PerformanceSummary } from '../performance/summary.ts';
import type { EvaluationSummary, EvaluationTask, Parameters } from '../sweeps/evaluation.ts';
import type { BacktestStatus } from './backtests.ts';

/** A sweep goes through the same states as a backtest. */
export type SweepStatus = BacktestStatus;

/** The parameter set that has the highest score so far. */
export interface LeadingParameters {
  readonly parameters: Parameters;
  /** The higher the better: the figure that is searched for, its sign changed where less is better. */
  readonly score: number;
  readonly performance: PerformanceSummary;
  readonly resultHash: string | null;
}

/** A sweep of a workspace as it stands, without its evaluations and what it came to. */
export interface SweepRow {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: SweepStatus;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Wall clock, as all times here. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** SweepSettings as JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Evaluations that are stored, and those of them that failed. */
  readonly evaluated: number;
  readonly failed: number;
  /** How many there will be; null where the search cannot say. */
  readonly total: number | null;
  /** Seconds until its end at the pace of now; null where that cannot be said. */
  readonly etaSeconds: number | null;
  readonly leading: LeadingParameters | null;
  readonly resultHash: string | null;
}

/** A stored evaluation, without its returns. */
export interface EvaluationRow {
  readonly position: number;
  readonly task: EvaluationTask;
  readonly score: number | null;
  readonly summary: Omit<EvaluationSummary, 'returns'>;
}

export const EVALUATION_ORDERS = ['SCORE', 'POSITION'] as const;
/** SCORE: best first, those without a score last. POSITION: as the search gave them out. */
export type EvaluationOrder = (typeof EVALUATION_ORDERS)[number];

/** A part of a list of evaluations. */
export interface EvaluationsWanted {
  readonly order: EvaluationOrder;
  readonly first: number;
  /** The last one before it; null from the beginning. */
  readonly after: { readonly score: number | null; readonly position: number } | null;
}
