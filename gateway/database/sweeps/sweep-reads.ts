import type { Page } from '../../../core/ports/order-reader.ts';
import type { EvaluationRow, EvaluationsWanted } from '../../../core/ports/sweeps.ts';
import type { SweepResult } from '../../../core/sweeps/sweep-result.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { Conditions, toPage } from '../order-reader/page.ts';
import { readInWorkspace } from '../workspace-transaction.ts';
import { type StoredEvaluation, toEvaluationRow } from './sweep-rows.ts';

/** What came of sweeps of a workspace. Every method rejects with DatabaseError. */
export interface SweepReads {
  /** Of each sweep that has come to its end, by its id. */
  results(
    workspaceId: string,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, SweepResult>>;
  /** Of each sweep that has some, by its id. */
  evaluations(
    workspaceId: string,
    ids: readonly string[],
    wanted: EvaluationsWanted,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Page<EvaluationRow>>>;
}

/** Of `pool`, which is the app's. */
export function createSweepReads(pool: ConnectionPool): SweepReads {
  return {
    results: (workspaceId, ids, signal) =>
      readInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const rows = await transaction.query<{ id: string; result: string }>({
          name: 'sweep-results',
          text: 'SELECT id, result FROM sweep WHERE id = ANY ($1) AND result IS NOT NULL',
          values: [ids],
        });
        return new Map(rows.map(({ id, result }) => [id, JSON.parse(result) as SweepResult]));
      }),

    evaluations: (workspaceId, ids, { after, first, order }, signal) =>
      readInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const conditions = new Conditions();
        const isByScore = order === 'SCORE';
        const wanted = conditions.parameter(ids);
        const inOrder = isByScore ? 'score DESC NULLS LAST, position' : 'position';
        const beyond = after === null ? '' : `AND ${beyondOf(after, isByScore, conditions)}`;
        const rows = await transaction.query<StoredEvaluation>({
          text: `SELECT found.* FROM unnest(${wanted}::text[]) AS wanted (id) CROSS JOIN LATERAL (
                   SELECT sweep_id, position, task, score, summary FROM sweep_evaluation
                    WHERE sweep_id = wanted.id ${beyond}
                    ORDER BY ${inOrder} LIMIT ${conditions.parameter(first + 1)}
                 ) found ORDER BY sweep_id, ${inOrder}`,
          values: conditions.values,
        });
        const pages = Map.groupBy(rows, (row) => row.sweep_id);
        return new Map([...pages].map(([id, own]) => [id, toPage(own, first, toEvaluationRow)]));
      }),
  };
}

/** Of those that come after it in the order. */
function beyondOf(
  { position, score }: { readonly score: number | null; readonly position: number },
  isByScore: boolean,
  conditions: Conditions,
): string {
  const later = `position > ${conditions.parameter(position)}`;
  if (!isByScore) return later;
  if (score === null) return `score IS NULL AND ${later}`;
  const than = conditions.parameter(score);
  return `(score < ${than} OR score = ${than} AND ${later} OR score IS NULL)`;
}
