import { deny, readLimit, show } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

/** MAX_ORDER_NOTIONAL: quantity x reserve price x multiplier, in the base currency, <= maxOrderNotional. */
export const maxOrderNotional: RiskRule = {
  name: 'max-order-notional',
  codes: ['MAX_ORDER_NOTIONAL'],
  compares: "the order's value (quantity x reserve price x multiplier) in the base currency",
  limit: 'maxOrderNotional',
  exempt: 'orders that only reduce a position',
  check: ({ figures, terms, addsExposure }, { limits }) => {
    const limit = readLimit(limits.maxOrderNotional);
    if (limit === null || figures === null || !addsExposure || figures.orderNotional <= limit) return null;
    const { orderNotional, currency } = figures;
    return deny(
      'MAX_ORDER_NOTIONAL',
      `the ${terms.symbol} order is worth ${show(orderNotional)} ${currency}, more than the limit maxOrderNotional of ${show(limit)}: order less, or raise maxOrderNotional`,
      { limitName: 'maxOrderNotional', notional: orderNotional, limit, currency },
    );
  },
};
