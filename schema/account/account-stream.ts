import type { AccountView } from '../../core/ports/order-reader.ts';
import type { RequestContext } from '../context.ts';

export async function openAccountUpdates(
  context: RequestContext,
  accountId: string,
): Promise<AsyncIterable<AccountView>> {
  await context.services.streamAccess.account(context, accountId);
  return context.services.streams.accountUpdates(context, accountId);
}
