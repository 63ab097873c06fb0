import { deny } from '../deny.ts';
import { isFlattening, type RiskRule } from '../rule.ts';

/** MAX_OPEN_ORDERS: open orders + 1 + its legs <= maxOpenOrders; Held ones count as open. */
export const maxOpenOrders: RiskRule = {
  name: 'max-open-orders',
  codes: ['MAX_OPEN_ORDERS'],
  compares: "the account's open orders with this one and its legs",
  limit: 'maxOpenOrders',
  exempt: "replacements; legs, which come with their entry; the gateway's own closing orders",
  check: (candidate, { limits, openOrderIds }) => {
    const limit = limits.maxOpenOrders;
    if (limit === null || candidate.replaces !== null || candidate.isLeg || isFlattening(candidate)) {
      return null;
    }
    const orders = 1 + candidate.legs;
    if (openOrderIds.size + orders <= limit) return null;
    return deny(
      'MAX_OPEN_ORDERS',
      `${openOrderIds.size} orders are open, and ${orders} more would pass the limit maxOpenOrders of ${limit}: cancel some, or raise maxOpenOrders`,
      { limitName: 'maxOpenOrders', openOrders: openOrderIds.size, orders, limit },
    );
  },
};
