import { multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { DomainEvent, JournaledEvent } from '../engine/account-event.ts';
import type { Order, OrderFill } from './order.ts';
import { endIfExecuted } from './order-end.ts';
import type { OrderEvent } from './order-event.ts';

/** The fills of one order: booked once each, taken back, and their fees. */

export const bookFill = (
  order: Order,
  event: Extract<OrderEvent, { type: 'FILLED' }>,
  { at, seq }: JournaledEvent,
): void => {
  const price = parseDecimal(event.price);
  const quantity = parseDecimal(event.quantity);
  // A bust or a fee that came before its fill has left a mark.
  const early = order.fills.get(event.executionId);
  const busted = early?.busted ?? false;
  order.fills.set(event.executionId, {
    executionId: event.executionId,
    seq,
    at,
    price,
    quantity,
    liquidity: event.liquidity,
    fee: early?.fee ?? (event.fee === null ? null : parseDecimal(event.fee)),
    feeCurrency: early?.feeCurrency ?? event.feeCurrency,
    busted,
  });
  if (busted) {
    order.bustedQuantity += quantity;
  } else {
    order.filledQuantity += quantity;
    order.filledNotional += multiply(price, quantity);
  }
  endIfExecuted(order, at);
};

/** The fill, or what stands for one that has yet to come. */
const fillOrMark = (order: Order, executionId: string, { at, seq }: JournaledEvent): OrderFill => {
  const present = order.fills.get(executionId);
  if (present !== undefined) return present;
  const mark: OrderFill = {
    executionId,
    seq,
    at,
    price: 0n,
    quantity: 0n,
    liquidity: null,
    fee: null,
    feeCurrency: null,
    busted: false,
  };
  order.fills.set(executionId, mark);
  return mark;
};

export const bustFill = (order: Order, executionId: string, envelope: JournaledEvent): void => {
  const fill = fillOrMark(order, executionId, envelope);
  fill.busted = true;
  order.filledQuantity -= fill.quantity;
  order.bustedQuantity += fill.quantity;
  order.filledNotional -= multiply(fill.price, fill.quantity);
};

export const chargeFee = (
  order: Order,
  event: Extract<DomainEvent, { type: 'FEE_CHARGED' }>,
  envelope: JournaledEvent,
): void => {
  const fill = fillOrMark(order, event.executionId, envelope);
  fill.fee = parseDecimal(event.amount);
  fill.feeCurrency = event.currency;
};
