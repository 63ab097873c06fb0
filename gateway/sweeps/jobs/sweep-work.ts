import type { EvaluationSummary, EvaluationTask } from '../../../core/sweeps/evaluation.ts';
import type { NextTurn } from '../../database/sweeps/sweep-results.ts';
import type { ClaimedSweep, SweepTicket } from '../../database/sweeps/sweep-tickets.ts';
import type { ClaimedTurn } from '../../database/sweeps/sweep-turns.ts';

/** One attempt at a ticket. */
export interface SweepRun {
  readonly ticket: SweepTicket;
  readonly runId: string;
  /** Aborted when it is not to go on. */
  readonly signal: AbortSignal;
}

/** What a sweep has come to. */
export interface SweepOutcome {
  /** JSON of SweepResult. */
  readonly json: string;
  readonly hash: string;
}

/** What is done of a sweep outside of this thread. Every method rejects with JobError. */
export interface SweepWork {
  /** What comes of each task, in their order; a run that fails is a result, too. */
  evaluate(
    sweep: ClaimedSweep,
    tasks: readonly EvaluationTask[],
    signal: AbortSignal,
  ): Promise<readonly EvaluationSummary[]>;
  /** Tells the search what has come back, and asks it for what it wants next: at most `most`; null when it is over. */
  turn(
    turn: ClaimedTurn,
    told: readonly EvaluationSummary[],
    most: number,
    signal: AbortSignal,
  ): Promise<NextTurn | null>;
  /** As `turn`, with all evaluations, when it is over. */
  conclude(turn: ClaimedTurn, all: readonly EvaluationSummary[], signal: AbortSignal): Promise<SweepOutcome>;
}
