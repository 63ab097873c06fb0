import DataLoader from 'dataloader';

import type { JournaledEvent } from '../core/engine/account-event.ts';
import type { PerformanceSummary } from '../core/performance/summary.ts';
import type { BacktestCurve, NumberedOrder } from '../core/ports/backtests.ts';
import type { Page } from '../core/ports/order-reader.ts';
import type { FillRow } from '../core/ports/read-model.ts';
import type { EvaluationRow, EvaluationsWanted } from '../core/ports/sweeps.ts';
import type { HistoricalRisk } from '../core/risk/var.ts';
import type { SweepResult } from '../core/sweeps/sweep-result.ts';
import type { PerformanceRange } from './account/performance-service.ts';
import type { RequestContext } from './context.ts';
import type { AccountOrder } from './order/order-service.ts';

/** Related objects of one request: what is asked for together is one query. */
export interface Loaders {
  readonly orders: DataLoader<string, AccountOrder | null>;
  readonly legs: DataLoader<string, readonly AccountOrder[]>;
  readonly risk: DataLoader<string, HistoricalRisk>;
  performance(range: PerformanceRange): DataLoader<string, PerformanceSummary>;
  fills(first: number, afterSeq: number | null): DataLoader<string, Page<FillRow>>;
  /** Orders of backtests, from a position on. */
  backtestOrders(first: number, position: number): DataLoader<string, Page<NumberedOrder>>;
  readonly backtestCurves: DataLoader<string, BacktestCurve | null>;
  /** What sweeps have come to; null before their end. */
  readonly sweepResults: DataLoader<string, SweepResult | null>;
  /** Evaluations of sweeps. */
  evaluations(wanted: EvaluationsWanted): DataLoader<string, Page<EvaluationRow>>;
  /** All events of orders of an account. */
  events(accountId: string): DataLoader<string, readonly JournaledEvent[]>;
}

function perKey<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

const NOTHING: Page<never> = { items: [], hasNextPage: false };

/** For `createRequestContext`. Reads under the caller's rights, through the request's reader. */
export function createLoaders(context: RequestContext): Loaders {
  const { reader } = context;

  const fillsOf = perKey((key: string) => {
    const [first, afterSeq] = JSON.parse(key) as [number, number | null];
    return new DataLoader<string, Page<FillRow>>(async (orderIds) => {
      const pages = await reader.fillsOfOrders(orderIds, first, afterSeq);
      return orderIds.map((id) => pages.get(id) ?? NOTHING);
    });
  });

  const backtestOrdersOf = perKey((key: string) => {
    const [first, position] = JSON.parse(key) as [number, number];
    return new DataLoader<string, Page<NumberedOrder>>(async (ids) => {
      const pages = await context.services.backtests.orders(context, ids, first, position);
      return ids.map((id) => pages.get(id) ?? NOTHING);
    });
  });

  const performanceOf = perKey((key: string) => {
    const range = JSON.parse(key) as PerformanceRange;
    return new DataLoader<string, PerformanceSummary>((accountIds) =>
      context.services.performance.summaries(context, accountIds, range),
    );
  });

  const evaluationsOf = perKey((key: string) => {
    const wanted = JSON.parse(key) as EvaluationsWanted;
    return new DataLoader<string, Page<EvaluationRow>>(async (ids) => {
      const pages = await context.services.sweeps.evaluations(context, ids, wanted);
      return ids.map((id) => pages.get(id) ?? NOTHING);
    });
  });

  return {
    orders: new DataLoader(async (ids) => {
      const found = await reader.ordersByIds(ids);
      const byId = new Map(found.map((order) => [order.record.id, order]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
    legs: new DataLoader(async (parentIds) => {
      const legs = await reader.legsOf(parentIds);
      return parentIds.map((id) => legs.filter((leg) => leg.record.parentId === id));
    }),
    risk: new DataLoader((accountIds) => context.services.risk.historical(context, accountIds)),
    performance: ({ benchmark, from, to }) => performanceOf(JSON.stringify({ from, to, benchmark })),
    backtestOrders: (first, position) => backtestOrdersOf(JSON.stringify([first, position])),
    backtestCurves: new DataLoader(async (ids) => {
      const curves = await context.services.backtests.curves(context, ids);
      return ids.map((id) => curves.get(id) ?? null);
    }),
    sweepResults: new DataLoader(async (ids) => {
      const results = await context.services.sweeps.results(context, ids);
      return ids.map((id) => results.get(id) ?? null);
    }),
    evaluations: (wanted) => evaluationsOf(JSON.stringify(wanted)),
    fills: (first, afterSeq) => fillsOf(JSON.stringify([first, afterSeq])),
    events: perKey(
      (accountId: string) =>
        new DataLoader<string, readonly JournaledEvent[]>(async (orderIds) => {
          const events = await reader.eventsOfOrders(accountId, orderIds, Number.MAX_SAFE_INTEGER);
          const byOrder = Map.groupBy(events, ({ event }) => ('orderId' in event ? event.orderId : null));
          return orderIds.map((id) => byOrder.get(id) ?? []);
        }),
    ),
  };
}
