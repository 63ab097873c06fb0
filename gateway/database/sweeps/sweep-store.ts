import type { Page } from '../../../core/ports/order-reader.ts';
import type { SweepRow } from '../../../core/ports/sweeps.ts';
import { appendAudit, type AuditFields } from '../audit-log.ts';
import type { AddJob, SweepJob } from '../backtests/job-queue.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { Conditions, toPage } from '../order-reader/page.ts';
import { readInWorkspace, type WorkspaceTransaction, writeInWorkspace } from '../workspace-transaction.ts';
import { SELECT_SWEEPS, type StoredSweep, toSweepRow } from './sweep-rows.ts';

export interface NewSweep {
  readonly id: string;
  /** JSON. */
  readonly request: string;
  /** JSON. */
  readonly settings: string;
  readonly settingsHash: string;
  /** Evaluations; null where nobody knows how many there will be. */
  readonly total: number | null;
  readonly createdBy: string;
  readonly createdAt: number;
  /** Of the entry in the audit log. */
  readonly details: AuditFields['details'];
}

/**
 * Sweeps as requests of their workspace see and change them; what they change is in the audit log, in the same
 * transaction. Every method rejects with DatabaseError.
 */
export interface SweepStore {
  /** With its first job, in one transaction. Null when so many of the workspace are unfinished already. */
  add(
    workspaceId: string,
    sweep: NewSweep,
    mostUnfinished: number,
    signal: AbortSignal,
  ): Promise<SweepRow | null>;
  find(workspaceId: string, id: string, signal: AbortSignal): Promise<SweepRow | null>;
  /** Newest first, those before `beforeId`. */
  page(
    workspaceId: string,
    first: number,
    beforeId: string | null,
    signal: AbortSignal,
  ): Promise<Page<SweepRow>>;
  /** As it is then: one that has ended stays as it is. Null when there is none. */
  cancel(
    workspaceId: string,
    id: string,
    by: { readonly actor: string; readonly at: number },
    signal: AbortSignal,
  ): Promise<SweepRow | null>;
}

/** Of `pool`, which is the app's. */
export function createSweepStore(pool: ConnectionPool, addJob: AddJob<SweepJob>): SweepStore {
  return {
    add: (workspaceId, sweep, mostUnfinished, signal) =>
      writeInWorkspace(pool, workspaceId, signal, async (transaction) => {
        if ((await countUnfinished(transaction, workspaceId)) >= mostUnfinished) return null;
        await transaction.query({
          name: 'sweep-add',
          text: `INSERT INTO sweep (id, workspace_id, created_by, created_at, request, settings, settings_hash, total,
                   status) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'QUEUED')`,
          values: [
            ...[sweep.id, workspaceId, sweep.createdBy, sweep.createdAt, sweep.request, sweep.settings],
            ...[sweep.settingsHash, sweep.total],
          ],
        });
        await addJob({ sweepId: sweep.id, workspaceId }, transaction);
        const row = await findIn(transaction, sweep.id);
        const { createdAt: at, createdBy: actor, details } = sweep;
        await audit(transaction, 'sweep.requested', sweep.id, { at, actor, details });
        return row;
      }),

    find: (workspaceId, id, signal) =>
      readInWorkspace(pool, workspaceId, signal, (transaction) => findIn(transaction, id)),

    page: (workspaceId, first, beforeId, signal) =>
      readInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const conditions = new Conditions().add('workspace_id = ?', workspaceId).add('id < ?', beforeId);
        const limit = conditions.parameter(first + 1);
        const rows = await transaction.query<StoredSweep>({
          text: `${SELECT_SWEEPS} WHERE ${conditions.text} ORDER BY id DESC LIMIT ${limit}`,
          values: conditions.values,
        });
        return toPage(rows, first, toSweepRow);
      }),

    cancel: (workspaceId, id, { actor, at }, signal) =>
      writeInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const canceled = await transaction.query({
          name: 'sweep-cancel',
          text: `UPDATE sweep SET status = 'CANCELED', finished_at = $2
                  WHERE id = $1 AND status IN ('QUEUED', 'RUNNING') RETURNING id`,
          values: [id, at],
        });
        if (canceled.length > 0) {
          const text = 'DELETE FROM sweep_task WHERE sweep_id = $1';
          await transaction.query({ name: 'sweep-tasks-drop', text, values: [id] });
        }
        const row = await findIn(transaction, id);
        if (canceled.length > 0) await audit(transaction, 'sweep.canceled', id, { at, actor, details: null });
        return row;
      }),
  };
}

const audit = (
  transaction: WorkspaceTransaction,
  action: 'sweep.requested' | 'sweep.canceled',
  id: string,
  entry: Pick<AuditFields, 'actor' | 'at' | 'details'>,
): Promise<void> => appendAudit(transaction, { ...entry, action, target: `sweep:${id}` });

/** Whoever counts is alone with it in its workspace until the end of the transaction. */
async function countUnfinished(transaction: WorkspaceTransaction, workspaceId: string): Promise<number> {
  await transaction.query({
    name: 'sweep-lock',
    text: `SELECT pg_advisory_xact_lock(hashtext('sweep'), hashtext($1))`,
    values: [workspaceId],
  });
  const [row] = await transaction.query<{ unfinished: number }>({
    name: 'sweep-count',
    text: `SELECT count(*) AS unfinished FROM sweep WHERE workspace_id = $1 AND status IN ('QUEUED', 'RUNNING')`,
    values: [workspaceId],
  });
  return row?.unfinished ?? 0;
}

async function findIn(transaction: WorkspaceTransaction, id: string): Promise<SweepRow | null> {
  const [row] = await transaction.query<StoredSweep>({
    name: 'sweep-find',
    text: `${SELECT_SWEEPS} WHERE id = $1`,
    values: [id],
  });
  return row === undefined ? null : toSweepRow(row);
}
