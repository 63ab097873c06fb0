import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';

import type { SweepStatus } from '../../../core/ports/sweeps.ts';
import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import type { AddJob, SweepJob } from '../backtests/job-queue.ts';

/** A job of the queue: leave to do what comes next of its sweep. */
export interface SweepTicket extends SweepJob {
  /** The same whenever the job is taken. */
  readonly id: string;
}

/** A sweep that has not ended, as whoever works on it has it. */
export interface LockedSweep {
  readonly workspace_id: string;
  readonly status: SweepStatus;
  readonly request: string;
  readonly settings: string;
  readonly turn: number;
  readonly state: string | null;
  readonly turn_ticket: string | null;
  readonly turn_attempts: number;
  readonly evaluated: number;
  readonly busy_ms: number;
}

/** What all work on a sweep begins with. */
export interface ClaimedSweep {
  readonly workspaceId: string;
  /** What was asked for, and the settings that it came to when it was checked. */
  readonly request: unknown;
  readonly settings: SweepSettings;
}

export const claimedSweep = ({ request, settings, workspace_id }: LockedSweep): ClaimedSweep => ({
  workspaceId: workspace_id,
  request: JSON.parse(request) as unknown,
  settings: JSON.parse(settings) as SweepSettings,
});

/** Keeps all others from it until the end of the transaction. Null for one that has ended. */
export async function lockSweep(client: PoolClient, sweepId: string): Promise<LockedSweep | null> {
  const { rows } = await client.query<LockedSweep>({
    name: 'sweep-work-lock',
    text: `SELECT workspace_id, status, request, settings, turn, state, turn_ticket, turn_attempts, evaluated, busy_ms
             FROM sweep WHERE id = $1 AND status IN ('QUEUED', 'RUNNING') FOR UPDATE`,
    values: [sweepId],
  });
  return rows[0] ?? null;
}

/** Leave for whoever comes next, in the transaction of the client. */
export async function addTicket(
  client: PoolClient,
  addJob: AddJob<SweepJob>,
  { sweepId, workspaceId }: SweepTicket,
): Promise<void> {
  await addJob({ sweepId, workspaceId }, { query: (statement) => rowsOf(client, statement) });
}

async function rowsOf<R extends QueryResultRow>(
  client: PoolClient,
  statement: QueryConfig,
): Promise<readonly R[]> {
  return (await client.query<R>(statement)).rows;
}
