import type { BacktestEquityPoint, BacktestOrder } from '../../../core/backtest/backtest-result.ts';
import type { BacktestCurve, NumberedOrder } from '../../../core/ports/backtests.ts';
import type { Page } from '../../../core/ports/order-reader.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { readInWorkspace } from '../workspace-transaction.ts';
import { type PartKind, type StoredResult, unpackRows } from './packed-backtest.ts';

/** What came of backtests of a workspace. Every method rejects with DatabaseError. */
export interface BacktestResults {
  /** Of each backtest the orders from that position on, by its id. */
  orders(
    workspaceId: string,
    ids: readonly string[],
    first: number,
    position: number,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Page<NumberedOrder>>>;
  curves(
    workspaceId: string,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, BacktestCurve>>;
  /** All of it, packed. Null when there is no such backtest, or it has no result. */
  whole(workspaceId: string, id: string, signal: AbortSignal): Promise<StoredResult | null>;
}

interface StoredPart {
  readonly backtest_id: string;
  readonly kind: PartKind;
  readonly first_row: number;
  readonly row_count: number;
  readonly content: Buffer;
}

const PARTS = 'SELECT backtest_id, kind, first_row, row_count, content FROM backtest_part';

/** Of `pool`, which is the app's. */
export function createBacktestResults(pool: ConnectionPool): BacktestResults {
  return {
    async orders(workspaceId, ids, first, position, signal) {
      // One more tells whether there is a next page.
      const end = position + first + 1;
      const parts = await readInWorkspace(pool, workspaceId, signal, (transaction) =>
        transaction.query<StoredPart>({
          name: 'backtest-orders',
          text: `${PARTS} WHERE backtest_id = ANY ($1) AND kind = 'orders' AND first_row < $2
                    AND first_row + row_count > $3 ORDER BY backtest_id, first_row`,
          values: [ids, end, position],
        }),
      );
      return eachBacktest(parts, async (own) => {
        const start = own[0]?.first_row ?? 0;
        const rows = await unpackRows<BacktestOrder>(own);
        const items = rows.slice(position - start, end - start);
        return {
          items: items.slice(0, first).map((order, index) => ({ position: position + index, order })),
          hasNextPage: items.length > first,
        };
      });
    },

    async curves(workspaceId, ids, signal) {
      const parts = await readInWorkspace(pool, workspaceId, signal, (transaction) =>
        transaction.query<StoredPart>({
          name: 'backtest-curves',
          text: `${PARTS} WHERE backtest_id = ANY ($1) AND kind IN ('equity', 'benchmark')
                  ORDER BY backtest_id, kind, first_row`,
          values: [ids],
        }),
      );
      return eachBacktest(parts, async (own) => ({
        equity: await unpackRows<BacktestEquityPoint>(ofKind(own, 'equity')),
        benchmark: await unpackRows<BacktestCurve['benchmark'][number]>(ofKind(own, 'benchmark')),
      }));
    },

    whole: (workspaceId, id, signal) =>
      readInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const [row] = await transaction.query<{ summary: string | null }>({
          name: 'backtest-summary',
          text: 'SELECT summary FROM backtest WHERE id = $1',
          values: [id],
        });
        if (row?.summary === undefined || row.summary === null) return null;
        const parts = await transaction.query<StoredPart>({
          name: 'backtest-parts',
          text: `${PARTS} WHERE backtest_id = $1 ORDER BY kind, first_row`,
          values: [id],
        });
        return { summary: row.summary, parts: parts.map(({ content, kind }) => ({ content, kind })) };
      }),
  };
}

const ofKind = (parts: readonly StoredPart[], wanted: PartKind): StoredPart[] =>
  parts.filter(({ kind }) => kind === wanted);

async function eachBacktest<T>(
  parts: readonly StoredPart[],
  toValue: (own: readonly StoredPart[]) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const groups = [...Map.groupBy(parts, (part) => part.backtest_id)];
  return new Map(await Promise.all(groups.map(async ([id, own]) => [id, await toValue(own)] as const)));
}
