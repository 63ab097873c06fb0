import { isOver } from '../../core/ports/backtests.ts';
import type { Page } from '../../core/ports/order-reader.ts';
import type { EvaluationRow, SweepRow } from '../../core/ports/sweeps.ts';
import type { SweepResult } from '../../core/sweeps/sweep-result.ts';
import type { SweepReads } from '../../gateway/database/sweeps/sweep-reads.ts';
import type { SweepStore } from '../../gateway/database/sweeps/sweep-store.ts';

/** Sweeps as the database keeps them; nobody works on them but the test. */
export interface MemorySweeps {
  readonly store: SweepStore;
  readonly reads: SweepReads;
  /** It has come to this. */
  finish(id: string, result: SweepResult, evaluations: readonly EvaluationRow[]): void;
  change(id: string, change: Partial<SweepRow>): void;
}

export function createMemorySweeps(): MemorySweeps {
  const rows = new Map<string, SweepRow>();
  const results = new Map<string, SweepResult>();
  const evaluations = new Map<string, readonly EvaluationRow[]>();

  const own = (workspaceId: string, id: string): SweepRow | null => {
    const row = rows.get(id);
    return row?.workspaceId === workspaceId ? row : null;
  };
  const change = (id: string, changed: Partial<SweepRow>): void => {
    const row = rows.get(id);
    if (row === undefined) throw new Error(`there is no sweep ${id}`);
    rows.set(id, { ...row, ...changed });
  };
  const found = <T>(workspaceId: string, ids: readonly string[], of: ReadonlyMap<string, T>) =>
    ids.flatMap((id) => {
      const value = own(workspaceId, id) === null ? undefined : of.get(id);
      return value === undefined ? [] : [[id, value] as const];
    });

  return {
    change,
    finish(id, result, all) {
      results.set(id, result);
      evaluations.set(id, all);
      change(id, { status: 'COMPLETED', resultHash: '0123456789abcdef', evaluated: all.length });
    },
    store: {
      add: async (workspaceId, { createdAt, id, settings, total }, mostUnfinished) => {
        const unfinished = [...rows.values()].filter(
          (row) => row.workspaceId === workspaceId && !isOver(row),
        );
        if (unfinished.length >= mostUnfinished) return null;
        const row: SweepRow = {
          ...{ id, workspaceId, createdAt, total, status: 'QUEUED', error: null },
          settings: JSON.parse(settings) as SweepRow['settings'],
          ...{ startedAt: null, finishedAt: null, evaluated: 0, failed: 0 },
          ...{ etaSeconds: null, leading: null, resultHash: null },
        };
        rows.set(id, row);
        return row;
      },
      find: async (workspaceId, id) => own(workspaceId, id),
      page: async (workspaceId, first, beforeId) => {
        const listed = [...rows.values()]
          .filter((row) => row.workspaceId === workspaceId && (beforeId === null || row.id < beforeId))
          .sort((a, b) => (a.id < b.id ? 1 : -1));
        return pageOf(listed, first);
      },
      cancel: async (workspaceId, id, { at }) => {
        const row = own(workspaceId, id);
        if (row !== null && !isOver(row)) change(id, { status: 'CANCELED', finishedAt: at });
        return own(workspaceId, id);
      },
    },
    reads: {
      results: async (workspaceId, ids) => new Map(found(workspaceId, ids, results)),
      evaluations: async (workspaceId, ids, { after, first, order }) =>
        new Map(
          found(workspaceId, ids, evaluations).map(([id, all]) => {
            const score = (row: EvaluationRow): number => row.score ?? -Infinity;
            const sorted =
              order === 'SCORE'
                ? all.toSorted((a, b) => score(b) - score(a) || a.position - b.position)
                : all;
            const from = sorted.findIndex(({ position }) => position === after?.position) + 1;
            return [id, pageOf(sorted.slice(from), first)];
          }),
        ),
    },
  };
}

const pageOf = <T>(items: readonly T[], first: number): Page<T> => ({
  items: items.slice(0, first),
  hasNextPage: items.length > first,
});
