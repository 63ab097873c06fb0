import type { BarInterval, Decimal } from '@omniquant/plugin-sdk';

import type { AlertSeverity, Environment, TradingState } from '../engine/account-event.ts';
import type { OrderRecord } from '../orders/order-record.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { StrategyTerms } from '../strategies/strategy-event.ts';
import type { StrategyStatus } from '../strategies/strategy-state.ts';

/** An order as it stands after the batch, without its fills (they are rows of their own). */
export interface OrderRow {
  readonly record: OrderRecord;
  readonly status: string;
  readonly open: boolean;
}

/** A fill as booked; `seq` numbers it in the account. The position columns are those right after it. */
export interface FillRow {
  readonly orderId: string;
  readonly executionId: string;
  readonly seq: number;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly at: number;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly fee: Decimal | null;
  readonly feeCurrency: string | null;
  readonly liquidity: string | null;
  readonly busted: boolean;
}

export interface PositionRow {
  readonly symbol: string;
  readonly currency: string;
  readonly multiplier: Decimal;
  readonly quantity: Decimal;
  readonly cost: Decimal;
  readonly realizedPnl: Decimal;
}

export interface BalanceRow {
  readonly currency: string;
  readonly total: Decimal;
  /** Sum of fees and of net transfers in this currency, for the identity of equity. */
  readonly fees: Decimal;
  readonly transfers: Decimal;
}

export interface AlertRow {
  readonly seq: number;
  readonly at: number;
  readonly recordedAt: number;
  readonly severity: AlertSeverity;
  readonly code: string;
  readonly message: string;
}

export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
}

export interface AccountRow {
  readonly accountId: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly broker: string;
  readonly environment: Environment;
  readonly baseCurrency: string;
  readonly tradingState: TradingState;
  readonly limits: RiskLimits;
  readonly day: string | null;
  readonly dayOpenEquity: Decimal | null;
  readonly peakEquity: Decimal | null;
  /** What open orders reserve, by currency (`reservedByCurrency`): buying power is computed from it. */
  readonly reservedNotional: Readonly<Record<string, Decimal>>;
  readonly realizedPnl: Decimal;
  readonly seq: number;
}

/** A strategy as it stands after the batch. */
export interface StrategyRow {
  readonly strategyId: string;
  readonly accountId: string;
  /** Extension id. */
  readonly strategy: string;
  readonly symbols: readonly string[];
  readonly interval: BarInterval;
  readonly config: StrategyTerms['config'];
  /** STARTING: it runs, and nothing of it has been committed yet. */
  readonly status: 'STARTING' | StrategyStatus;
  readonly error: string | null;
  /** Wall time, epoch ms. */
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  /** Of what its own orders have traded, in the account's base currency, as the account's own is. */
  readonly realizedPnl: Decimal;
  readonly restarts: number;
  /** Journal sequence of its start. */
  readonly startedSeq: number;
}

/** The rows that follow from the events of a batch; written in the same transaction. Only what changed. */
export interface ReadModelChanges {
  readonly account: AccountRow | null;
  readonly orders: readonly OrderRow[];
  readonly fills: readonly FillRow[];
  /** Fills whose fee came later or that were busted. */
  readonly fillUpdates: readonly {
    readonly orderId: string;
    readonly executionId: string;
    readonly fee: Decimal | null;
    readonly feeCurrency: string | null;
    readonly busted: boolean;
  }[];
  readonly positions: readonly PositionRow[];
  readonly balances: readonly BalanceRow[];
  readonly alerts: readonly AlertRow[];
  readonly audits: readonly AuditRow[];
  readonly strategies: readonly StrategyRow[];
}
