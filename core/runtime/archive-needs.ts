import type { AccountState } from '../engine/account-state.ts';
import type { ClientCommand, SystemCommand } from '../engine/command.ts';
import { externalOrderId } from '../orders/external-order-id.ts';
import { parseVenueOrderId } from '../orders/venue-order-id.ts';

/** What a decision may need of done orders that have left memory. */
export interface ArchiveNeeds {
  readonly clientOrderIds: readonly string[];
  readonly orderIds: readonly string[];
  /** An execution is taken back: all fills of its order's symbol are needed, `symbol` where it is known. */
  readonly bust: { readonly orderId: string; readonly symbol: string | null } | null;
}

const NOTHING: ArchiveNeeds = { clientOrderIds: [], orderIds: [], bust: null };

/** Of client ids alone: known when a request arrives, so that many are asked for in one query. */
export function clientIdNeeds(state: AccountState, commands: readonly ClientCommand[]): readonly string[] {
  if (state.evictedOrders === 0) {
    return [];
  }
  const ids: string[] = [];
  for (const command of commands) {
    if (command.kind === 'placeOrder' || command.kind === 'closePosition') {
      if (!state.orderIdByClientId.has(command.clientOrderId)) {
        ids.push(command.clientOrderId);
      }
    }
  }
  return ids;
}

/** Orders and fills that a command names and memory lacks; rare, since only done orders leave memory. */
export function orderNeeds(
  state: AccountState,
  commands: readonly (ClientCommand | SystemCommand)[],
  venueIdPrefix: string,
): ArchiveNeeds {
  const orderIds: string[] = [];
  let bust: ArchiveNeeds['bust'] = null;
  for (const command of commands) {
    const orderId = orderIdOf(command, state.accountId, venueIdPrefix);
    if (orderId === null) {
      continue;
    }
    const order = state.orders.get(orderId);
    if (order === undefined && state.evictedOrders > 0) {
      orderIds.push(orderId);
    }
    if (command.kind === 'brokerEvent' && command.event.kind === 'busted') {
      bust = { orderId, symbol: order?.symbol ?? null };
    }
  }
  return orderIds.length === 0 && bust === null ? NOTHING : { clientOrderIds: [], orderIds, bust };
}

function orderIdOf(command: ClientCommand | SystemCommand, accountId: string, prefix: string): string | null {
  switch (command.kind) {
    case 'cancelOrder':
    case 'replaceOrder':
    case 'resolveOrder':
    case 'brokerOutcome':
    case 'notAtVenue':
    case 'resubmit':
      return command.orderId;
    case 'venueOrder':
      return venueOrderOwner(command.order, accountId, prefix);
    case 'brokerEvent':
      return command.event.kind === 'transfer' ? null : venueOrderOwner(command.event, accountId, prefix);
    default:
      return null;
  }
}

/** Our id of the order that a venue's message is about. */
export function venueOrderOwner(
  message: { readonly venueOrderId: string | null; readonly brokerOrderId: string },
  accountId: string,
  prefix: string,
): string {
  const ours = message.venueOrderId === null ? null : parseVenueOrderId(prefix, message.venueOrderId);
  return ours?.orderId ?? externalOrderId(accountId, message.brokerOrderId);
}
