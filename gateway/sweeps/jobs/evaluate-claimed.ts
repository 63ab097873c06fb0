import type { Clock } from '../../../core/ports/clock.ts';
import { type EvaluationSummary, failedEvaluation } from '../../../core/sweeps/evaluation.ts';
import type { ClaimedBatch } from '../../database/sweeps/sweep-claims.ts';
import { JobError, type JobErrorCode } from '../../plugins/isolation/job-error.ts';
import type { SweepWork } from './sweep-work.ts';
import { problemOf } from './take-turn.ts';

/** Times that a task is begun: processes that end in the middle of it may do so because of it. */
const MOST_ATTEMPTS = 3;

/** Ends of a thread that a run may be to blame for. */
const OF_A_RUN: readonly JobErrorCode[] = ['JOB_TIMED_OUT', 'JOB_OUT_OF_MEMORY', 'JOB_EXITED'];

/**
 * What comes of the tasks of a batch. A run that takes its thread along fails when it is the only one of its batch; of
 * several nobody knows which it was, and each is to be done alone: what comes of a run does not depend on its company.
 * Rejects with JobError for what no run is to blame for.
 */
export async function evaluateClaimed(
  { tasks, ...sweep }: ClaimedBatch,
  work: Pick<SweepWork, 'evaluate'>,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<readonly EvaluationSummary[] | 'SPLIT_UP'> {
  const [first] = tasks;
  if (first !== undefined && first.attempt > MOST_ATTEMPTS) {
    const message = `each of the ${String(MOST_ATTEMPTS)} processes that began it ended in the middle of it`;
    return [failedEvaluation(first.task.key, { code: 'WORKER_LOST', message }, 0)];
  }
  const begun = clock.now();
  try {
    const wanted = tasks.map(({ task }) => task);
    return await work.evaluate(sweep, wanted, signal);
  } catch (error) {
    if (!(error instanceof JobError) || !OF_A_RUN.includes(error.code) || signal.aborted) throw error;
    if (tasks.length > 1 || first === undefined) return 'SPLIT_UP';
    return [failedEvaluation(first.task.key, problemOf(error), clock.now() - begun)];
  }
}
