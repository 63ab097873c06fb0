import type { PoolClient } from 'pg';

import type { BacktestSettings } from '../../../core/backtest/backtest-spec.ts';
import { inTransaction } from '../background-transaction.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import type { PackedBacktest } from './packed-backtest.ts';

/** A backtest that is this run's to do. */
export interface BegunBacktest {
  readonly id: string;
  readonly workspaceId: string;
  readonly request: unknown;
  /** What the request came to when it was checked. */
  readonly settings: BacktestSettings;
  /** From 1. */
  readonly attempt: number;
  /** What an earlier run of it was saved as; null where none was. */
  readonly saved: Uint8Array | null;
}

export interface BacktestProblem {
  readonly code: string;
  readonly message: string;
}

/**
 * Backtests as those see them that run them, of all workspaces. A run is one attempt by one process and has an id of its
 * own: once another has begun, or the backtest was called off, it has no say any more, and its methods answer false.
 * Every method rejects where the database cannot be reached.
 */
export interface BacktestRuns {
  /** Null when there is nothing to do: it has ended, or was begun too often and has failed by this. */
  begin(id: string, runId: string, at: number, signal: AbortSignal): Promise<BegunBacktest | null>;
  /** Whether the run is to go on. A progress of null leaves what was written. */
  goOn(id: string, runId: string, progress: number | null, signal: AbortSignal): Promise<boolean>;
  /** Keeps it in place of what was saved before, until the backtest has ended. */
  save(id: string, runId: string, content: Uint8Array, at: number, signal: AbortSignal): Promise<boolean>;
  finish(
    id: string,
    runId: string,
    result: PackedBacktest,
    at: number,
    signal: AbortSignal,
  ): Promise<boolean>;
  fail(
    id: string,
    runId: string,
    problem: BacktestProblem,
    at: number,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** For another process, as if it had not begun. */
  handBack(id: string, runId: string, signal: AbortSignal): Promise<boolean>;
}

/** Times that a backtest is begun: processes that end in the middle of it may do so because of it. */
export const MOST_ATTEMPTS = 3;

interface StoredBegun {
  readonly workspace_id: string;
  readonly request: string;
  readonly settings: string;
  readonly attempts: number;
}

const OWN = `id = $1 AND run_id = $2 AND status = 'RUNNING'`;

/** Of `pool`, which is the writer's. */
export function createBacktestRuns(pool: ConnectionPool): BacktestRuns {
  const ask = async (text: string, values: unknown[], signal: AbortSignal): Promise<boolean> =>
    (await pool.query({ text: `${text} RETURNING id`, values }, signal)).length > 0;

  return {
    async begin(id, runId, at, signal) {
      const [row] = await pool.query<StoredBegun>(
        {
          name: 'backtest-begin',
          text: `UPDATE backtest SET status = 'RUNNING', run_id = $2, attempts = attempts + 1, progress = 0,
                        started_at = coalesce(started_at, $3)
                  WHERE id = $1 AND status IN ('QUEUED', 'RUNNING') AND attempts < $4
              RETURNING workspace_id, request, settings, attempts`,
          values: [id, runId, at, MOST_ATTEMPTS],
        },
        signal,
      );
      if (row !== undefined) {
        const { attempts: attempt, request, settings, workspace_id: workspaceId } = row;
        const [held] = await pool.query<{ content: Buffer }>(
          {
            name: 'backtest-saved',
            text: 'SELECT content FROM backtest_save WHERE backtest_id = $1',
            values: [id],
          },
          signal,
        );
        return {
          ...{ id, workspaceId, attempt, request: JSON.parse(request) as unknown },
          settings: JSON.parse(settings) as BacktestSettings,
          saved: held?.content ?? null,
        };
      }
      const message = `each of the ${String(MOST_ATTEMPTS)} processes that began it ended in the middle of it`;
      await ask(
        `UPDATE backtest SET status = 'FAILED', finished_at = $2, error_code = 'WORKER_LOST', error = $3
          WHERE id = $1 AND status IN ('QUEUED', 'RUNNING')`,
        [id, at, message],
        signal,
      );
      return null;
    },

    async goOn(id, runId, progress, signal) {
      if (progress !== null) {
        return ask(`UPDATE backtest SET progress = $3 WHERE ${OWN}`, [id, runId, progress], signal);
      }
      const rows = await pool.query(
        { name: 'backtest-look', text: `SELECT FROM backtest WHERE ${OWN}`, values: [id, runId] },
        signal,
      );
      return rows.length > 0;
    },

    save: async (id, runId, content, at, signal) => {
      const rows = await pool.query(
        {
          name: 'backtest-save',
          text: `INSERT INTO backtest_save (workspace_id, backtest_id, saved_at, content)
                   SELECT workspace_id, id, $3, $4 FROM backtest WHERE ${OWN}
                 ON CONFLICT (backtest_id) DO UPDATE SET saved_at = EXCLUDED.saved_at, content = EXCLUDED.content
                 RETURNING backtest_id`,
          values: [id, runId, at, Buffer.from(content.buffer, content.byteOffset, content.byteLength)],
        },
        signal,
      );
      return rows.length > 0;
    },

    finish: (id, runId, result, at, signal) =>
      inTransaction(pool, 'the backtest', signal, async (client) => {
        const { rows } = await client.query<{ workspace_id: string }>(
          `UPDATE backtest SET status = $3, progress = 1, finished_at = $4, error_code = $5, error = $6,
                  result_hash = $7, events_processed = $8, summary = $9
            WHERE ${OWN} RETURNING workspace_id`,
          [
            ...[id, runId, result.status, at, result.failure?.code ?? null, result.failure?.message ?? null],
            ...[result.resultHash, result.eventsProcessed, result.summary],
          ],
        );
        const [row] = rows;
        if (row === undefined) return false;
        await addParts(client, row.workspace_id, id, result.parts);
        await client.query('DELETE FROM backtest_save WHERE backtest_id = $1', [id]);
        return true;
      }),

    fail: (id, runId, { code, message }, at, signal) =>
      ask(
        `UPDATE backtest SET status = 'FAILED', finished_at = $3, error_code = $4, error = $5 WHERE ${OWN}`,
        [id, runId, at, code, message],
        signal,
      ),

    handBack: (id, runId, signal) =>
      ask(
        `UPDATE backtest SET status = 'QUEUED', run_id = NULL, attempts = attempts - 1, progress = 0 WHERE ${OWN}`,
        [id, runId],
        signal,
      ),
  };
}

async function addParts(
  client: PoolClient,
  workspaceId: string,
  id: string,
  parts: PackedBacktest['parts'],
): Promise<void> {
  for (const { content, firstRow, kind, rowCount } of parts) {
    await client.query({
      name: 'backtest-part-add',
      text: `INSERT INTO backtest_part (workspace_id, backtest_id, kind, first_row, row_count, content)
             VALUES ($1, $2, $3, $4, $5, $6)`,
      values: [workspaceId, id, kind, firstRow, rowCount, Buffer.from(content)],
    });
  }
}
