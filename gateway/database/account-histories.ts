import type { AccountView } from '../../core/ports/order-reader.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { createAccountReads } from './order-reader/account-reads.ts';
import { readInWorkspace } from './workspace-transaction.ts';

/** Instants of market time (ms) that are looked at; `to` is outside. */
export interface HistorySpan {
  readonly from: number;
  readonly to: number;
}

/** What an account has done, packed by the database: whoever hands it on need not go through it. */
export interface StoredHistory {
  readonly view: AccountView;
  /** JSON: [day, at, equity, previous], oldest first. */
  readonly openings: string;
  /** JSON: [at, symbol, side, price, quantity, fee, fee currency], oldest first, busted ones left out. */
  readonly fills: string;
  /** How many fills. */
  readonly fillCount: number;
}

/** What accounts of a workspace have done. Every method rejects with DatabaseError. */
export interface AccountHistories {
  /**
   * Of those accounts that there are, all in one state: every opening of a day, the fills of the span, and of each symbol
   * those before it since it was last flat. At most `mostFills` in all; with as many there may be more.
   */
  read(
    workspaceId: string,
    accountIds: readonly string[],
    span: HistorySpan,
    mostFills: number,
    signal: AbortSignal,
  ): Promise<readonly StoredHistory[]>;
  /** Symbols of an account with the most fills in the span, the most traded first. */
  mostTraded(
    workspaceId: string,
    accountId: string,
    span: HistorySpan,
    most: number,
    signal: AbortSignal,
  ): Promise<readonly string[]>;
}

const FILLS = `
  WITH own AS (
    SELECT account_id, seq, symbol, side, at, price, quantity, fee, fee_currency,
           sum(CASE side WHEN 'BUY' THEN quantity ELSE -quantity END)
             OVER (PARTITION BY account_id, symbol ORDER BY at, seq) AS held
      FROM fill WHERE account_id = ANY ($1) AND NOT busted AND at < $3
  ), flat AS (
    SELECT DISTINCT ON (account_id, symbol) account_id, symbol, at, seq
      FROM own WHERE at < $2 AND held = 0 ORDER BY account_id, symbol, at DESC, seq DESC
  ), kept AS (
    SELECT own.* FROM own LEFT JOIN flat USING (account_id, symbol)
     WHERE own.at >= $2 OR flat.seq IS NULL OR (own.at, own.seq) > (flat.at, flat.seq)
     LIMIT $4
  )
  SELECT account_id, count(*) AS fill_count,
         json_agg(json_build_array(at, symbol, side, price::text, quantity::text, fee::text, fee_currency)
                  ORDER BY at, seq)::text AS fills
    FROM kept GROUP BY account_id`;

const OPENINGS = `
  SELECT account_id,
         json_agg(json_build_array(day, at, equity::text, previous::text) ORDER BY day)::text AS openings
    FROM equity_day WHERE account_id = ANY ($1) GROUP BY account_id`;

/** Of `pool`, which is the app's. */
export function createAccountHistories(pool: ConnectionPool): AccountHistories {
  return {
    read: (workspaceId, accountIds, { from, to }, mostFills, signal) =>
      readInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const views = await createAccountReads(transaction).accountsByIds(accountIds);
        const days = await transaction.query<{ account_id: string; openings: string }>({
          name: 'history-openings',
          text: OPENINGS,
          values: [accountIds],
        });
        const fills = await transaction.query<{ account_id: string; fill_count: number; fills: string }>({
          name: 'history-fills',
          text: FILLS,
          values: [accountIds, from, to, mostFills],
        });
        const openingsOf = new Map(days.map((row) => [row.account_id, row.openings]));
        const fillsOf = new Map(fills.map((row) => [row.account_id, row]));
        return views.map((view) => {
          const { accountId } = view.account;
          const own = fillsOf.get(accountId);
          return {
            view,
            openings: openingsOf.get(accountId) ?? '[]',
            fills: own?.fills ?? '[]',
            fillCount: own?.fill_count ?? 0,
          };
        });
      }),

    mostTraded: (workspaceId, accountId, { from, to }, most, signal) =>
      readInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const rows = await transaction.query<{ symbol: string }>({
          name: 'history-symbols',
          text: `SELECT symbol FROM fill WHERE account_id = $1 AND NOT busted AND at >= $2 AND at < $3
                  GROUP BY symbol ORDER BY count(*) DESC, symbol LIMIT $4`,
          values: [accountId, from, to, most],
        });
        return rows.map(({ symbol }) => symbol);
      }),
  };
}
