import { deny, show } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

/**
 * INSUFFICIENT_BUYING_POWER: gross exposure + all reservations with this order + its estimated fees <=
 * equity x multiplier of the broker. Single (against the account without other orders) and cumulative
 * (with them) are one comparison; the message says which one it was.
 */
export const buyingPowerRule: RiskRule = {
  name: 'buying-power',
  codes: ['INSUFFICIENT_BUYING_POWER'],
  compares:
    'gross exposure, the reservations of all open orders with this one, and its fees with equity x the broker multiplier',
  limit: "the broker's buyingPowerMultiplier",
  exempt: 'orders that add nothing to what is reserved',
  check: ({ figures, terms }) => {
    if (figures === null) return null;
    const { capacity, grossExposure, reserved, reservedAfter, fees, equity, currency } = figures;
    const added = reservedAfter - reserved;
    if (added <= 0n || grossExposure + reservedAfter + fees <= capacity) return null;
    const required = added + fees;
    const single = capacity - grossExposure;
    const available = single - reserved;
    const isSingle = required > single;
    const against = isSingle ? '' : ` after ${show(reserved)} reserved by open orders`;
    const advice = isSingle ? 'order less, or deposit' : 'order less, or cancel open orders';
    return deny(
      'INSUFFICIENT_BUYING_POWER',
      `the ${terms.symbol} order needs ${show(required)} ${currency}, and the buying power is ${show(isSingle ? single : available)}${against}: ${advice}`,
      {
        required,
        available,
        reserved,
        grossExposure,
        equity,
        capacity,
        fees,
        currency,
        cumulative: !isSingle,
      },
    );
  },
};
