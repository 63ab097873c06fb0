import type { OrderTerms } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, ONE } from '@omniquant/plugin-sdk/decimal';

import type { Instrument } from '../../market/instrument.ts';
import type { OrderOrigin, OrderRole } from '../../orders/order.ts';
import type { OrderInitialized, OrderInstrument } from '../../orders/order-event.ts';
import { isTrailing } from '../../orders/order-types.ts';
import type { MarketQuote } from '../decide-context.ts';
import { referencePrice, trailedLevel } from './trigger.ts';

const text = (value: Fixed | null): string | null => (value === null ? null : formatDecimal(value));

export const instrumentOf = (instrument: Instrument): OrderInstrument => ({
  currency: instrument.currency,
  multiplier: formatDecimal(instrument.multiplier),
  tickSize: formatDecimal(instrument.tickSize),
  lotSize: formatDecimal(instrument.lotSize),
});

/** For an order that was found at the venue, of a symbol that the gateway does not know. */
export const unknownInstrument = (currency: string): OrderInstrument => ({
  currency,
  multiplier: '1',
  tickSize: '0.000000000000000001',
  lotSize: formatDecimal(ONE),
});

/** What an order is made of besides its terms. */
export interface NewOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly requestHash: string | null;
  readonly strategyId: string | null;
  readonly terms: OrderTerms;
  readonly instrument: OrderInstrument;
  readonly origin: OrderOrigin;
  readonly role?: OrderRole;
  readonly parentId?: string | null;
  readonly legIds?: readonly string[];
  readonly triggerPrice?: string | null;
  readonly reservePrice?: Fixed | null;
  readonly estimatedQuantity?: Fixed | null;
}

export const initialized = (order: NewOrder): OrderInitialized => ({
  type: 'INITIALIZED',
  orderId: order.orderId,
  clientOrderId: order.clientOrderId,
  requestHash: order.requestHash,
  strategyId: order.strategyId,
  terms: order.terms,
  instrument: order.instrument,
  role: order.role ?? 'SIMPLE',
  origin: order.origin,
  parentId: order.parentId ?? null,
  legIds: order.legIds ?? [],
  triggerPrice: order.triggerPrice ?? order.terms.stopPrice,
  reservePrice: text(order.reservePrice ?? null),
  estimatedQuantity: text(order.estimatedQuantity ?? null),
});

/**
 * The level that a trigger starts from when the gateway watches it: the price given, else for a trailing
 * one the offset away from the market. Null while there is no price: the first quote sets it.
 */
export const startingLevel = (
  terms: OrderTerms,
  tickSize: Fixed,
  quote: MarketQuote | undefined,
): string | null => {
  if (terms.stopPrice !== null || !isTrailing(terms.type)) return terms.stopPrice;
  const reference = quote === undefined ? null : referencePrice(terms.side, quote);
  return reference === null ? null : text(trailedLevel(terms, tickSize, reference));
};
