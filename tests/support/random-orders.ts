import type { BrokerEvent, OrderTerms, OrderType, VenueOrder } from '@omniquant/plugin-sdk';

import { orderTerms } from '../../core/orders/venue-terms.ts';
import { type EngineFixture, MARKET } from './engine-fixture.ts';
import { pick, type Step } from './random-step.ts';

/* What a random step says of orders: their terms, which one is meant, what the venue tells of it. */

const TYPES: readonly OrderType[] = [
  'MARKET',
  'LIMIT',
  'LIMIT',
  'STOP',
  'STOP_LIMIT',
  'TRAILING_STOP',
  'TRAILING_STOP_LIMIT',
  'MARKET_IF_TOUCHED',
  'LIMIT_IF_TOUCHED',
];

export const price = (n: number): string => (95 + (n % 11)).toString();

export const termsOf = ({ a, b, c, flag }: Step, now: number): OrderTerms => {
  const type = pick(TYPES, a);
  const limit = type === 'LIMIT' || type.endsWith('LIMIT') || type.startsWith('LIMIT');
  const trailing = type.startsWith('TRAILING');
  const trigger = type !== 'MARKET' && type !== 'LIMIT';
  const byNotional = type === 'LIMIT' && c % 7 === 0;
  const timeInForce = pick(['GTC', 'DAY', 'GTD', 'IOC'], trigger ? b % 3 : b);
  return {
    ...MARKET('AAPL', flag ? 'BUY' : 'SELL', '1'),
    type,
    quantity: byNotional ? null : String(1 + (b % 10)),
    notional: byNotional ? '500' : null,
    limitPrice: limit ? price(c) : null,
    stopPrice: trigger && !trailing ? price(b) : null,
    trailingOffset: trailing ? '2' : null,
    trailingOffsetType: trailing ? 'PRICE' : null,
    timeInForce,
    expireAt: timeInForce === 'GTD' ? now + 1_000 * (1 + (c % 100)) : null,
    reduceOnly: c % 11 === 0,
  };
};

export const orderIdOf = (engine: EngineFixture, index: number): string => {
  // Mostly one that is open; now and then one that nobody knows.
  const ids = index % 4 === 0 ? [...engine.state.orders.keys()] : [...engine.state.openOrderIds];
  return index % 97 === 13 ? `stranger-${index % 3}` : (ids[index % Math.max(ids.length, 1)] ?? 'stranger');
};

const MESSAGE_KINDS = [
  'accepted',
  'rejected',
  'triggered',
  'stopMoved',
  'busted',
  'feeCharged',
  'canceled',
  'cancelRejected',
  'replaced',
  'replaceRejected',
  'expired',
] as const satisfies readonly BrokerEvent['kind'][];

export const messageOf = ({ a, b, c }: Step) => ({
  kind: pick(MESSAGE_KINDS, a),
  quantity: c % 3 === 0 ? '5' : null,
  code: 'OTHER' as const,
  message: 'm',
  reason: null,
  stopPrice: c % 13 === 0 ? 'NaN' : price(c),
  limitPrice: null,
  executionId: `x${b % 4}`,
  fee: c % 17 === 0 ? 'much' : '0.25',
  feeCurrency: 'USD',
});

const STATUSES: readonly VenueOrder['status'][] = [
  'WORKING',
  'TRIGGERED',
  'FILLED',
  'CANCELED',
  'EXPIRED',
  'REJECTED',
  'REPLACED',
];

export const venueOrderOf = (engine: EngineFixture, { a, b, c }: Step): VenueOrder => {
  const orderId = orderIdOf(engine, a);
  const order = engine.state.orders.get(orderId);
  const revision = (order?.revision ?? 0) + (order?.pendingReplace ? c % 2 : c % 11 === 0 ? 1 : 0);
  return {
    account: 'A1',
    venueOrderId: c % 19 === 0 ? null : `OQ-${orderId}-${revision}`,
    brokerOrderId: `B-${orderId}`,
    status: pick(STATUSES, b),
    terms: order === undefined ? MARKET('AAPL', 'BUY', '7') : orderTerms(order),
    filledQuantity: String(b % 3),
    stopPrice: null,
    message: null,
    at: engine.now,
  };
};
