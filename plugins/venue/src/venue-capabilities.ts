import type { BrokerCapabilities } from '@omniquant/plugin-sdk';

/** What the venue takes: every kind of order. How long it takes to settle, credit and fees are its operator's. */
export const VENUE_CAPABILITIES: Omit<BrokerCapabilities, 'settleMs' | 'buyingPowerMultiplier' | 'fees'> = {
  orderTypes: [
    'MARKET',
    'LIMIT',
    'STOP',
    'STOP_LIMIT',
    'TRAILING_STOP',
    'TRAILING_STOP_LIMIT',
    'MARKET_IF_TOUCHED',
    'LIMIT_IF_TOUCHED',
  ],
  timesInForce: ['DAY', 'GTC', 'GTD', 'IOC', 'FOK', 'OPG', 'CLS'],
  notional: true,
  fractional: true,
  shortSelling: true,
  postOnly: true,
  reduceOnly: true,
  displayQuantity: true,
  extendedHours: true,
  replace: true,
  refusesDuplicates: true,
};
