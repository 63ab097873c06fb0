import { divide, multiply } from '@omniquant/plugin-sdk/decimal';

import { deny, readLimit, show } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

/** MAX_CONCENTRATION: the position's value with all that open orders and this one may add <= maxConcentration x equity. */
export const maxConcentration: RiskRule = {
  name: 'max-concentration',
  codes: ['MAX_CONCENTRATION'],
  compares: "the position's value with all that open orders of the side and this one may add, over equity",
  limit: 'maxConcentration',
  exempt: 'orders that add nothing to what open orders of the side may open',
  check: ({ figures, terms }, { limits }) => {
    const limit = readLimit(limits.maxConcentration);
    if (limit === null || figures === null) return null;
    const { positionNotional, positionNotionalAfter, equity, currency } = figures;
    if (positionNotionalAfter <= positionNotional) return null;
    if (positionNotionalAfter <= multiply(limit, equity)) return null;
    const share = equity > 0n ? divide(positionNotionalAfter, equity) : null;
    return deny(
      'MAX_CONCENTRATION',
      `with this order ${terms.symbol} could reach ${show(positionNotionalAfter)} ${currency} on ${show(equity)} of equity${share === null ? '' : `, a share of ${show(share)}`}, more than the limit maxConcentration of ${show(limit)}: order less, or raise maxConcentration`,
      {
        limitName: 'maxConcentration',
        positionNotional,
        positionNotionalAfter,
        equity,
        concentration: share,
        limit,
        currency,
      },
    );
  },
};
