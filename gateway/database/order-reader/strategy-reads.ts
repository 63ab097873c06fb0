import type { OrderReader } from '../../../core/ports/order-reader.ts';
import type { StrategyRow } from '../../../core/ports/read-model.ts';
import type { WorkspaceTransaction } from '../workspace-transaction.ts';

interface StoredStrategy {
  readonly strategy_id: string;
  readonly account_id: string;
  readonly strategy: string;
  readonly symbols: string;
  readonly interval: StrategyRow['interval'];
  readonly config: string;
  readonly status: StrategyRow['status'];
  readonly error: string | null;
  readonly started_at: number;
  readonly stopped_at: number | null;
  readonly realized_pnl: string;
  readonly restarts: number;
  readonly started_seq: number;
}

const STRATEGIES = `
  SELECT strategy_id, account_id, strategy, symbols, interval, config, status, error, started_at, stopped_at,
         realized_pnl, restarts, started_seq
    FROM strategy`;

export function createStrategyReads(
  transaction: WorkspaceTransaction,
): Pick<OrderReader, 'strategiesByIds' | 'strategies'> {
  return {
    async strategiesByIds(ids) {
      const rows = await transaction.query<StoredStrategy>({
        name: 'reader-strategies-by-ids',
        text: `${STRATEGIES} WHERE strategy_id = ANY ($1)`,
        values: [ids],
      });
      return rows.map(toStrategyRow);
    },

    async strategies(accountId, first) {
      const rows = await transaction.query<StoredStrategy>({
        name: 'reader-strategies',
        text: `${STRATEGIES} WHERE account_id = $1
                ORDER BY stopped_at IS NOT NULL, started_seq DESC LIMIT $2`,
        values: [accountId, first],
      });
      return rows.map(toStrategyRow);
    },
  };
}

const toStrategyRow = (row: StoredStrategy): StrategyRow => ({
  strategyId: row.strategy_id,
  accountId: row.account_id,
  strategy: row.strategy,
  symbols: JSON.parse(row.symbols) as string[],
  interval: row.interval,
  config: JSON.parse(row.config) as StrategyRow['config'],
  status: row.status,
  error: row.error,
  startedAt: row.started_at,
  stoppedAt: row.stopped_at,
  realizedPnl: row.realized_pnl,
  restarts: row.restarts,
  startedSeq: row.started_seq,
});
