import type { Decimal } from '@omniquant/plugin-sdk';
import { type Fixed, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { Order } from './order.ts';
import type { OrderInitialized } from './order-event.ts';

const fixedOrNull = (text: Decimal | null): Fixed | null => (text === null ? null : parseDecimal(text));

/** The trace id inside a W3C traceparent. */
const traceIdOf = (traceparent: string | null): string | null => traceparent?.split('-')[1] ?? null;

/** The order that INITIALIZED begins. */
export const newOrder = (event: OrderInitialized, { at, seq, traceparent }: JournaledEvent): Order => {
  const { terms, instrument } = event;
  return {
    id: event.orderId,
    clientOrderId: event.clientOrderId,
    requestHash: event.requestHash,
    strategyId: event.strategyId,
    symbol: terms.symbol,
    side: terms.side,
    type: terms.type,
    role: event.role,
    origin: event.origin,
    parentId: event.parentId,
    legIds: event.legIds,
    quantity: fixedOrNull(terms.quantity),
    notional: fixedOrNull(terms.notional),
    limitPrice: fixedOrNull(terms.limitPrice),
    stopPrice: fixedOrNull(terms.stopPrice),
    triggerPrice: fixedOrNull(event.triggerPrice),
    trailingOffset: fixedOrNull(terms.trailingOffset),
    trailingOffsetType: terms.trailingOffsetType,
    timeInForce: terms.timeInForce,
    expireAt: terms.expireAt,
    postOnly: terms.postOnly,
    reduceOnly: terms.reduceOnly,
    displayQuantity: fixedOrNull(terms.displayQuantity),
    extendedHours: terms.extendedHours,
    currency: instrument.currency,
    multiplier: parseDecimal(instrument.multiplier),
    tickSize: parseDecimal(instrument.tickSize),
    lotSize: parseDecimal(instrument.lotSize),
    reservePrice: fixedOrNull(event.reservePrice),
    estimatedQuantity: fixedOrNull(event.estimatedQuantity),
    lifecycle: 'INITIALIZED',
    doneReason: null,
    assumedDone: false,
    reason: null,
    denial: null,
    pendingReplace: null,
    replaceRequestIds: new Set(),
    pendingCancel: false,
    heldAt: null,
    heldFor: null,
    revision: 0,
    lastRevision: 0,
    brokerOrderId: null,
    sent: false,
    doubted: false,
    triggeredAt: null,
    overfilled: false,
    filledQuantity: 0n,
    bustedQuantity: 0n,
    filledNotional: 0n,
    fills: new Map(),
    createdAt: at,
    updatedAt: at,
    submittedAt: null,
    doneAt: null,
    traceId: traceIdOf(traceparent),
    traceparent,
    firstSeq: seq,
    lastSeq: seq,
  };
};
