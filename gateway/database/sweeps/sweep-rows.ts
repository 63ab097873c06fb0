import type { EvaluationRow, SweepRow, SweepStatus } from '../../../core/ports/sweeps.ts';
import { etaSeconds } from './sweep-pace.ts';

/** A row of the table as the database gives it. */
export interface StoredSweep {
  readonly id: string;
  readonly workspace_id: string;
  readonly status: SweepStatus;
  readonly error_code: string | null;
  readonly error: string | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly settings: string;
  readonly total: number | null;
  readonly evaluated: number;
  readonly failed: number;
  readonly busy_ms: number;
  readonly batches_at_once: number;
  readonly result_hash: string | null;
  readonly leading_score: number | null;
  readonly leading_task: string | null;
  readonly leading_summary: string | null;
}

const COLUMNS = `id, workspace_id, status, error_code, error, created_at, started_at, finished_at, settings, total,
  evaluated, failed, busy_ms, batches_at_once, result_hash`;

/** For `SELECT ... WHERE ...`: rows of {@link StoredSweep}. */
export const SELECT_SWEEPS = `SELECT ${COLUMNS}, leader.score AS leading_score,
    leader.task AS leading_task,
    leader.summary AS leading_summary
  FROM sweep LEFT JOIN LATERAL (
    SELECT score, task, summary FROM sweep_evaluation
     WHERE sweep_id = sweep.id AND score IS NOT NULL ORDER BY score DESC NULLS LAST, position LIMIT 1
  ) leader ON true`;

export function toSweepRow(row: StoredSweep): SweepRow {
  return {
    ...{ id: row.id, workspaceId: row.workspace_id, status: row.status },
    error: row.error_code === null ? null : { code: row.error_code, message: row.error ?? '' },
    ...{ createdAt: row.created_at, startedAt: row.started_at, finishedAt: row.finished_at },
    settings: JSON.parse(row.settings) as SweepRow['settings'],
    ...{ evaluated: row.evaluated, failed: row.failed, total: row.total, resultHash: row.result_hash },
    etaSeconds: etaSeconds({
      ...{ status: row.status, total: row.total, evaluated: row.evaluated },
      ...{ busyMs: row.busy_ms, batchesAtOnce: row.batches_at_once },
    }),
    leading: leadingOf(row),
  };
}

function leadingOf({
  leading_score: score,
  leading_summary,
  leading_task,
}: StoredSweep): SweepRow['leading'] {
  if (score === null || leading_summary === null || leading_task === null) return null;
  const { parameters } = JSON.parse(leading_task) as EvaluationRow['task'];
  const { performance, resultHash } = JSON.parse(leading_summary) as EvaluationRow['summary'];
  return performance && { score, parameters, performance, resultHash };
}

/** A stored evaluation as the database gives it. */
export interface StoredEvaluation {
  readonly sweep_id: string;
  readonly position: number;
  readonly task: string;
  readonly score: number | null;
  readonly summary: string;
}

export const toEvaluationRow = ({ position, score, summary, task }: StoredEvaluation): EvaluationRow => ({
  ...{ position, score },
  task: JSON.parse(task) as EvaluationRow['task'],
  summary: JSON.parse(summary) as EvaluationRow['summary'],
});
