import type { BacktestResult } from '../../core/backtest/backtest-result.ts';
import { type BacktestRow, isOver } from '../../core/ports/backtests.ts';
import type { Page } from '../../core/ports/order-reader.ts';
import type { BacktestResults } from '../../gateway/database/backtests/backtest-results.ts';
import type { BacktestStore } from '../../gateway/database/backtests/backtest-store.ts';
import { packBacktest } from '../../gateway/database/backtests/packed-backtest.ts';

/** Backtests as the database keeps them; nobody does them but the test. */
export interface MemoryBacktests {
  readonly store: BacktestStore;
  readonly results: BacktestResults;
  /** It has come to this result. */
  finish(id: string, result: BacktestResult): void;
  change(id: string, change: Partial<BacktestRow>): void;
}

export function createMemoryBacktests(): MemoryBacktests {
  const rows = new Map<string, BacktestRow>();
  const done = new Map<string, BacktestResult>();

  const own = (workspaceId: string, id: string): BacktestRow | null => {
    const row = rows.get(id);
    return row?.workspaceId === workspaceId ? row : null;
  };
  const resultsOf = (workspaceId: string, ids: readonly string[]) =>
    ids.flatMap((id) => {
      const result = done.get(id);
      return result === undefined || own(workspaceId, id) === null ? [] : [{ id, result }];
    });
  const change = (id: string, changed: Partial<BacktestRow>): void => {
    const row = rows.get(id);
    if (row === undefined) throw new Error(`there is no backtest ${id}`);
    rows.set(id, { ...row, ...changed });
  };

  return {
    change,
    finish(id, result) {
      done.set(id, result);
      const { counts, performance, resultHash } = result;
      const eventsProcessed = counts.bars + counts.events;
      change(id, { status: 'COMPLETED', progress: 1, resultHash, eventsProcessed, performance });
    },
    store: {
      add: async (workspaceId, { createdAt, id, settings }, mostQueued) => {
        const waiting = [...rows.values()].filter(
          (row) => row.workspaceId === workspaceId && row.status === 'QUEUED',
        );
        if (waiting.length >= mostQueued) return null;
        const row: BacktestRow = {
          ...{ id, workspaceId, createdAt, status: 'QUEUED', progress: 0, error: null },
          settings: JSON.parse(settings) as BacktestRow['settings'],
          ...{
            startedAt: null,
            finishedAt: null,
            resultHash: null,
            eventsProcessed: null,
            performance: null,
          },
        };
        rows.set(id, row);
        return row;
      },
      find: async (workspaceId, id) => own(workspaceId, id),
      page: async (workspaceId, first, beforeId) => {
        const found = [...rows.values()]
          .filter((row) => row.workspaceId === workspaceId && (beforeId === null || row.id < beforeId))
          .sort((a, b) => (a.id < b.id ? 1 : -1));
        return pageOf(found, first);
      },
      cancel: async (workspaceId, id, { at }) => {
        const row = own(workspaceId, id);
        if (row !== null && !isOver(row)) change(id, { status: 'CANCELED', finishedAt: at });
        return own(workspaceId, id);
      },
    },
    results: {
      orders: async (workspaceId, ids, first, position) =>
        new Map(
          resultsOf(workspaceId, ids).map(({ id, result }) => {
            const orders = result.orders.map((order, index) => ({ position: index, order }));
            return [id, pageOf(orders.slice(position), first)];
          }),
        ),
      curves: async (workspaceId, ids) =>
        new Map(
          resultsOf(workspaceId, ids).map(({ id, result }) => [
            id,
            { equity: result.equity, benchmark: result.benchmark ?? [] },
          ]),
        ),
      whole: async (workspaceId, id) => {
        const [found] = resultsOf(workspaceId, [id]);
        return found === undefined ? null : packBacktest(found.result);
      },
    },
  };
}

const pageOf = <T>(items: readonly T[], first: number): Page<T> => ({
  items: items.slice(0, first),
  hasNextPage: items.length > first,
});
