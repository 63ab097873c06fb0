import type { OrderTerms, VenueOrder } from '@omniquant/plugin-sdk';
import { tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import { isExternalOrderId } from '../../orders/external-order-id.ts';
import { ORDER_TYPES } from '../../orders/order-types.ts';
import type { DomainEvent } from '../account-event.ts';
import type { AccountState } from '../account-state.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { alert } from './alert.ts';
import { initialized, instrumentOf, unknownInstrument } from './initialize-order.ts';
import { DONE, done } from './results.ts';
import { blockEntries } from './venue-evidence.ts';

/**
 * A venue order that the journal never had. With our prefix it is taken over, alarmed, and blocks entries
 * until an operator has looked; without it it is somebody else's, shown and never touched. Its fills
 * are the account's in either case.
 */

const DECIMALS = [
  'quantity',
  'notional',
  'limitPrice',
  'stopPrice',
  'trailingOffset',
  'displayQuantity',
] as const satisfies readonly (keyof OrderTerms)[];

const SIDES: readonly string[] = ['BUY', 'SELL'];

/** Venues are outside the program: what the types promise is looked at. */
const isReadable = (terms: OrderTerms): boolean =>
  ORDER_TYPES.includes(terms.type) &&
  SIDES.includes(terms.side) &&
  DECIMALS.every((field) => terms[field] === null || tryParseDecimal(terms[field] ?? '') !== undefined);

const statusEvent = (orderId: string, revision: number, found: VenueOrder): DomainEvent => {
  const shared = {
    type: 'RECONCILED',
    orderId,
    brokerOrderId: found.brokerOrderId,
    revision,
    terms: null,
    source: 'VENUE',
    reason: 'found at the venue',
  } as const;
  switch (found.status) {
    case 'HELD':
    case 'WORKING':
      return { ...shared, lifecycle: 'WORKING', doneReason: null };
    case 'TRIGGERED':
      return { ...shared, lifecycle: 'TRIGGERED', doneReason: null };
    case 'FILLED':
      // Over when its fills are booked.
      return { ...shared, lifecycle: 'WORKING', doneReason: null };
    case 'CANCELED':
    case 'EXPIRED':
    case 'REJECTED':
      return { ...shared, lifecycle: 'DONE', doneReason: found.status };
    case 'REPLACED':
      return { ...shared, lifecycle: 'DONE', doneReason: 'CANCELED' };
  }
};

const isWorthShowing = ({ status, filledQuantity }: VenueOrder): boolean =>
  status === 'HELD' ||
  status === 'WORKING' ||
  status === 'TRIGGERED' ||
  (tryParseDecimal(filledQuantity) ?? 0n) > 0n;

const unreadable = (state: AccountState, orderId: string, found: VenueOrder): Decision => {
  const events = blockEntries(state, orderId);
  if (events.length === 0) return DONE;
  const text = 'a venue order with unreadable terms was not taken over: compare with the venue';
  return done([
    ...events,
    alert('UNEXPECTED_VENUE_MESSAGE', 'CRITICAL', text, null, { symbol: found.terms.symbol }),
  ]);
};

export const newVenueOrder = (
  state: AccountState,
  orderId: string,
  revision: number,
  found: VenueOrder,
  ctx: DecideContext,
): Decision => {
  if (!isWorthShowing(found)) return DONE;
  if (!isReadable(found.terms)) return unreadable(state, orderId, found);
  const { terms } = found;
  const known = ctx.market.instrument(terms.symbol);
  const instrument = known === undefined ? unknownInstrument(state.baseCurrency) : instrumentOf(known);
  const isExternal = isExternalOrderId(orderId);
  const order = initialized({
    orderId,
    clientOrderId: isExternal ? orderId : `adopted:${orderId}`,
    requestHash: null,
    strategyId: null,
    terms,
    instrument,
    origin: 'EXTERNAL',
    triggerPrice: found.stopPrice,
  });
  const text = `an order of ${terms.symbol} that was not placed by this gateway is at the venue`;
  return done([
    order,
    statusEvent(orderId, revision, found),
    ...(isExternal ? [alert('EXTERNAL_ORDER', 'INFO', text, orderId)] : blockEntries(state, orderId)),
  ]);
};
