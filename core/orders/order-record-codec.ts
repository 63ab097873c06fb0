import type { Decimal } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Order, OrderFill, PendingReplace } from './order.ts';
import type { OrderFillRecord, OrderRecord, RevisionRecord } from './order-record.ts';

const text = (value: Fixed | null): Decimal | null => (value === null ? null : formatDecimal(value));
const fixed = (value: Decimal | null): Fixed | null => (value === null ? null : parseDecimal(value));

export const fillToRecord = (fill: OrderFill): OrderFillRecord => ({
  executionId: fill.executionId,
  seq: fill.seq,
  at: fill.at,
  price: formatDecimal(fill.price),
  quantity: formatDecimal(fill.quantity),
  liquidity: fill.liquidity,
  fee: text(fill.fee),
  feeCurrency: fill.feeCurrency,
  busted: fill.busted,
});

const fillFromRecord = (record: OrderFillRecord): OrderFill => ({
  executionId: record.executionId,
  seq: record.seq,
  at: record.at,
  price: parseDecimal(record.price),
  quantity: parseDecimal(record.quantity),
  liquidity: record.liquidity,
  fee: fixed(record.fee),
  feeCurrency: record.feeCurrency,
  busted: record.busted,
});

const pendingToRecord = (pending: PendingReplace): RevisionRecord => ({
  requestId: pending.requestId,
  revision: pending.revision,
  reservePrice: text(pending.reservePrice),
  previousReservePrice: text(pending.previousReservePrice),
  quantity: text(pending.quantity),
  limitPrice: text(pending.limitPrice),
  stopPrice: text(pending.stopPrice),
  trailingOffset: text(pending.trailingOffset),
  timeInForce: pending.timeInForce,
  expireAt: pending.expireAt,
});

const pendingFromRecord = (record: RevisionRecord): PendingReplace => ({
  requestId: record.requestId,
  revision: record.revision,
  reservePrice: fixed(record.reservePrice),
  previousReservePrice: fixed(record.previousReservePrice),
  quantity: fixed(record.quantity),
  limitPrice: fixed(record.limitPrice),
  stopPrice: fixed(record.stopPrice),
  trailingOffset: fixed(record.trailingOffset),
  timeInForce: record.timeInForce,
  expireAt: record.expireAt,
});

/** The order as JSON; without `fills` the list is empty and everything else the same. */
export const orderToRecord = (order: Order, { fills }: { readonly fills: boolean }): OrderRecord => ({
  id: order.id,
  clientOrderId: order.clientOrderId,
  requestHash: order.requestHash,
  strategyId: order.strategyId,
  symbol: order.symbol,
  side: order.side,
  type: order.type,
  role: order.role,
  origin: order.origin,
  parentId: order.parentId,
  legIds: order.legIds,
  quantity: text(order.quantity),
  notional: text(order.notional),
  limitPrice: text(order.limitPrice),
  stopPrice: text(order.stopPrice),
  triggerPrice: text(order.triggerPrice),
  trailingOffset: text(order.trailingOffset),
  trailingOffsetType: order.trailingOffsetType,
  timeInForce: order.timeInForce,
  expireAt: order.expireAt,
  postOnly: order.postOnly,
  reduceOnly: order.reduceOnly,
  displayQuantity: text(order.displayQuantity),
  extendedHours: order.extendedHours,
  currency: order.currency,
  multiplier: formatDecimal(order.multiplier),
  tickSize: formatDecimal(order.tickSize),
  lotSize: formatDecimal(order.lotSize),
  reservePrice: text(order.reservePrice),
  estimatedQuantity: text(order.estimatedQuantity),
  lifecycle: order.lifecycle,
  doneReason: order.doneReason,
  assumedDone: order.assumedDone,
  reason: order.reason,
  denial: order.denial,
  pendingReplace: order.pendingReplace === null ? null : pendingToRecord(order.pendingReplace),
  replaceRequestIds: [...order.replaceRequestIds],
  pendingCancel: order.pendingCancel,
  heldAt: order.heldAt,
  heldFor: order.heldFor,
  revision: order.revision,
  lastRevision: order.lastRevision,
  brokerOrderId: order.brokerOrderId,
  sent: order.sent,
  doubted: order.doubted,
  triggeredAt: order.triggeredAt,
  overfilled: order.overfilled,
  filledQuantity: formatDecimal(order.filledQuantity),
  bustedQuantity: formatDecimal(order.bustedQuantity),
  filledNotional: formatDecimal(order.filledNotional),
  fills: fills ? Array.from(order.fills.values(), fillToRecord) : [],
  createdAt: order.createdAt,
  updatedAt: order.updatedAt,
  submittedAt: order.submittedAt,
  doneAt: order.doneAt,
  traceId: order.traceId,
  traceparent: order.traceparent,
  firstSeq: order.firstSeq,
  lastSeq: order.lastSeq,
});

/** Inverse of {@link orderToRecord} with fills. Throws DecimalError for a record that is not one. */
export const orderFromRecord = (record: OrderRecord): Order => ({
  ...record,
  quantity: fixed(record.quantity),
  notional: fixed(record.notional),
  limitPrice: fixed(record.limitPrice),
  stopPrice: fixed(record.stopPrice),
  triggerPrice: fixed(record.triggerPrice),
  trailingOffset: fixed(record.trailingOffset),
  displayQuantity: fixed(record.displayQuantity),
  multiplier: parseDecimal(record.multiplier),
  tickSize: parseDecimal(record.tickSize),
  lotSize: parseDecimal(record.lotSize),
  reservePrice: fixed(record.reservePrice),
  estimatedQuantity: fixed(record.estimatedQuantity),
  pendingReplace: record.pendingReplace === null ? null : pendingFromRecord(record.pendingReplace),
  replaceRequestIds: new Set(record.replaceRequestIds),
  filledQuantity: parseDecimal(record.filledQuantity),
  bustedQuantity: parseDecimal(record.bustedQuantity),
  filledNotional: parseDecimal(record.filledNotional),
  fills: new Map(record.fills.map((fill) => [fill.executionId, fillFromRecord(fill)])),
});
