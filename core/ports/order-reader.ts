import type { Decimal } from '@omniquant/plugin-sdk';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { OrderRecord } from '../orders/order-record.ts';
import type {
  AccountRow,
  AlertRow,
  AuditRow,
  BalanceRow,
  FillRow,
  PositionRow,
  StrategyRow,
} from './read-model.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly hasNextPage: boolean;
}

export interface OrderQuery {
  readonly accountId: string;
  readonly symbol?: string;
  readonly statuses?: readonly string[];
  readonly open?: boolean;
  /** Created at or after / before, market time. */
  readonly from?: number;
  readonly to?: number;
  readonly strategyId?: string;
  readonly first: number;
  /** Position of the last order seen: newest first, by the journal sequence that created it. */
  readonly before?: { readonly seq: number; readonly id: string };
}

export interface FillQuery {
  readonly accountId: string;
  readonly symbol?: string;
  readonly from?: number;
  readonly to?: number;
  readonly first: number;
  readonly beforeSeq?: number;
}

export interface AccountView {
  readonly account: AccountRow;
  readonly balances: readonly BalanceRow[];
  readonly positions: readonly PositionRow[];
}

/** Equity with which a trading day of an account began. */
export interface EquityDay {
  readonly day: string;
  /** Market time, epoch ms. */
  readonly at: number;
  readonly equity: Decimal;
  /** What the trading day before opened with, and what came in less what went out during it; null for the first. */
  readonly previous: Decimal | null;
}

/**
 * Reads of one workspace, in one transaction under its row-level security. What belongs to another
 * workspace is not there.
 */
export interface OrderReader {
  accounts(): Promise<readonly AccountView[]>;
  accountsByIds(ids: readonly string[]): Promise<readonly AccountView[]>;
  ordersByIds(
    ids: readonly string[],
  ): Promise<readonly { readonly accountId: string; readonly record: OrderRecord }[]>;
  orderByClientId(accountId: string, clientOrderId: string): Promise<OrderRecord | null>;
  orders(query: OrderQuery): Promise<Page<OrderRecord>>;
  /** Legs of parents, by parent id. */
  legsOf(
    parentIds: readonly string[],
  ): Promise<readonly { readonly accountId: string; readonly record: OrderRecord }[]>;
  fills(query: FillQuery): Promise<Page<FillRow>>;
  /** First `first` fills of each order after `afterSeq`, in booking order, one query for all orders. */
  fillsOfOrders(
    orderIds: readonly string[],
    first: number,
    afterSeq: number | null,
  ): Promise<ReadonlyMap<string, Page<FillRow>>>;
  /** Events of one order in journal order. */
  orderEvents(
    accountId: string,
    orderId: string,
    first: number,
    afterSeq: number | null,
  ): Promise<Page<JournaledEvent>>;
  /** All events of an account after a sequence, in order. */
  accountEvents(accountId: string, afterSeq: number, first: number): Promise<readonly JournaledEvent[]>;
  /** All events up to a sequence of some orders: to fold each order as it stood. */
  eventsOfOrders(
    accountId: string,
    orderIds: readonly string[],
    upToSeq: number,
  ): Promise<readonly JournaledEvent[]>;
  head(accountId: string): Promise<{ readonly seq: number } | null>;
  alerts(accountId: string, first: number, beforeSeq: number | null): Promise<Page<AlertRow>>;
  alertsAfter(accountId: string, afterSeq: number, first: number): Promise<readonly AlertRow[]>;
  audits(
    accountId: string | null,
    first: number,
    beforeSequence: string | null,
  ): Promise<
    Page<
      AuditRow & {
        readonly sequence: string;
        readonly hash: string;
        readonly previousHash: string;
        readonly accountId: string | null;
      }
    >
  >;
  strategiesByIds(ids: readonly string[]): Promise<readonly StrategyRow[]>;
  /** Of an account: those that run, then those that have ended; newest first, `first` at most. */
  strategies(accountId: string, first: number): Promise<readonly StrategyRow[]>;
  /** The last `days` trading days of each account, oldest first; one query for all accounts. */
  equityDays(accountIds: readonly string[], days: number): Promise<ReadonlyMap<string, readonly EquityDay[]>>;
}

/** A reader for the length of one request. Its transaction begins with its first query. */
export interface WorkspaceReader extends OrderReader {
  /** Ends the transaction, if one began; safe to repeat. */
  close(): Promise<void>;
}

export interface WorkspaceReaders {
  open(workspaceId: string, signal: AbortSignal): WorkspaceReader;
}
