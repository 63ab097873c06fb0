import type { PerformanceSummary } from '../performance/summary.ts';
import type { Parameters } from './evaluation.ts';
import type { ParameterImportance, ScoreGrid } from './parameter-importance.ts';
import type { StitchedPerformance } from './stitched-performance.ts';
import type { WalkForwardWindow } from './walk-forward-windows.ts';

/* All of it is JSON. */

/** A parameter set with what came of it. */
export interface RankedTrial {
  /** From 1; of equal scores the one that was tried first goes first. */
  readonly rank: number;
  readonly key: string;
  readonly parameters: Parameters;
  /** The figure that was searched for, as it is. */
  readonly objective: number;
  readonly performance: PerformanceSummary;
  readonly resultHash: string | null;
}

/** Probability of backtest overfitting: see core/performance/backtest-overfitting.ts. */
export interface Overfitting {
  /** That the best in sample is at or below the median out of sample: 0.5 is no better than a draw. */
  readonly probability: number;
  /** That the best in sample loses out of sample. */
  readonly probabilityOfLoss: number;
  /** Slope of the Sharpe ratio out of sample on the one in sample; null where that does not vary. */
  readonly degradation: number | null;
  /** What it rests on. */
  readonly blocks: number;
  readonly parameterSets: number;
  readonly days: number;
}

/** The Sharpe ratio of the best, held against the best that luck gives: see core/performance/sharpe-inference.ts. */
export interface DeflatedSharpe {
  /** Probability that the true Sharpe ratio of the best is above what luck gives; null where it is not defined. */
  readonly probability: number | null;
  /** The highest yearly Sharpe ratio to be expected of as many parameter sets without any skill. */
  readonly luck: number;
  /** Parameter sets that it counts with: all different ones, as if none resembled another, which is the severe reading. */
  readonly trials: number;
}

/** What a search over one span came to. */
export interface SearchResult {
  /** Different parameter sets that were run, and those of them without a score. */
  readonly evaluated: number;
  readonly failed: number;
  /** How often each failure was, by its code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Best first, MOST_RANKED at most. */
  readonly ranking: readonly RankedTrial[];
  /** Null with fewer than two scores, or a best one whose returns have no Sharpe ratio. */
  readonly deflatedSharpe: DeflatedSharpe | null;
  /** Null with fewer than two parameter sets, or too few days. */
  readonly overfitting: Overfitting | null;
  readonly importance: readonly ParameterImportance[];
  /** Best score over the two parameters that matter most; null with fewer than two. */
  readonly grid: ScoreGrid | null;
}

/** A window of a walk-forward: what was best in its search, and what became of it afterwards. */
export interface WindowResult extends WalkForwardWindow {
  readonly search: SearchResult;
  /** Null where no parameter set had a score: nothing was traded in the test then. */
  readonly best: RankedTrial | null;
  /** In the days of the test; null where there was no best, or its run failed. */
  readonly outOfSample: PerformanceSummary | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export interface WalkForwardResult {
  readonly windows: readonly WindowResult[];
  /** Of all tests, one after the other. */
  readonly outOfSample: StitchedPerformance;
  /** Yearly growth out of sample over yearly growth in sample, means of the windows; null where the latter is no gain. */
  readonly efficiency: number | null;
}

/** What a sweep came to. */
export interface SweepResult {
  /** Null for a walk-forward, where each window has one. */
  readonly search: SearchResult | null;
  readonly walkForward: WalkForwardResult | null;
}
