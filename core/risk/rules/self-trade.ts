import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../../engine/account-state.ts';
import type { Order } from '../../orders/order.ts';
import { deny, show } from '../deny.ts';
import { restingPrice } from '../reservation.ts';
import { farSide } from '../reserve-price.ts';
import { type Candidate, isFlattening, type RiskRule } from '../rule.ts';

/**
 * A market order trades at the touch: an own order that rests behind it is not met. How much further a
 * large one walks cannot be known. Without a quote it may meet any.
 */
const isCrossed = ({ terms, limitPrice, quote }: Candidate, resting: Fixed): boolean => {
  const reach = limitPrice ?? farSide(terms.side, quote);
  if (reach === null) return true;
  return terms.side === 'BUY' ? reach >= resting : reach <= resting;
};

/** Only whoever is denied pays for the walk that finds the order to name. */
const findCrossed = (candidate: Candidate, state: AccountState): { order: Order; price: Fixed } | null => {
  const exposure = state.exposure.get(candidate.terms.symbol);
  if (exposure === undefined) return null;
  const isBuy = candidate.terms.side === 'BUY';
  const best = isBuy ? exposure.sellRestingPrices[0] : exposure.buyRestingPrices.at(-1);
  if (best === undefined || !isCrossed(candidate, best)) return null;
  for (const id of isBuy ? exposure.sellOrderIds : exposure.buyOrderIds) {
    const order = state.orders.get(id);
    if (order !== undefined && restingPrice(order) === best) return { order, price: best };
  }
  return null;
};

/**
 * SELF_TRADE: a limit order, or a market order by the quote's far side, at or through the price of an
 * own order that rests on the other side. Orders with a trigger are not looked at: what rests when they trigger cannot be known.
 */
export const selfTrade: RiskRule = {
  name: 'self-trade',
  codes: ['SELF_TRADE'],
  compares:
    "the order's limit (at the market: the quote's far side) with the limits of the account's own resting orders on the other side",
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
