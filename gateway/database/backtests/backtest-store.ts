import type { BacktestRow } from '../../../core/ports/backtests.ts';
import type { Page } from '../../../core/ports/order-reader.ts';
import { appendAudit, type AuditFields } from '../audit-log.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { Conditions, toPage } from '../order-reader/page.ts';
import { readInWorkspace, type WorkspaceTransaction, writeInWorkspace } from '../workspace-transaction.ts';
import { BACKTEST_COLUMNS, type StoredBacktest, toBacktestRow } from './backtest-rows.ts';
import type { AddJob, BacktestJob } from './job-queue.ts';

export interface NewBacktest {
  readonly id: string;
  /** JSON. */
  readonly request: string;
  /** JSON. */
  readonly settings: string;
  readonly settingsHash: string;
  readonly createdBy: string;
  readonly createdAt: number;
}

/**
 * Backtests as requests of their workspace see and change them; what they change is in the audit log, in the same
 * transaction. Every method rejects with DatabaseError.
 */
export interface BacktestStore {
  /** With its job, in one transaction. Null when so many of the workspace wait already. */
  add(
    workspaceId: string,
    backtest: NewBacktest,
    mostQueued: number,
    signal: AbortSignal,
  ): Promise<BacktestRow | null>;
  find(workspaceId: string, id: string, signal: AbortSignal): Promise<BacktestRow | null>;
  /** Newest first, those before `beforeId`. */
  page(
    workspaceId: string,
    first: number,
    beforeId: string | null,
    signal: AbortSignal,
  ): Promise<Page<BacktestRow>>;
  /** As it is then: one that has ended stays as it is. Null when there is none. */
  cancel(
    workspaceId: string,
    id: string,
    by: { readonly actor: string; readonly at: number },
    signal: AbortSignal,
  ): Promise<BacktestRow | null>;
}

/** Of `pool`, which is the app's. */
export function createBacktestStore(pool: ConnectionPool, addJob: AddJob<BacktestJob>): BacktestStore {
  return {
    add: (workspaceId, backtest, mostQueued, signal) =>
      writeInWorkspace(pool, workspaceId, signal, async (transaction) => {
        if ((await countQueued(transaction, workspaceId)) >= mostQueued) return null;
        const [row] = await transaction.query<StoredBacktest>({
          name: 'backtest-add',
          text: `INSERT INTO backtest (id, workspace_id, created_by, created_at, request, settings,
                   settings_hash, status)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'QUEUED') RETURNING ${BACKTEST_COLUMNS}`,
          values: [
            ...[backtest.id, workspaceId, backtest.createdBy, backtest.createdAt],
            ...[backtest.request, backtest.settings, backtest.settingsHash],
          ],
        });
        await addJob({ backtestId: backtest.id, workspaceId }, transaction);
        if (row === undefined) return null;
        await audit(transaction, 'backtest.requested', backtest.id, {
          ...{ at: backtest.createdAt, actor: backtest.createdBy },
          details: { settingsHash: backtest.settingsHash },
        });
        return toBacktestRow(row);
      }),

    find: (workspaceId, id, signal) =>
      readInWorkspace(pool, workspaceId, signal, (transaction) => findIn(transaction, id)),

    page: (workspaceId, first, beforeId, signal) =>
      readInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const conditions = new Conditions().add('workspace_id = ?', workspaceId).add('id < ?', beforeId);
        const limit = conditions.parameter(first + 1);
        const rows = await transaction.query<StoredBacktest>({
          text: `SELECT ${BACKTEST_COLUMNS} FROM backtest WHERE ${conditions.text} ORDER BY id DESC LIMIT ${limit}`,
          values: conditions.values,
        });
        return toPage(rows, first, toBacktestRow);
      }),

    cancel: (workspaceId, id, { actor, at }, signal) =>
      writeInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const changed = await transaction.query({
          name: 'backtest-cancel',
          text: `UPDATE backtest SET status = 'CANCELED', finished_at = $2
                  WHERE id = $1 AND status IN ('QUEUED', 'RUNNING') RETURNING id`,
          values: [id, at],
        });
        const row = await findIn(transaction, id);
        if (changed.length > 0) {
          await audit(transaction, 'backtest.canceled', id, { at, actor, details: null });
        }
        return row;
      }),
  };
}

const audit = (
  transaction: WorkspaceTransaction,
  action: 'backtest.requested' | 'backtest.canceled',
  id: string,
  entry: Pick<AuditFields, 'actor' | 'at' | 'details'>,
): Promise<void> => appendAudit(transaction, { ...entry, action, target: `backtest:${id}` });

/** Whoever counts is alone with it in its workspace until the end of the transaction. */
async function countQueued(transaction: WorkspaceTransaction, workspaceId: string): Promise<number> {
  await transaction.query({
    name: 'backtest-lock',
    text: `SELECT pg_advisory_xact_lock(hashtext('backtest'), hashtext($1))`,
    values: [workspaceId],
  });
  const [row] = await transaction.query<{ queued: number }>({
    name: 'backtest-count',
    text: `SELECT count(*) AS queued FROM backtest WHERE workspace_id = $1 AND status = 'QUEUED'`,
    values: [workspaceId],
  });
  return row?.queued ?? 0;
}

async function findIn(transaction: WorkspaceTransaction, id: string): Promise<BacktestRow | null> {
  const [row] = await transaction.query<StoredBacktest>({
    name: 'backtest-find',
    text: `SELECT ${BACKTEST_COLUMNS} FROM backtest WHERE id = $1`,
    values: [id],
  });
  return row === undefined ? null : toBacktestRow(row);
}
