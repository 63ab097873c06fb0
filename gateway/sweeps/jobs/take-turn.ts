import type { Clock } from '../../../core/ports/clock.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { SweepResults } from '../../database/sweeps/sweep-results.ts';
import type { ClaimedTurn } from '../../database/sweeps/sweep-turns.ts';
import { JobError } from '../../plugins/isolation/job-error.ts';
import type { SweepRun, SweepWork } from './sweep-work.ts';

export interface TurnOptions {
  readonly results: SweepResults;
  readonly work: Pick<SweepWork, 'turn' | 'conclude'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly telemetry: Pick<Telemetry, 'count'>;
  /** Evaluations of one sweep. */
  readonly mostEvaluations: number;
}

const STATEMENT_MS = 60_000;
const soon = (): AbortSignal => AbortSignal.timeout(STATEMENT_MS);

/**
 * Tells the search what has come back, and gives out what it wants next, or ends the sweep. What comes of a turn is a
 * function of what is stored, so that of two processes that take it, as one may be taken for dead, either is right; only
 * the latest writes. Rejects with JobError where the search cannot go on.
 */
export async function takeTurn(
  { runId, signal, ticket }: SweepRun,
  turn: ClaimedTurn,
  { clock, mostEvaluations, results, telemetry, work }: TurnOptions,
): Promise<void> {
  const told = await results.ofTurn(ticket.sweepId, turn.turn, soon());
  const left = mostEvaluations - turn.evaluated;
  const next = await work.turn(turn, told, left + 1, signal);
  if (next !== null) {
    if (next.tasks.length > left) throw tooMany(mostEvaluations);
    await results.goOn(ticket, runId, next, soon());
    return;
  }
  const all = await results.all(ticket.sweepId, soon());
  const outcome = await work.conclude(turn, all, signal);
  const isStored = await results.finish(ticket, runId, outcome, clock.now(), soon());
  telemetry.count('sweeps_total', { result: isStored ? 'COMPLETED' : 'NOT_WANTED' });
}

const tooMany = (most: number): JobError =>
  new JobError('JOB_FAILED', `its tuner goes on after ${String(most)} evaluations: give it fewer trials`, {
    reason: 'TOO_MANY_EVALUATIONS',
  });

/** The plugin's or the sweep's own code where it has one, else such as TIMED_OUT. */
export const problemOf = ({ code, message, reason }: JobError): { code: string; message: string } => ({
  code: reason ?? code.replace(/^JOB_/, ''),
  message,
});
