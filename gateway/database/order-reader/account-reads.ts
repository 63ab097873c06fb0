import type { AccountView, EquityDay, OrderReader } from '../../../core/ports/order-reader.ts';
import type { AccountRow, BalanceRow, PositionRow } from '../../../core/ports/read-model.ts';
import type { WorkspaceTransaction } from '../workspace-transaction.ts';

interface StoredAccount {
  readonly account_id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly broker: string;
  readonly environment: AccountRow['environment'];
  readonly base_currency: string;
  readonly trading_state: AccountRow['tradingState'];
  readonly limits: string;
  readonly day: string | null;
  readonly day_open_equity: string | null;
  readonly peak_equity: string | null;
  readonly reserved_notional: string;
  readonly realized_pnl: string;
  readonly seq: number;
}

/** An account whose first event has not been committed has a row already; it is not there yet. */
const ACCOUNTS = `
  SELECT account_id, workspace_id, name, broker, environment, base_currency, trading_state, limits, day, day_open_equity,
         peak_equity, reserved_notional, realized_pnl, seq
    FROM account WHERE seq > 0`;

export function createAccountReads(
  transaction: WorkspaceTransaction,
): Pick<OrderReader, 'accounts' | 'accountsByIds' | 'head' | 'equityDays'> {
  async function withHoldings(rows: readonly StoredAccount[]): Promise<readonly AccountView[]> {
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.account_id);
    const [balances, positions] = await Promise.all([
      transaction.query<BalanceRow & { account_id: string }>({
        name: 'reader-balances',
        text: 'SELECT account_id, currency, total, fees, transfers FROM balance WHERE account_id = ANY ($1) ORDER BY currency',
        values: [ids],
      }),
      transaction.query<Omit<PositionRow, 'realizedPnl'> & { account_id: string; realized_pnl: string }>({
        name: 'reader-positions',
        text: `SELECT account_id, symbol, currency, multiplier, quantity, cost, realized_pnl
                 FROM position WHERE account_id = ANY ($1) ORDER BY symbol`,
        values: [ids],
      }),
    ]);
    const balancesOf = Map.groupBy(balances, (row) => row.account_id);
    const positionsOf = Map.groupBy(positions, (row) => row.account_id);
    return rows.map((row) => ({
      account: toAccountRow(row),
      balances: (balancesOf.get(row.account_id) ?? []).map(({ currency, total, fees, transfers }) => ({
        currency,
        total,
        fees,
        transfers,
      })),
      positions: (positionsOf.get(row.account_id) ?? []).map(
        ({ symbol, currency, multiplier, quantity, cost, realized_pnl: realizedPnl }) => ({
          symbol,
          currency,
          multiplier,
          quantity,
          cost,
          realizedPnl,
        }),
      ),
    }));
  }

  return {
    async accounts() {
      const rows = await transaction.query<StoredAccount>({
        name: 'reader-accounts',
        text: `${ACCOUNTS} ORDER BY account_id`,
      });
      return await withHoldings(rows);
    },

    async accountsByIds(ids) {
      const rows = await transaction.query<StoredAccount>({
        name: 'reader-accounts-by-ids',
        text: `${ACCOUNTS} AND account_id = ANY ($1)`,
        values: [ids],
      });
      return await withHoldings(rows);
    },

    async head(accountId) {
      const [row] = await transaction.query<{ seq: number }>({
        name: 'reader-head',
        text: 'SELECT seq FROM account_head WHERE account_id = $1',
        values: [accountId],
      });
      return row === undefined ? null : { seq: row.seq };
    },

    async equityDays(accountIds, days) {
      const rows = await transaction.query<EquityDay & { account_id: string }>({
        name: 'reader-equity-days',
        text: `SELECT d.account_id, d.day, d.at, d.equity, d.previous
                 FROM unnest($1::text[]) AS a (id)
                CROSS JOIN LATERAL (
                  SELECT account_id, day, at, equity, previous FROM equity_day
                   WHERE account_id = a.id ORDER BY day DESC LIMIT $2) d
                ORDER BY d.account_id, d.day`,
        values: [[...new Set(accountIds)], days],
      });
      const byAccount = Map.groupBy(rows, (row) => row.account_id);
      return new Map(
        [...byAccount].map(([id, list]) => [
          id,
          list.map(({ day, at, equity, previous }) => ({ day, at, equity, previous })),
        ]),
      );
    },
  };
}

function toAccountRow(row: StoredAccount): AccountRow {
  return {
    accountId: row.account_id,
    workspaceId: row.workspace_id,
    name: row.name,
    broker: row.broker,
    environment: row.environment,
    baseCurrency: row.base_currency,
    tradingState: row.trading_state,
    limits: JSON.parse(row.limits) as AccountRow['limits'],
    day: row.day,
    dayOpenEquity: row.day_open_equity,
    peakEquity: row.peak_equity,
    reservedNotional: JSON.parse(row.reserved_notional) as AccountRow['reservedNotional'],
    realizedPnl: row.realized_pnl,
    seq: row.seq,
  };
}
