import type { BacktestCurve, BacktestRow, NumberedOrder } from '../../core/ports/backtests.ts';
import type { Page } from '../../core/ports/order-reader.ts';
import type { RequestContext } from '../context.ts';
import type { RunBacktestInput } from './backtest.input.ts';

export type RunBacktestRequest = Readonly<Pick<RunBacktestInput, keyof RunBacktestInput>>;

/**
 * Backtests of the caller's workspace. Every method authorises its caller; a backtest of another workspace is null, left
 * out, or NOT_FOUND, as one that does not exist.
 */
export interface BacktestService {
  /** Durable when it resolves. Throws BAD_USER_INPUT, naming the field, and RATE_LIMITED while too many wait. */
  run(context: RequestContext, input: RunBacktestRequest): Promise<BacktestRow>;
  /** One that has ended stays as it is. */
  cancel(context: RequestContext, id: string): Promise<BacktestRow>;
  find(context: RequestContext, id: string): Promise<BacktestRow | null>;
  /** Newest first. */
  page(context: RequestContext, first: number, beforeId: string | null): Promise<Page<BacktestRow>>;
  /** Of each backtest that has orders from that position on, by its id. */
  orders(
    context: RequestContext,
    ids: readonly string[],
    first: number,
    position: number,
  ): Promise<ReadonlyMap<string, Page<NumberedOrder>>>;
  curves(context: RequestContext, ids: readonly string[]): Promise<ReadonlyMap<string, BacktestCurve>>;
  /** Path of its report, for somebody who has no more than the path; good for an hour. */
  reportPath(context: RequestContext, id: string): string;
}
