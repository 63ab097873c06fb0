import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from '../core/market/bar.ts';
import type { Quote } from '../core/market/quote.ts';
import type { BacktestRow } from '../core/ports/backtests.ts';
import type { StrategyNotice } from '../core/ports/bus.ts';
import type { AccountView } from '../core/ports/order-reader.ts';
import type { AlertRow } from '../core/ports/read-model.ts';
import type { SweepRow } from '../core/ports/sweeps.ts';
import type { RequestContext } from './context.ts';
import type { OrderMoment } from './order/fold-order-events.ts';

export interface AccountAlert {
  readonly accountId: string;
  readonly alert: AlertRow;
}

/**
 * What subscriptions are fed from. Each call is one subscriber with a bounded queue; returning the
 * iterator (or aborting the context's signal) ends it. Streams that must not lose anything throw
 * SLOW_CONSUMER (an `apiError`) when their queue overflows; the others keep the latest.
 *
 * The caller has been authorised and the account is theirs when a method is called; whoever keeps a
 * stream open checks the rights again at every event.
 */
export interface Streams {
  /** Every event in journal order: after `afterSeq` without gap or duplicate, or only those from now on. */
  orderEvents(
    context: RequestContext,
    accountId: string,
    afterSeq: number | null,
  ): AsyncIterable<OrderMoment>;
  /** The account when it or its prices have changed, at most ten times a second; the first at once. */
  accountUpdates(context: RequestContext, accountId: string): AsyncIterable<AccountView>;
  quotes(context: RequestContext, symbols: readonly string[]): AsyncIterable<Quote>;
  bars(context: RequestContext, symbols: readonly string[], interval: BarInterval): AsyncIterable<Bar>;
  /** As `orderEvents`. */
  riskAlerts(
    context: RequestContext,
    accountId: string,
    afterSeq: number | null,
  ): AsyncIterable<AccountAlert>;
  /** What a strategy says from now on; done when it has ended. */
  strategyEvents(
    context: RequestContext,
    accountId: string,
    strategyId: string,
  ): AsyncIterable<StrategyNotice>;
  /** A backtest as it stands, then whenever it has changed; done when it has ended. */
  backtestProgress(context: RequestContext, id: string): AsyncIterable<BacktestRow>;
  /** As `backtestProgress`, of a sweep. */
  sweepProgress(context: RequestContext, id: string): AsyncIterable<SweepRow>;
}

/** What a subscription asks before its stream begins. */
export interface StreamAccess {
  /** Throws UNAUTHENTICATED, FORBIDDEN, and NOT_FOUND for an account that is not the caller's. */
  account(context: RequestContext, accountId: string): Promise<void>;
  /** Throws UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT for too many symbols or one that there is not. */
  symbols(context: RequestContext, symbols: readonly string[]): void;
  /** Answers with its account. Throws as `account`. */
  strategy(context: RequestContext, strategyId: string): Promise<string>;
  /** Throws as `account`. */
  backtest(context: RequestContext, id: string): Promise<void>;
  sweep(context: RequestContext, id: string): Promise<void>;
}
