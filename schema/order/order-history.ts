import type { Page } from '../../core/ports/order-reader.ts';
import type { RequestContext } from '../context.ts';
import { pageSize } from '../pagination/connection.ts';
import { positionAfter } from '../pagination/cursor.ts';
import type { PageArgs } from '../pagination/page.args.ts';
import { createOrderFold, type OrderMoment } from './fold-order-events.ts';
import type { Order } from './order.type.ts';

/** Folds the order's events from the first, so that each shows the order as it stood then. */
export async function eventPage(
  order: Pick<Order, 'id' | 'accountId'>,
  { first, after }: PageArgs,
  context: RequestContext,
): Promise<Page<OrderMoment>> {
  const size = pageSize(first);
  const { streamCursors } = context.services;
  const afterSeq = positionAfter(after, (cursor) => streamCursors.decode(order.accountId, cursor)) ?? 0;
  const events = await context.loaders.events(order.accountId).load(order.id);
  const moments = createOrderFold()
    .follow(events)
    .filter(({ seq }) => seq > afterSeq);
  return { items: moments.slice(0, size), hasNextPage: moments.length > size };
}
