import { divide, multiply } from '@omniquant/plugin-sdk/decimal';

import { deny, readLimit, show } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

/** MAX_LEVERAGE: (gross exposure + all reservations with this order) <= maxLeverage x equity. */
export const maxLeverage: RiskRule = {
  name: 'max-leverage',
  codes: ['MAX_LEVERAGE'],
  compares: 'gross exposure and the reservations of all open orders with this one, over equity',
  limit: 'maxLeverage',
  exempt: 'orders that add nothing to what is reserved',
  check: ({ figures }, { limits }) => {
    const limit = readLimit(limits.maxLeverage);
    if (limit === null || figures === null) return null;
    const { grossExposure, reserved, reservedAfter, equity, currency } = figures;
    const exposureAfter = grossExposure + reservedAfter;
    if (reservedAfter <= reserved || exposureAfter <= multiply(limit, equity)) return null;
    const leverage = equity > 0n ? divide(exposureAfter, equity) : null;
    return deny(
      'MAX_LEVERAGE',
      `with this order the exposure would be ${show(exposureAfter)} ${currency} on ${show(equity)} of equity${leverage === null ? '' : `, a leverage of ${show(leverage)}`}, more than the limit maxLeverage of ${show(limit)}: order less, or raise maxLeverage`,
      { limitName: 'maxLeverage', exposureAfter, reserved, grossExposure, equity, leverage, limit, currency },
    );
  },
};
