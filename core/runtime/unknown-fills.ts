import type { Broker } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { ArchiveView } from '../engine/decide-context.ts';
import { venueOrderOwner } from './archive-needs.ts';
import { EMPTY_ARCHIVE } from './archive-view.ts';
import type { BrokerEnvironment } from './broker-environment.ts';

export type ListedFill = Awaited<ReturnType<Broker['fillsSince']>>['events'][number];

/**
 * What of a venue's list of fills is news: most of it came by the order stream before, and much is of
 * orders that have left memory, which one query answers for all. Errs on the side of news, for whatever
 * is handed over twice is booked once.
 */
export async function unknownFills(
  events: readonly ListedFill[],
  state: AccountState,
  { prefetch, venueIdPrefix }: Pick<BrokerEnvironment, 'prefetch' | 'venueIdPrefix'>,
): Promise<readonly ListedFill[]> {
  const ownerOf = (event: ListedFill): string => venueOrderOwner(event, state.accountId, venueIdPrefix);
  const archived = [...new Set(events.map(ownerOf))].filter((orderId) => !state.orders.has(orderId));
  const archive =
    archived.length === 0 || state.evictedOrders === 0
      ? EMPTY_ARCHIVE
      : await new Promise<ArchiveView>((resolve) => {
          const needs = { clientOrderIds: [], orderIds: archived, bust: null };
          prefetch.request(state.accountId, needs, resolve);
        });
  return events.filter((event) => {
    const orderId = ownerOf(event);
    const fill = (state.orders.get(orderId) ?? archive.order(orderId))?.fills.get(event.executionId);
    switch (event.kind) {
      case 'filled':
        // A fee or a bust that came first has left a mark without a quantity.
        return fill === undefined || fill.quantity === 0n;
      case 'busted':
        return fill?.busted !== true;
      case 'feeCharged':
        return fill === undefined || fill.fee === null || formatDecimal(fill.fee) !== event.fee;
    }
  });
}
