import type { BrokerEvent } from '@omniquant/plugin-sdk';
import { abs, type Fixed, ONE, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import { externalOrderId } from '../../orders/external-order-id.ts';
import { parseVenueOrderId } from '../../orders/venue-order-id.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { alert } from './alert.ts';
import { findOrder } from './find-order.ts';
import { countFlows } from './flow.ts';
import { type OrderMessage, orderMessageEvents } from './order-message.ts';
import { DONE, done } from './results.ts';
import { blockEntries } from './venue-evidence.ts';

const LARGEST: Fixed = 10n ** 18n * ONE;

/** The order that a venue speaks of; `revision` is null for one that was not placed by this gateway. */
export interface OrderReference {
  readonly orderId: string;
  readonly revision: number | null;
}

/** What the runtime looks orders up by before it hands a message over, as deciding does. */
export const orderReference = (
  accountId: string,
  venueIdPrefix: string,
  { venueOrderId, brokerOrderId }: { readonly venueOrderId: string | null; readonly brokerOrderId: string },
): OrderReference => {
  const ours = venueOrderId === null ? null : parseVenueOrderId(venueIdPrefix, venueOrderId);
  return ours ?? { orderId: externalOrderId(accountId, brokerOrderId), revision: null };
};

const bookTransfer = (
  state: AccountState,
  event: Extract<BrokerEvent, { kind: 'transfer' }>,
  ctx: DecideContext,
): Decision => {
  if (state.transferReferences.has(event.reference)) return DONE;
  const amount = tryParseDecimal(event.amount);
  if (amount === undefined || abs(amount) > LARGEST) {
    const details = { reference: event.reference, amount: event.amount };
    const text = 'a transfer with unreadable numbers was not booked: compare with the venue';
    return done([alert('UNEXPECTED_VENUE_MESSAGE', 'CRITICAL', text, null, details)]);
  }
  const { reference, currency, reason } = event;
  const marks = countFlows(state, ctx).cash(amount, currency);
  return done([{ type: 'TRANSFER_BOOKED', reference, currency, amount: event.amount, reason, marks }]);
};

/**
 * An order of ours that neither memory nor archive knows blocks entries at once; its terms come with the
 * lookup (`venueOrder`), its fills with `fillsSince` after that. One of others is passed over until then.
 */
const onOrderMessage = (state: AccountState, message: OrderMessage, ctx: DecideContext): Decision => {
  const { orderId, revision } = orderReference(state.accountId, ctx.settings.venueIdPrefix, message);
  const found = findOrder(state, ctx, orderId);
  if (found === undefined) return revision === null ? DONE : done(blockEntries(state, orderId));
  const events = orderMessageEvents(state, ctx, found.order, revision ?? found.order.revision, message);
  return events.length === 0 ? DONE : done([...found.recall, ...events]);
};

export const decideBrokerEvent = (state: AccountState, event: BrokerEvent, ctx: DecideContext): Decision =>
  event.kind === 'transfer' ? bookTransfer(state, event, ctx) : onOrderMessage(state, event, ctx);

/** The place in the venue's list of fills from which it is asked again. */
export const decideFillsSynced = (state: AccountState, cursor: string): Decision =>
  cursor === state.fillCursor ? DONE : done([{ type: 'FILLS_SYNCED', cursor }]);
