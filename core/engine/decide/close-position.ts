import type { BrokerCapabilities, OrderTerms, TimeInForce } from '@omniquant/plugin-sdk';
import { abs, formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { OrderOrigin } from '../../orders/order.ts';
import type { Position } from '../../portfolio/position.ts';
import type { AccountState } from '../account-state.ts';
import type { ClosePosition, PlaceOrder } from '../command.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { findByClientId } from './find-order.ts';
import { checkClientOrderId } from './order-shape.ts';
import { answerAgain, placeNewOrder } from './place-order.ts';
import { refused } from './results.ts';

/** A market order goes out for the day; a venue without DAY takes the first of these that it has. */
const PREFERRED: readonly TimeInForce[] = ['DAY', 'GTC', 'IOC', 'FOK'];

const timeInForceFor = ({ timesInForce }: BrokerCapabilities): TimeInForce =>
  PREFERRED.find((tif) => timesInForce.includes(tif)) ?? 'DAY';

export const closingTerms = (
  position: Position,
  quantity: string | null,
  capabilities: BrokerCapabilities,
): OrderTerms => ({
  symbol: position.symbol,
  side: position.quantity > 0n ? 'SELL' : 'BUY',
  type: 'MARKET',
  quantity: quantity ?? formatDecimal(abs(position.quantity)),
  notional: null,
  limitPrice: null,
  stopPrice: null,
  trailingOffset: null,
  trailingOffsetType: null,
  timeInForce: timeInForceFor(capabilities),
  expireAt: null,
  postOnly: false,
  reduceOnly: true,
  displayQuantity: null,
  extendedHours: false,
});

/** A plain order with such terms, made for a client or by the gateway itself. */
export const closingOrder = (
  terms: OrderTerms,
  ids: Pick<PlaceOrder, 'orderId' | 'clientOrderId' | 'requestHash'>,
  origin: OrderOrigin,
): PlaceOrder => ({
  kind: 'placeOrder',
  ...ids,
  takeProfitId: '',
  stopLossId: '',
  terms,
  takeProfit: null,
  stopLoss: null,
  strategyId: null,
  origin,
});

/** A reduce-only market order for all or part of a position, idempotent by its client order id. */
export const decideClosePosition = (
  state: AccountState,
  command: ClosePosition,
  ctx: DecideContext,
): Decision => {
  const known = findByClientId(state, ctx, command.clientOrderId);
  if (known !== undefined) return answerAgain(known, command.requestHash);
  const malformed = checkClientOrderId(command.clientOrderId);
  if (malformed !== null) return refused(malformed);
  const { symbol } = command;
  const position = state.positions.get(symbol);
  if (position === undefined || position.quantity === 0n) {
    return refused({
      code: 'NO_POSITION',
      message: `there is no position in ${symbol}`,
      details: { symbol },
    });
  }
  const terms = closingTerms(position, command.quantity, ctx.broker.capabilities);
  return placeNewOrder(state, closingOrder(terms, command, 'API'), ctx);
};
