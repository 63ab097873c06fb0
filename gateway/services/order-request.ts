import { hash } from 'node:crypto';

import type { ClosePosition, PlaceOrder, ReplaceOrder, StopLossTerms } from '../../core/engine/command.ts';
import type { Ids } from '../../core/ports/clock.ts';
import type {
  ClosePositionRequest,
  PlaceOrderRequest,
  ReplaceOrderRequest,
} from '../../schema/order/order-service.ts';

/**
 * The text that a request is hashed by: RFC 8785, with decimals in canonical form, times in epoch ms,
 * defaults filled in and null for what is not given, so that all ways of saying the same are the same.
 * The properties stand in the order that the RFC wants. The hash of an order is kept for ever: a field
 * that is added later must be left out of the text when it has its default.
 */
export function canonicalPlaceOrder(input: PlaceOrderRequest): string {
  return JSON.stringify({
    accountId: input.accountId,
    clientOrderId: input.clientOrderId,
    displayQuantity: input.displayQuantity ?? null,
    expireAt: input.expireAt ?? null,
    extendedHours: input.extendedHours,
    limitPrice: input.limitPrice ?? null,
    notional: input.notional ?? null,
    postOnly: input.postOnly,
    quantity: input.quantity ?? null,
    reduceOnly: input.reduceOnly,
    side: input.side,
    stopLoss: stopLossOf(input),
    stopPrice: input.stopPrice ?? null,
    strategyId: input.strategyId ?? null,
    symbol: input.symbol,
    takeProfit: takeProfitOf(input),
    timeInForce: input.timeInForce,
    trailingOffset: input.trailingOffset ?? null,
    trailingOffsetType: input.trailingOffsetType ?? null,
    type: input.type,
  });
}

export function canonicalClosePosition({
  accountId,
  clientOrderId,
  quantity,
  symbol,
}: ClosePositionRequest): string {
  return JSON.stringify({ accountId, clientOrderId, closePosition: { quantity, symbol } });
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');

function takeProfitOf({ takeProfit }: PlaceOrderRequest): PlaceOrder['takeProfit'] {
  return takeProfit === undefined || takeProfit === null ? null : { limitPrice: takeProfit.limitPrice };
}

/** Properties in the order of the RFC. */
function stopLossOf({ stopLoss }: PlaceOrderRequest): StopLossTerms | null {
  if (stopLoss === undefined || stopLoss === null) return null;
  return {
    limitPrice: stopLoss.limitPrice ?? null,
    stopPrice: stopLoss.stopPrice ?? null,
    trailingOffset: stopLoss.trailingOffset ?? null,
    trailingOffsetType: stopLoss.trailingOffsetType ?? null,
  };
}

export function toPlaceOrder(input: PlaceOrderRequest, ids: Ids): PlaceOrder {
  const takeProfit = takeProfitOf(input);
  const stopLoss = stopLossOf(input);
  return {
    kind: 'placeOrder',
    clientOrderId: input.clientOrderId,
    requestHash: sha256(canonicalPlaceOrder(input)),
    orderId: ids.next(),
    takeProfitId: takeProfit === null ? '' : ids.next(),
    stopLossId: stopLoss === null ? '' : ids.next(),
    terms: {
      symbol: input.symbol,
      side: input.side,
      type: input.type,
      quantity: input.quantity ?? null,
      notional: input.notional ?? null,
      limitPrice: input.limitPrice ?? null,
      stopPrice: input.stopPrice ?? null,
      trailingOffset: input.trailingOffset ?? null,
      trailingOffsetType: input.trailingOffsetType ?? null,
      timeInForce: input.timeInForce,
      expireAt: input.expireAt ?? null,
      postOnly: input.postOnly,
      reduceOnly: input.reduceOnly,
      displayQuantity: input.displayQuantity ?? null,
      extendedHours: input.extendedHours,
    },
    takeProfit,
    stopLoss,
    strategyId: input.strategyId ?? null,
    origin: 'API',
  };
}

export function toClosePosition(request: ClosePositionRequest, ids: Ids): ClosePosition {
  return {
    kind: 'closePosition',
    clientOrderId: request.clientOrderId,
    requestHash: sha256(canonicalClosePosition(request)),
    orderId: ids.next(),
    symbol: request.symbol,
    quantity: request.quantity,
  };
}

/** Null means the same as leaving out: it stays as it is. */
export function toReplaceOrder(input: ReplaceOrderRequest): ReplaceOrder {
  const { id, requestId, ...terms } = input;
  const given = Object.entries(terms).filter(([, value]) => value !== null);
  return { kind: 'replaceOrder', orderId: id, requestId, ...Object.fromEntries(given) };
}
