import DataLoader from 'dataloader';

import type { JournaledEvent } from '../core/engine/account-event.ts';
import type { Page } from '../core/ports/order-reader.ts';
import type { FillRow } from '../core/ports/read-model.ts';
import type { HistoricalRisk } from '../core/risk/var.ts';
import type { RequestContext } from './context.ts';
import type { AccountOrder } from './order/order-service.ts';

/** Related objects of one request: what is asked for together is one query. */
export interface Loaders {
  readonly orders: DataLoader<string, AccountOrder | null>;
  readonly legs: DataLoader<string, readonly AccountOrder[]>;
  readonly risk: DataLoader<string, HistoricalRisk>;
  fills(first: number, afterSeq: number | null): DataLoader<string, Page<FillRow>>;
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

const NO_FILLS: Page<FillRow> = { items: [], hasNextPage: false };

/** For `createRequestContext`. Reads under the caller's rights, through the request's reader. */
export function createLoaders(context: RequestContext): Loaders {
  const { reader } = context;

  const fillsOf = perKey((key: string) => {
    const [first, afterSeq] = JSON.parse(key) as [number, number | null];
    return new DataLoader<string, Page<FillRow>>(async (orderIds) => {
      const pages = await reader.fillsOfOrders(orderIds, first, afterSeq);
      return orderIds.map((id) => pages.get(id) ?? NO_FILLS);
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
