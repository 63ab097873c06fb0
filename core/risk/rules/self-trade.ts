import { type Fixed, max, min } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../../engine/account-state.ts';
import type { Order } from '../../orders/order.ts';
import { deny, show } from '../deny.ts';
import { type Candidate, isFlattening, type RiskRule } from '../rule.ts';

/** The price at which an order rests in the book, or may when its replace is through; null when it does not. */
const restingPrice = (order: Order): Fixed | null => {
  if (order.limitPrice === null || order.lifecycle === 'HELD' || order.lifecycle === 'DONE') return null;
  if (order.type !== 'LIMIT' && order.lifecycle !== 'TRIGGERED') return null;
  const next = order.pendingReplace?.limitPrice ?? order.limitPrice;
  return order.side === 'SELL' ? min(order.limitPrice, next) : max(order.limitPrice, next);
};

const wouldCross = ({ terms, limitPrice }: Candidate, resting: Fixed): boolean => {
  if (terms.type === 'MARKET' || limitPrice === null) return true;
  return terms.side === 'BUY' ? limitPrice >= resting : limitPrice <= resting;
};

const findCrossed = (candidate: Candidate, state: AccountState): { order: Order; price: Fixed } | null => {
  const exposure = state.exposure.get(candidate.terms.symbol);
  const opposite = candidate.terms.side === 'BUY' ? exposure?.sellOrderIds : exposure?.buyOrderIds;
  for (const id of opposite ?? []) {
    const order = state.orders.get(id);
    const price = order === undefined ? null : restingPrice(order);
    if (order !== undefined && price !== null && wouldCross(candidate, price)) return { order, price };
  }
  return null;
};

/**
 * SELF_TRADE: a market order, or a limit order at or through the price of an own order that rests on
 * the other side. Looks at the own open orders of that side and symbol only. Orders with a trigger are
 * not looked at: what rests when they trigger cannot be known.
 */
export const selfTrade: RiskRule = {
  name: 'self-trade',
  codes: ['SELF_TRADE'],
  compares: "the order's limit with the limits of the account's own resting orders on the other side",
  limit: 'own resting orders',
  exempt: "post-only orders; orders with a trigger; legs of a bracket; the gateway's own closing orders",
  check: (candidate, state) => {
    const { terms, isLeg, limitPrice } = candidate;
    if (isLeg || terms.postOnly || (terms.type !== 'MARKET' && terms.type !== 'LIMIT')) return null;
    if (isFlattening(candidate)) return null;
    const crossed = findCrossed(candidate, state);
    if (crossed === null) return null;
    const { order, price } = crossed;
    const at = limitPrice === null ? 'at the market' : `at ${show(limitPrice)}`;
    return deny(
      'SELF_TRADE',
      `${terms.side} ${terms.symbol} ${at} would trade with your own order ${order.clientOrderId}, which rests at ${show(price)}: cancel that one first, or choose a price that does not cross it`,
      {
        field: 'limitPrice',
        limitPrice,
        restingPrice: price,
        restingOrderId: order.id,
        restingClientOrderId: order.clientOrderId,
      },
    );
  },
};
