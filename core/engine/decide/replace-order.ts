import type { OrderTerms } from '@omniquant/plugin-sdk';
import { formatDecimal, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import { isExternalOrderId } from '../../orders/external-order-id.ts';
import type { Order } from '../../orders/order.ts';
import type { OrderEvent, RevisedTerms } from '../../orders/order-event.ts';
import { isTrailing } from '../../orders/order-types.ts';
import { executedQuantity, isAtGateway, isOpen } from '../../orders/status.ts';
import { venueOrderId } from '../../orders/venue-order-id.ts';
import { orderTerms } from '../../orders/venue-terms.ts';
import { checkOrder } from '../../risk/check-order.ts';
import type { Denial } from '../../risk/denial.ts';
import type { AccountState } from '../account-state.ts';
import type { ReplaceOrder } from '../command.ts';
import type { DecideContext } from '../decide-context.ts';
import type { Decision } from '../decision.ts';
import { checkReady, checkSupport } from './broker-support.ts';
import { requireOrder } from './find-order.ts';
import { checkShape } from './order-shape.ts';
import { fieldDenial, refused } from './results.ts';

/**
 * A replace keeps the order and gives it a new revision with a venue id of its own. One is under way at
 * a time: two revisions in flight at once could both trade. An order that is still here changes at once.
 */

const notReplaceable = (message: string, order: Order): Denial => ({
  code: 'NOT_REPLACEABLE',
  message,
  details: { lifecycle: order.lifecycle },
});

/** Whether the order can be replaced at all now. */
const checkReplaceable = (order: Order, ctx: DecideContext): Denial | null => {
  if (!isOpen(order)) {
    const status = order.doneReason ?? order.lifecycle;
    return {
      code: 'ORDER_NOT_OPEN',
      message: `the order is ${status} and cannot be replaced`,
      details: { status },
    };
  }
  if (isExternalOrderId(order.id)) return notReplaceable('the order was not placed by this gateway', order);
  if (order.pendingCancel) return notReplaceable('a cancel of the order is under way', order);
  if (order.pendingReplace !== null) {
    return notReplaceable('another replace of the order is under way: wait for its end', order);
  }
  if (isAtGateway(order)) {
    if (order.lifecycle === 'HELD') return null;
    return notReplaceable('the order has triggered and is about to be sent', order);
  }
  if (order.lifecycle !== 'WORKING' && order.lifecycle !== 'TRIGGERED') {
    return notReplaceable('the broker has not answered yet', order);
  }
  if (!ctx.broker.capabilities.replace) {
    return fieldDenial('id', 'cannot be replaced: the broker does not support it', 'UNSUPPORTED_BY_BROKER');
  }
  return checkReady(ctx.broker);
};

const checkFields = (order: Order, command: ReplaceOrder): Denial | null => {
  const isLeg = order.parentId !== null;
  if (isLeg && command.quantity !== undefined) {
    return fieldDenial('quantity', 'of a bracket leg follows its entry', 'NOT_REPLACEABLE');
  }
  if (isLeg && command.timeInForce !== undefined) {
    return fieldDenial('timeInForce', 'of a bracket leg is GTC', 'NOT_REPLACEABLE');
  }
  if (command.quantity !== undefined && order.quantity === null) {
    return fieldDenial('quantity', 'of a notional order is the venue’s to say', 'NOT_REPLACEABLE');
  }
  if (
    order.triggeredAt !== null &&
    (command.stopPrice !== undefined || command.trailingOffset !== undefined)
  ) {
    return fieldDenial('stopPrice', 'has been reached already', 'NOT_REPLACEABLE');
  }
  if (command.quantity === undefined) return null;
  const quantity = tryParseDecimal(command.quantity);
  const executed = executedQuantity(order);
  if (quantity === undefined || quantity > executed) return null;
  return fieldDenial('quantity', `has to be above the ${formatDecimal(executed)} executed already`);
};

/**
 * The full new terms. A trailing stop goes on from where it has come to: whoever holds it knows that best,
 * so its stop price is only named when the offset changes.
 */
const newTerms = (order: Order, command: ReplaceOrder): OrderTerms => {
  const terms = orderTerms(order);
  const isNewTrail = isTrailing(order.type) && command.trailingOffset !== undefined;
  const standing = isNewTrail && order.triggerPrice !== null ? formatDecimal(order.triggerPrice) : null;
  const timeInForce = command.timeInForce ?? terms.timeInForce;
  const expireAt = command.expireAt ?? (timeInForce === 'GTD' ? terms.expireAt : null);
  return {
    ...terms,
    quantity: command.quantity ?? terms.quantity,
    limitPrice: command.limitPrice ?? terms.limitPrice,
    stopPrice: command.stopPrice ?? standing ?? terms.stopPrice,
    trailingOffset: command.trailingOffset ?? terms.trailingOffset,
    timeInForce,
    expireAt,
  };
};

const revisedTerms = (terms: OrderTerms): RevisedTerms => ({
  quantity: terms.quantity,
  limitPrice: terms.limitPrice,
  stopPrice: terms.stopPrice,
  trailingOffset: terms.trailingOffset,
  timeInForce: terms.timeInForce,
  expireAt: terms.expireAt,
});

/** REPLACE_REQUESTED under the next revision, and for an order that is still here its answer with it. */
export const replaceEvents = (
  order: Order,
  request: { readonly requestId: string; readonly terms: OrderTerms; readonly reservePrice: string | null },
  venueIdPrefix: string,
): readonly OrderEvent[] => {
  const revision = order.lastRevision + 1;
  const requested: OrderEvent = {
    type: 'REPLACE_REQUESTED',
    orderId: order.id,
    requestId: request.requestId,
    revision,
    venueOrderId: venueOrderId(venueIdPrefix, order.id, revision),
    terms: revisedTerms(request.terms),
    reservePrice: request.reservePrice,
  };
  if (order.sent) return [requested];
  return [requested, { type: 'REPLACED', orderId: order.id, revision, brokerOrderId: null }];
};

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

const judge = (state: AccountState, order: Order, command: ReplaceOrder, ctx: DecideContext): Decision => {
  const terms = newTerms(order, command);
  // A time that has run out is the venue's to end; it is no reason against other changes.
  const shapeNow = command.expireAt === undefined && command.timeInForce === undefined ? -1 : ctx.now;
  const refusal =
    checkFields(order, command) ??
    checkShape(terms, shapeNow) ??
    checkSupport(terms, { ...ctx.broker.capabilities, reduceOnly: true });
  if (refusal !== null) return refused(refusal, order.id);
  const { strategyId, origin } = order;
  const isLeg = order.parentId !== null;
  const check = checkOrder(state, { terms, replaces: order, isLeg, strategyId, origin }, ctx);
  if (check.denial !== null) return refused(check.denial, order.id);
  const reservePrice = check.reservePrice === null ? null : formatDecimal(check.reservePrice);
  return {
    events: replaceEvents(
      order,
      { requestId: command.requestId, terms, reservePrice },
      ctx.settings.venueIdPrefix,
    ),
    result: { kind: 'replaceRequested', orderId: order.id },
  };
};

/** Asking again with the same request id gives the same answer and does nothing. A denial leaves no trace. */
export const decideReplaceOrder = (
  state: AccountState,
  command: ReplaceOrder,
  ctx: DecideContext,
): Decision => {
  const { order } = requireOrder(state, ctx, command.orderId);
  if (order.replaceRequestIds.has(command.requestId)) {
    return { events: [], result: { kind: 'replaceRequested', orderId: order.id } };
  }
  if (!REQUEST_ID.test(command.requestId)) {
    return refused(fieldDenial('requestId', 'has 1 to 128 visible ASCII characters'), order.id);
  }
  const denial = checkReplaceable(order, ctx);
  return denial === null ? judge(state, order, command, ctx) : refused(denial, order.id);
};
