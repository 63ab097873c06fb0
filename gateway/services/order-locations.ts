import { LRUCache } from 'lru-cache';

import type { RequestContext } from '../../schema/context.ts';
import { notFound } from '../../schema/errors/api-error.ts';
import type { AccountOrder } from '../../schema/order/order-service.ts';
import type { AccountAccess } from './account-access.ts';

/** An order never changes its account, so what was seen is kept: most orders are changed soon after they were placed. */
const CACHED_ORDERS = 200_000;

export interface OrderLocations {
  remember(orders: readonly AccountOrder[]): void;
  /** The account of an order of the caller's workspace. Throws NOT_FOUND with the argument's path. */
  accountOf(context: RequestContext, orderId: string, field: string): Promise<string>;
}

export function createOrderLocations(access: AccountAccess): OrderLocations {
  const accounts = new LRUCache<string, string>({ max: CACHED_ORDERS });

  const remember = (orders: readonly AccountOrder[]): void => {
    for (const { accountId, record } of orders) accounts.set(record.id, accountId);
  };

  return {
    remember,
    async accountOf(context, orderId, field) {
      const known = accounts.get(orderId);
      if (known !== undefined && (await access.find(context, known)) !== null) return known;
      // The reader sees the caller's workspace only.
      const found = known === undefined ? await context.reader.ordersByIds([orderId]) : [];
      const [order] = found;
      if (order === undefined) throw notFound('order', orderId, field);
      remember(found);
      return order.accountId;
    },
  };
}
