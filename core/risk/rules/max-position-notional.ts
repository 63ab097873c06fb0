import { deny, readLimit, show } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

/**
 * MAX_POSITION_NOTIONAL: |position| at its mark + what open orders of the side and this one may add, at
 * their reserve prices, multiplier included, in the base currency, <= maxPositionNotional.
 */
export const maxPositionNotional: RiskRule = {
  name: 'max-position-notional',
  codes: ['MAX_POSITION_NOTIONAL'],
  compares: "the position's value with all that open orders of the side and this one may add",
  limit: 'maxPositionNotional',
  exempt: 'orders that add nothing to what open orders of the side may open',
  check: ({ figures, terms }, { limits }) => {
    const limit = readLimit(limits.maxPositionNotional);
    if (limit === null || figures === null) return null;
    const { positionNotional, positionNotionalAfter, currency } = figures;
    if (positionNotionalAfter <= limit || positionNotionalAfter <= positionNotional) return null;
    return deny(
      'MAX_POSITION_NOTIONAL',
      `with this order the ${terms.symbol} position and its open orders would reach ${show(positionNotionalAfter)} ${currency} (now ${show(positionNotional)}), more than the limit maxPositionNotional of ${show(limit)}: order less, or raise maxPositionNotional`,
      {
        limitName: 'maxPositionNotional',
        positionNotional,
        positionNotionalAfter,
        limit,
        currency,
      },
    );
  },
};
