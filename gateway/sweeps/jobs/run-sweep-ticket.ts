import { randomUUID } from 'node:crypto';

import type { Clock } from '../../../core/ports/clock.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { scoreOf } from '../../../core/sweeps/objective.ts';
import { type RunWatch, watchRun } from '../../backtests/jobs/watch-run.ts';
import type { ClaimedBatch, SweepClaims } from '../../database/sweeps/sweep-claims.ts';
import type { SweepResults } from '../../database/sweeps/sweep-results.ts';
import type { SweepTicket } from '../../database/sweeps/sweep-tickets.ts';
import type { ClaimedTurn } from '../../database/sweeps/sweep-turns.ts';
import { JobError } from '../../plugins/isolation/job-error.ts';
import { evaluateClaimed } from './evaluate-claimed.ts';
import type { SweepRun, SweepWork } from './sweep-work.ts';
import { problemOf, takeTurn } from './take-turn.ts';

export interface SweepTicketOptions {
  /** Name of this process, for operators. */
  readonly worker: string;
  readonly claims: SweepClaims;
  readonly results: SweepResults;
  readonly work: SweepWork;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'log' | 'count'>;
  /** Evaluations of one sweep. */
  readonly mostEvaluations: number;
  /** Tells everybody that the sweep has changed, or that there is a batch for whoever is free. */
  readonly announce: (ticket: SweepTicket, change: 'CHANGED' | 'QUEUED') => void;
  /** Calls back when somebody says that the sweep was called off; returns what ends that. */
  readonly onCancel: (sweepId: string, listener: () => void) => () => void;
  /** Between two looks whether a run is to go on. */
  readonly lookEveryMs: number;
}

export interface TicketSignals {
  /** The job is another process's now. */
  readonly lost: AbortSignal;
  /** This process is about to end. */
  readonly stopping: AbortSignal;
}

const STATEMENT_MS = 15_000;
const soon = (): AbortSignal => AbortSignal.timeout(STATEMENT_MS);

/**
 * Does what comes next of a sweep: a batch of its evaluations, or, where all that was given out is back, the turn of its
 * search, which gives out others or ends it. Whoever stores the last evaluation goes on with the turn at once.
 *
 *   claim ── batch ── store ──────────── there is more ──> the ticket of the queue is somebody's
 *     └────── turn <──────┘ all are back
 *
 * A process may end at any place: the job of its ticket is taken again, and what was claimed with it is up for anybody.
 * Rejects when the job has to be taken again.
 */
export async function runSweepTicket(
  ticket: SweepTicket,
  options: SweepTicketOptions,
  { lost, stopping }: TicketSignals,
): Promise<void> {
  const { announce, claims, clock, telemetry } = options;
  const runId = `${options.worker}:${randomUUID()}`;
  const claimed = await claims.claim(ticket, runId, clock.now(), soon());
  if (claimed === null) return;
  announce(ticket, claimed.kind === 'BATCH' && claimed.hasMore ? 'QUEUED' : 'CHANGED');

  const watch = watchRun({
    clock,
    everyMs: options.lookEveryMs,
    goOn: () => claims.goOn(ticket, runId, soon()),
    onFailure(error) {
      telemetry.log('warn', 'whether a sweep goes on could not be read', { error, sweepId: ticket.sweepId });
    },
  });
  const unsubscribe = options.onCancel(ticket.sweepId, () => {
    watch.look();
  });
  const run: SweepRun = { ticket, runId, signal: AbortSignal.any([watch.signal, lost, stopping]) };

  try {
    const turn = claimed.kind === 'TURN' ? claimed : await doBatch(run, claimed, options);
    if (turn !== null) await takeTurn(run, turn, options);
    announce(ticket, 'QUEUED');
  } catch (error) {
    await giveUp(error, run, { watch, lost, stopping }, options);
  } finally {
    unsubscribe();
    await watch.close();
  }
}

/** Answers with the turn that comes with the last one that was given out. */
async function doBatch(
  { runId, signal, ticket }: SweepRun,
  batch: ClaimedBatch,
  { claims, clock, results, telemetry, work }: SweepTicketOptions,
): Promise<ClaimedTurn | null> {
  const summaries = await evaluateClaimed(batch, work, clock, signal);
  if (summaries === 'SPLIT_UP') {
    await claims.splitUp(ticket, runId, soon());
    return null;
  }
  const done = batch.tasks.map(({ position, task }, index) => {
    const summary = summaries[index];
    if (summary?.key !== task.key) throw new Error(`the evaluation of ${task.key} has come to another`);
    const { performance } = summary;
    const isScored = performance !== null && task.stage === 'TRAIN';
    return {
      position,
      task,
      summary,
      score: isScored ? scoreOf(performance, batch.settings.objective) : null,
    };
  });
  const stored = await results.store(ticket, runId, done, clock.now(), soon());
  const result = stored === null ? 'NOT_WANTED' : 'STORED';
  for (const { summary } of done) {
    telemetry.count('sweep_evaluations_total', { result: summary.failure === null ? result : 'FAILED' });
  }
  return stored?.turn ?? null;
}

async function giveUp(
  error: unknown,
  { runId, ticket }: SweepRun,
  { lost, stopping, watch }: TicketSignals & { readonly watch: RunWatch },
  { announce, claims, clock, results, telemetry }: SweepTicketOptions,
): Promise<void> {
  if (watch.signal.aborted || lost.aborted) return;
  if (stopping.aborted) {
    await claims.handBack(ticket, runId, soon());
    throw new Error('the process ends: another one takes the batch', { cause: error });
  }
  if (!(error instanceof JobError)) throw error;
  telemetry.log('warn', 'a sweep could not go on', { error, sweepId: ticket.sweepId });
  await results.fail(ticket, runId, problemOf(error), clock.now(), soon());
  announce(ticket, 'CHANGED');
}
