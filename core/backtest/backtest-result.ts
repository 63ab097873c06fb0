import type {
  Decimal,
  Json,
  Liquidity,
  LogLevel,
  OrderSide,
  OrderType,
  TimeInForce,
} from '@omniquant/plugin-sdk';

import type { OrderRole } from '../orders/order.ts';
import type { OrderStatus } from '../orders/status.ts';
import type { PerformanceSummary } from '../performance/summary.ts';
import type { BacktestSettings } from './backtest-spec.ts';

/*
 * All of it is JSON, so that a worker can hand it over and a database keep it. The whole performance report is made of
 * it by `performanceOfBacktest`. Times are market time, epoch ms.
 */

/** An order as it ended, or as it stood at the end of the run. */
export interface BacktestOrder {
  readonly id: string;
  /** The strategy's own name of it. */
  readonly ref: string | null;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly role: OrderRole;
  /** The entry of the bracket that it is a leg of. */
  readonly parentId: string | null;
  /** Null for a notional order that was never sized. */
  readonly quantity: Decimal | null;
  readonly filledQuantity: Decimal;
  readonly averageFillPrice: Decimal | null;
  readonly limitPrice: Decimal | null;
  /** The trigger, as far as it has trailed. */
  readonly stopPrice: Decimal | null;
  /** In the currency of the instrument. */
  readonly fees: Decimal;
  readonly status: OrderStatus;
  /** Why it was denied, rejected or cancelled. */
  readonly reason: string | null;
  readonly at: number;
  /** Null for an order that was open at the end. */
  readonly endedAt: number | null;
}

export interface BacktestFill {
  readonly orderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly at: number;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly multiplier: Decimal;
  /** In `feeCurrency`; below zero for a rebate. */
  readonly fee: Decimal;
  readonly feeCurrency: string;
  /** Base currency for one unit of the instrument's at the fill. */
  readonly rate: Decimal;
  /** Null for an auction. */
  readonly liquidity: Liquidity | null;
}

/** What the account was worth at the last bar of a trading day; in the base currency, exact. */
export interface BacktestEquityPoint {
  readonly at: number;
  readonly equity: Decimal;
  readonly cash: Decimal;
  readonly grossExposure: Decimal;
}

/** Close of the benchmark at the last bar of a trading day. */
export interface BacktestBenchmarkPoint {
  readonly at: number;
  readonly value: Decimal;
}

/** Money that holding a position cost or brought; below zero is paid. */
export interface BacktestCharge {
  readonly at: number;
  readonly kind: 'BORROW' | 'DIVIDEND';
  readonly symbol: string;
  readonly currency: string;
  readonly amount: Decimal;
  /** Base currency for one unit of `currency`. */
  readonly rate: Decimal;
}

/** What the strategy said, and what of its wishes could not be done. */
export interface BacktestLog {
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly data: Json;
}

export interface BacktestCounts {
  /** Bars of all series, those of the warm-up included. */
  readonly bars: number;
  /** Rows of quotes, trades and books; left out without any. */
  readonly ticks?: number;
  readonly warmupBars: number;
  readonly orders: number;
  readonly fills: number;
  readonly denied: number;
  readonly rejected: number;
  /** Events of the account, as a journal would hold them. */
  readonly events: number;
  /** Steps in which the strategy wished something. */
  readonly steps: number;
}

export interface BacktestFailure {
  /** Of the strategy's error, or of {@link BacktestError}. */
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

export interface BacktestResult {
  readonly settings: BacktestSettings;
  /** RUNNING: the run has not come to its end, and this is how far it went. */
  readonly status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  readonly failure: BacktestFailure | null;
  /** Market time at which the strategy was started, and of the last bar. Null before the first bar. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** In the order in which they were placed; legs of a bracket after their entry. */
  readonly orders: readonly BacktestOrder[];
  readonly fills: readonly BacktestFill[];
  /** Left out without any. */
  readonly charges?: readonly BacktestCharge[];
  /** One for each trading day with a bar. */
  readonly equity: readonly BacktestEquityPoint[];
  readonly benchmark: readonly BacktestBenchmarkPoint[] | null;
  readonly performance: PerformanceSummary;
  /** Fields of `performance` that are null only because the sample is too small. */
  readonly withheld: readonly (keyof PerformanceSummary)[];
  readonly logs: readonly BacktestLog[];
  /** Logs beyond those that are kept. */
  readonly droppedLogs: number;
  /** Last value of each gauge of the strategy. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly counts: BacktestCounts;
  /**
   * Of all orders, fills and equity points, and of the splits and dividends: 16 hexadecimal digits. The same settings,
   * seed and bars give the same on any machine, also with a save and restore in the middle.
   */
  readonly resultHash: string;
}
