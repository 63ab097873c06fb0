import type { PoolClient } from 'pg';

import type { EvaluationTask } from '../../../core/sweeps/evaluation.ts';
import { inTransaction } from '../background-transaction.ts';
import type { AddJob, SweepJob } from '../backtests/job-queue.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { batchSize, pickBatch } from './sweep-pace.ts';
import {
  addTicket,
  type ClaimedSweep,
  claimedSweep,
  type LockedSweep,
  lockSweep,
  type SweepTicket,
} from './sweep-tickets.ts';
import { type ClaimedTurn, claimTurn, dropTurn } from './sweep-turns.ts';

export interface ClaimedTask {
  readonly position: number;
  readonly task: EvaluationTask;
  /** From 1. */
  readonly attempt: number;
}

/** Tasks that are this run's to do. */
export interface ClaimedBatch extends ClaimedSweep {
  readonly kind: 'BATCH';
  readonly tasks: readonly ClaimedTask[];
  /** Others can take a batch, too. */
  readonly hasMore: boolean;
}

/**
 * Who does what of sweeps, as those see it that do it, of all workspaces. A ticket is a job of the queue: it takes what
 * comes next of its sweep when it is taken, and leaves another ticket where something is left. A run is one attempt at a
 * ticket by one process and has an id of its own: once another has begun, or the sweep was called off, it has no say any
 * more. Every method rejects where the database cannot be reached.
 */
export interface SweepClaims {
  /**
   * Null when there is nothing to do: the sweep has ended, or others are at all that is left of it. What an earlier run
   * of the ticket left undone is up for anybody, one task at a time.
   */
  claim(
    ticket: SweepTicket,
    runId: string,
    at: number,
    signal: AbortSignal,
  ): Promise<ClaimedBatch | ClaimedTurn | null>;
  /** Whether the tasks of the run, or its turn, are still its own. */
  goOn(ticket: SweepTicket, runId: string, signal: AbortSignal): Promise<boolean>;
  /** For another process, as if they had not been begun. */
  handBack(ticket: SweepTicket, runId: string, signal: AbortSignal): Promise<void>;
  /** Each is to be begun again, alone. */
  splitUp(ticket: SweepTicket, runId: string, signal: AbortSignal): Promise<void>;
}

/** Of `pool`, which is the writer's. */
export function createSweepClaims(pool: ConnectionPool, addJob: AddJob<SweepJob>): SweepClaims {
  const locked = <T>(
    ticket: SweepTicket,
    signal: AbortSignal,
    work: (client: PoolClient, sweep: LockedSweep) => Promise<T>,
  ): Promise<T | null> =>
    inTransaction(pool, 'the sweep', signal, async (client) => {
      const sweep = await lockSweep(client, ticket.sweepId);
      return sweep === null ? null : work(client, sweep);
    });

  return {
    claim: (ticket, runId, at, signal) =>
      locked(ticket, signal, async (client, sweep) => {
        if (sweep.status === 'QUEUED') await begin(client, ticket, at);
        await release(client, ticket, null, 0);
        const batch = await claimBatch(client, sweep, ticket, runId);
        if (batch === null) return claimTurn(client, sweep, ticket, { at, runId });
        if (batch.hasMore) await addTicket(client, addJob, ticket);
        return batch;
      }),

    goOn: async ({ id, sweepId }, runId, signal) => {
      const text = `SELECT FROM sweep WHERE id = $1 AND status = 'RUNNING' AND (turn_ticket = $2 AND turn_run = $3
          OR EXISTS (SELECT FROM sweep_task WHERE sweep_id = $1 AND ticket = $2 AND run_id = $3))`;
      const rows = await pool.query({ name: 'sweep-look', text, values: [sweepId, id, runId] }, signal);
      return rows.length > 0;
    },

    async handBack(ticket, runId, signal) {
      await locked(ticket, signal, async (client) => {
        await release(client, ticket, runId, 1);
        await dropTurn(client, ticket, runId);
      });
    },

    async splitUp(ticket, runId, signal) {
      await locked(ticket, signal, async (client) => {
        if ((await release(client, ticket, runId, 0)) > 0) await addTicket(client, addJob, ticket);
      });
    },
  };
}

async function begin(client: PoolClient, { sweepId }: SweepTicket, at: number): Promise<void> {
  const text = `UPDATE sweep SET status = 'RUNNING', started_at = $2 WHERE id = $1`;
  await client.query({ name: 'sweep-begin', text, values: [sweepId, at] });
}

/** Tasks of the ticket, those of one run or of all, wait again. Answers how many. */
async function release(
  client: PoolClient,
  { id, sweepId }: SweepTicket,
  runId: string | null,
  uncounted: 0 | 1,
): Promise<number> {
  const { rowCount } = await client.query({
    name: 'sweep-release',
    text: `UPDATE sweep_task SET ticket = NULL, run_id = NULL, attempts = attempts - $4
            WHERE sweep_id = $1 AND ticket = $2 AND ($3::text IS NULL OR run_id = $3)`,
    values: [sweepId, id, runId, uncounted],
  });
  return rowCount ?? 0;
}

async function claimBatch(
  client: PoolClient,
  sweep: LockedSweep,
  { id, sweepId }: SweepTicket,
  runId: string,
): Promise<ClaimedBatch | null> {
  const situation = await client.query<{ waiting: number; under_way: number }>({
    name: 'sweep-situation',
    text: `SELECT count(*) FILTER (WHERE ticket IS NULL) AS waiting, count(DISTINCT ticket) AS under_way
             FROM sweep_task WHERE sweep_id = $1`,
    values: [sweepId],
  });
  const { under_way: underWay = 0, waiting = 0 } = situation.rows[0] ?? {};
  if (waiting === 0) return null;
  const size = batchSize({ ...{ waiting, underWay }, evaluated: sweep.evaluated, busyMs: sweep.busy_ms });
  const free = await client.query<{ position: number; attempts: number }>({
    name: 'sweep-free',
    text: `SELECT position, attempts FROM sweep_task WHERE sweep_id = $1 AND ticket IS NULL
            ORDER BY position LIMIT $2`,
    values: [sweepId, size],
  });
  const positions = pickBatch(free.rows, size).map(({ position }) => position);
  const { rows } = await client.query<{ position: number; task: string; attempts: number }>({
    name: 'sweep-claim',
    text: `UPDATE sweep_task SET ticket = $2, run_id = $3, attempts = attempts + 1
            WHERE sweep_id = $1 AND position = ANY ($4) RETURNING position, task, attempts`,
    values: [sweepId, id, runId, positions],
  });
  const tasks = rows
    .sort((a, b) => a.position - b.position)
    .map(({ attempts: attempt, position, task }) => ({
      ...{ position, attempt, task: JSON.parse(task) as EvaluationTask },
    }));
  return { kind: 'BATCH', ...claimedSweep(sweep), tasks, hasMore: waiting > tasks.length };
}
