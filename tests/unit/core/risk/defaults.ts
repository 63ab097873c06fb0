import type { BrokerCapabilities, OrderTerms, VenueInstrument } from '@omniquant/plugin-sdk';
import { VENUE_CAPABILITIES } from '@omniquant/venue/venue-capabilities';

/* What accounts, brokers, instruments and orders of these tests have where a test says nothing else. */

export const CAPABILITIES: BrokerCapabilities = {
  ...VENUE_CAPABILITIES,
  orderTypes: ['MARKET', 'LIMIT'],
  settleMs: 0,
  buyingPowerMultiplier: '2',
  fees: { perUnit: '0', rate: '0', minimum: '0' },
};

export const AAPL: VenueInstrument = {
  symbol: 'AAPL',
  name: null,
  assetClass: 'EQUITY',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '1',
  multiplier: '1',
  minQuantity: null,
  maxQuantity: null,
  shortable: true,
  fractionable: false,
  exchange: null,
  calendar: 'US_EQUITY',
};

const TERMS: OrderTerms = {
  symbol: 'AAPL',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '100',
  notional: null,
  limitPrice: '100',
  stopPrice: null,
  trailingOffset: null,
  trailingOffsetType: null,
  timeInForce: 'DAY',
  expireAt: null,
  postOnly: false,
  reduceOnly: false,
  displayQuantity: null,
  extendedHours: false,
};

export const terms = (changes: Partial<OrderTerms> = {}): OrderTerms => ({ ...TERMS, ...changes });

/** Market terms: no limit price. */
export const market = (changes: Partial<OrderTerms> = {}): OrderTerms =>
  terms({ type: 'MARKET', limitPrice: null, ...changes });
