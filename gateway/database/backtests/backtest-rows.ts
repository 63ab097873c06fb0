import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { BacktestRow, BacktestStatus } from '../../../core/ports/backtests.ts';

/** What of a result stands beside its backtest; the lists, which may be long, are parts of their own. */
export type BacktestSummary = Omit<BacktestResult, 'orders' | 'fills' | 'equity' | 'benchmark' | 'logs'>;

/** A row of the table as the database gives it. */
export interface StoredBacktest {
  readonly id: string;
  readonly workspace_id: string;
  readonly status: BacktestStatus;
  readonly progress: number;
  readonly error_code: string | null;
  readonly error: string | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly settings: string;
  readonly result_hash: string | null;
  readonly events_processed: number | null;
  readonly performance: BacktestRow['performance'];
}

export const BACKTEST_COLUMNS = `id, workspace_id, status, progress, error_code, error, created_at, started_at,
  finished_at, settings, result_hash, events_processed, summary::json -> 'performance' AS performance`;

export const toBacktestRow = (row: StoredBacktest): BacktestRow => ({
  id: row.id,
  workspaceId: row.workspace_id,
  status: row.status,
  progress: row.progress,
  error: row.error_code === null ? null : { code: row.error_code, message: row.error ?? '' },
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  settings: JSON.parse(row.settings) as BacktestRow['settings'],
  resultHash: row.result_hash,
  eventsProcessed: row.events_processed,
  performance: row.performance,
});
