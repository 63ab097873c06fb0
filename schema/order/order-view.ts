import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { OrderFillRecord, OrderRecord } from '../../core/orders/order-record.ts';
import { averageFillPrice, leavesQuantity, pendingActions, statusOf } from '../../core/orders/status.ts';
import type { StreamCursors } from '../pagination/stream-cursor.ts';
import type { Fill } from './fill.type.ts';
import type { OrderMoment } from './fold-order-events.ts';
import type { Order } from './order.type.ts';
import type { OrderEvent } from './order-event.type.ts';

/** Throws DecimalError for a record that is none. */
export function toOrder(accountId: string, record: OrderRecord): Order {
  const { lifecycle, doneReason } = record;
  const facts = {
    lifecycle,
    doneReason,
    quantity: record.quantity === null ? null : parseDecimal(record.quantity),
    filledQuantity: parseDecimal(record.filledQuantity),
    bustedQuantity: parseDecimal(record.bustedQuantity),
    filledNotional: parseDecimal(record.filledNotional),
  };
  const leaves = leavesQuantity(facts);
  const average = averageFillPrice(facts);
  return {
    id: record.id,
    accountId,
    clientOrderId: record.clientOrderId,
    brokerOrderId: record.brokerOrderId,
    strategyId: record.strategyId,
    symbol: record.symbol,
    side: record.side,
    type: record.type,
    timeInForce: record.timeInForce,
    expireAt: record.expireAt,
    quantity: record.quantity,
    notional: record.notional,
    filledQuantity: record.filledQuantity,
    leavesQuantity: leaves === null ? null : formatDecimal(leaves),
    averageFillPrice: average === null ? null : formatDecimal(average),
    limitPrice: record.limitPrice,
    stopPrice: record.stopPrice,
    triggerPrice: record.triggerPrice,
    trailingOffset: record.trailingOffset,
    trailingOffsetType: record.trailingOffsetType,
    postOnly: record.postOnly,
    reduceOnly: record.reduceOnly,
    displayQuantity: record.displayQuantity,
    extendedHours: record.extendedHours,
    status: statusOf(facts),
    pending: pendingActions(record),
    reason: record.reason,
    revision: record.revision,
    heldAt: record.heldAt,
    role: record.role,
    origin: record.origin,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    traceId: record.traceId,
    parentId: record.parentId,
    hasLegs: record.legIds.length > 0,
  };
}

type FillFacts = Pick<
  OrderFillRecord,
  'executionId' | 'at' | 'price' | 'quantity' | 'fee' | 'feeCurrency' | 'busted'
> & { readonly liquidity: string | null };

export function toFill(orderId: string, fill: FillFacts): Fill {
  return {
    id: `${orderId}:${fill.executionId}`,
    orderId,
    executionId: fill.executionId,
    at: fill.at,
    price: fill.price,
    quantity: fill.quantity,
    fee: fill.fee,
    feeCurrency: fill.feeCurrency,
    liquidity: fill.liquidity,
    busted: fill.busted,
  };
}

export function toOrderEvent(moment: OrderMoment, cursors: StreamCursors): OrderEvent {
  const { accountId, record, fill } = moment;
  return {
    cursor: cursors.encode(accountId, moment.seq),
    type: moment.type,
    at: moment.at,
    recordedAt: moment.recordedAt,
    order: toOrder(accountId, record),
    fill: fill === null ? null : toFill(record.id, fill),
  };
}
