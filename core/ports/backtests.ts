import type { BacktestEquityPoint, BacktestOrder } from '../backtest/backtest-result.ts';
import type { PerformanceSummary } from '../performance/summary.ts';

export const BACKTEST_STATUSES = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELED'] as const;
export type BacktestStatus = (typeof BACKTEST_STATUSES)[number];

/** A backtest of a workspace as it stands, without its orders and its equity. */
export interface BacktestRow {
  readonly id: string;
  readonly workspaceId: string;
  readonly status: BacktestStatus;
  /** From 0 to 1, by market time. */
  readonly progress: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Wall clock, as all times here. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** What is run, with all defaults: BacktestSettings as JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly resultHash: string | null;
  /** Bars and events of the account that the run went through. */
  readonly eventsProcessed: number | null;
  readonly performance: PerformanceSummary | null;
}

/** An order with its position in the list of all, from 0. */
export interface NumberedOrder {
  readonly position: number;
  readonly order: BacktestOrder;
}

/** Equity of a run and the closes of its benchmark, by trading day. */
export interface BacktestCurve {
  readonly equity: readonly BacktestEquityPoint[];
  readonly benchmark: readonly { readonly at: number; readonly value: string }[];
}

/** Ended: nothing about it changes any more. */
export const isOver = ({ status }: Pick<BacktestRow, 'status'>): boolean =>
  status !== 'QUEUED' && status !== 'RUNNING';
