import type { RequestContext } from '../context.ts';
import { positionAfter } from '../pagination/cursor.ts';
import type { OrderMoment } from './fold-order-events.ts';

export interface OrderEventsArgs {
  readonly accountId: string;
  readonly after?: string | null;
}

export async function openOrderEvents(
  context: RequestContext,
  { accountId, after }: OrderEventsArgs,
): Promise<AsyncIterable<OrderMoment>> {
  const { streamAccess, streamCursors, streams } = context.services;
  await streamAccess.account(context, accountId);
  const afterSeq = positionAfter(after, (cursor) => streamCursors.decode(accountId, cursor));
  return streams.orderEvents(context, accountId, afterSeq);
}
