import { describe, expect, it } from '@jest/globals';
import type { BrokerCapabilities, OrderTerms } from '@omniquant/plugin-sdk';

import { statusOf } from '../../../../core/orders/status.ts';
import { EngineFixture, LIMIT, MARKET } from '../../../support/engine-fixture.ts';

const market = MARKET('AAPL', 'BUY', '1');
const limit = LIMIT('AAPL', 'BUY', '1', '99');
const stop: OrderTerms = { ...market, type: 'STOP', stopPrice: '105' };
const trail: OrderTerms = {
  ...market,
  type: 'TRAILING_STOP',
  trailingOffset: '1',
  trailingOffsetType: 'PRICE',
};

/** Terms as a client may get them wrong, and the field that the answer names. */
const MALFORMED: readonly (readonly [string, OrderTerms, string])[] = [
  ['no size', { ...market, quantity: null }, 'quantity'],
  ['two sizes', { ...market, notional: '5' }, 'notional'],
  ['a size of zero', { ...market, quantity: '0' }, 'quantity'],
  ['a negative size', { ...market, quantity: '-1' }, 'quantity'],
  ['a size that is no decimal', { ...market, quantity: '1e3' }, 'quantity'],
  ['a size beyond all markets', { ...market, quantity: '99999999999999999999' }, 'quantity'],
  ['a limit order without limit', { ...limit, limitPrice: null }, 'limitPrice'],
  ['a market order with limit', { ...market, limitPrice: '1' }, 'limitPrice'],
  ['a market order with stop', { ...market, stopPrice: '1' }, 'stopPrice'],
  ['a stop order without stop', { ...stop, stopPrice: null }, 'stopPrice'],
  ['a stop limit without limit', { ...stop, type: 'STOP_LIMIT' }, 'limitPrice'],
  ['a trailing stop without offset', { ...trail, trailingOffset: null }, 'trailingOffset'],
  ['a trailing stop without offset type', { ...trail, trailingOffsetType: null }, 'trailingOffsetType'],
  ['a trailing stop of 100 %', { ...trail, trailingOffsetType: 'PERCENT' }, 'trailingOffset'],
  ['an offset that does not trail', { ...limit, trailingOffset: '1' }, 'trailingOffset'],
  ['GTD without a time', { ...limit, timeInForce: 'GTD' }, 'expireAt'],
  ['GTD in the past', { ...limit, timeInForce: 'GTD', expireAt: 5 }, 'expireAt'],
  ['a time without GTD', { ...limit, expireAt: 5 }, 'expireAt'],
  ['a stop at once', { ...stop, timeInForce: 'IOC' }, 'timeInForce'],
  ['a market order that shall rest', { ...market, postOnly: true }, 'postOnly'],
  ['a limit at once that shall rest', { ...limit, timeInForce: 'IOC', postOnly: true }, 'postOnly'],
  ['more shown than there is', { ...limit, displayQuantity: '2' }, 'displayQuantity'],
  ['a notional stop', { ...stop, quantity: null, notional: '5' }, 'notional'],
  ['an unknown type', { ...market, type: 'PEGGED' as 'MARKET' }, 'type'],
  ['an unknown side', { ...market, side: 'HOLD' as 'BUY' }, 'side'],
  ['an unknown time in force', { ...market, timeInForce: 'GTX' as 'GTC' }, 'timeInForce'],
];

const UNSUPPORTED: readonly (readonly [string, OrderTerms, Partial<BrokerCapabilities>])[] = [
  ['a type', limit, { orderTypes: ['MARKET'] }],
  [
    'a trigger that ends in a missing type',
    { ...stop, type: 'STOP_LIMIT', limitPrice: '105' },
    { orderTypes: ['MARKET'] },
  ],
  ['a time in force', limit, { timesInForce: ['DAY'] }],
  ['a notional', { ...market, quantity: null, notional: '50' }, { notional: false }],
  ['a fraction', { ...market, quantity: '0.5' }, { fractional: false }],
  ['post-only', { ...limit, postOnly: true }, { postOnly: false }],
  ['a display quantity', { ...limit, displayQuantity: '1' }, { displayQuantity: false }],
  ['extended hours', { ...limit, extendedHours: true }, { extendedHours: false }],
  ['reduce-only that rests', { ...limit, side: 'SELL', reduceOnly: true }, { reduceOnly: false }],
];

describe('placing an order', () => {
  it.each(MALFORMED)('with %s is refused without a trace', (_name, terms, field) => {
    const engine = new EngineFixture();
    const { seq } = engine.state;
    const { result, orderId } = engine.place(terms);
    expect(result).toMatchObject({
      kind: 'denied',
      orderId: null,
      replayed: false,
      denial: { code: 'INVALID_ORDER', details: { field } },
    });
    expect(engine.state.seq).toBe(seq);
    // The client order id stays free.
    expect(engine.place(market, { clientOrderId: `client-${orderId}` }).result.kind).toBe('orderPlaced');
  });

  it.each(UNSUPPORTED)(
    'with %s that the broker lacks is denied, and the answer kept',
    (_name, terms, lack) => {
      const engine = new EngineFixture();
      engine.capabilities = { ...engine.capabilities, ...lack };
      const { result, orderId } = engine.place(terms);
      expect(result).toMatchObject({ kind: 'denied', orderId, denial: { code: 'UNSUPPORTED_BY_BROKER' } });
      expect(statusOf(engine.order(orderId))).toBe('DENIED');
      const again = engine.place(terms, {
        clientOrderId: `client-${orderId}`,
        requestHash: `hash-${orderId}`,
      });
      expect(again.result).toEqual({ ...result, replayed: true });
    },
  );

  it.each(['', 'has space', 'ä', 'x'.repeat(65), 'gateway:1'])(
    'with the client order id %j is refused',
    (clientOrderId) => {
      const engine = new EngineFixture();
      expect(engine.place(market, { clientOrderId }).result).toMatchObject({
        denial: { code: 'INVALID_ORDER', details: { field: 'clientOrderId' } },
      });
    },
  );

  it('of an unknown symbol is refused without a trace', () => {
    const engine = new EngineFixture();
    expect(engine.place(MARKET('NONE', 'BUY', '1')).result).toMatchObject({
      orderId: null,
      denial: { code: 'UNKNOWN_SYMBOL' },
    });
  });

  it('beyond the rate is refused without a trace', () => {
    const engine = new EngineFixture({ maxOrdersPerSecond: 2 });
    const kinds = [1, 2, 3].map(() => engine.place(market).result);
    expect(kinds.map(({ kind }) => kind)).toEqual(['orderPlaced', 'orderPlaced', 'denied']);
    expect(kinds[2]).toMatchObject({ orderId: null, denial: { code: 'ORDER_RATE' } });
    engine.wall += 1_001;
    expect(engine.place(market).result.kind).toBe('orderPlaced');
    expect(engine.state.recentSubmissions.length).toBeLessThanOrEqual(2);
  });

  it('while the broker is away is denied, and stays so', () => {
    const engine = new EngineFixture();
    engine.ready = false;
    const { result, orderId } = engine.place(market);
    expect(result).toMatchObject({ kind: 'denied', orderId, denial: { code: 'BROKER_NOT_READY' } });
    engine.ready = true;
    const again = engine.place(market, {
      clientOrderId: `client-${orderId}`,
      requestHash: `hash-${orderId}`,
    });
    expect(again.result).toEqual({ ...result, replayed: true });
  });

  it('is answered from the archive when the order has left memory', () => {
    const engine = new EngineFixture();
    const { orderId } = engine.place(market);
    engine.accept(orderId);
    engine.fill(orderId, 'x', '1');
    const order = engine.order(orderId);
    engine.wall += 60_001;
    engine.place(market);
    expect(engine.state.orders.has(orderId)).toBe(false);
    engine.archive = {
      ...engine.archive,
      orderByClientId: (id) => (id === order.clientOrderId ? order : undefined),
    };
    const again = { clientOrderId: order.clientOrderId, requestHash: `hash-${orderId}` };
    expect(engine.place(market, again).result).toEqual({ kind: 'orderPlaced', orderId, replayed: true });
  });

  it('of a notional takes the venue’s quantity and ends when that has filled', () => {
    const engine = new EngineFixture();
    const { orderId } = engine.place({ ...market, quantity: null, notional: '500' });
    const order = engine.order(orderId);
    engine.fill(orderId, 'x1', '2');
    expect(statusOf(order)).toBe('PARTIALLY_FILLED');
    engine.message(orderId, { kind: 'accepted', quantity: '5' });
    engine.fill(orderId, 'x2', '3');
    expect(statusOf(order)).toBe('FILLED');
    expect(engine.state.exposure.size).toBe(0);
  });
});

describe('closing a position', () => {
  it('sells what there is, once for one client order id', () => {
    const engine = new EngineFixture();
    const bought = engine.working(MARKET('AAPL', 'BUY', '7'));
    engine.fill(bought.id, 'x', '7');
    const command = {
      kind: 'closePosition',
      clientOrderId: 'close',
      requestHash: 'h',
      orderId: 'c',
      symbol: 'AAPL',
      quantity: null,
    } as const;
    expect(engine.run(command)).toEqual({ kind: 'orderPlaced', orderId: 'c', replayed: false });
    expect(engine.run({ ...command, orderId: 'd' })).toEqual({
      kind: 'orderPlaced',
      orderId: 'c',
      replayed: true,
    });
    engine.accept('c');
    engine.fill('c', 'y', '7', '101');
    expect(engine.state.positions.get('AAPL')).toMatchObject({ quantity: 0n, cost: 0n });
    expect(engine.run({ ...command, clientOrderId: 'other' })).toMatchObject({
      denial: { code: 'NO_POSITION' },
    });
  });

  it('leaves no trace of a denial while there is hardly room on the disk of the journal', () => {
    const engine = new EngineFixture();
    engine.isJournalLow = true;
    const before = engine.journal.length;
    const denied = engine.place(limit, { clientOrderId: 'again' });
    expect(denied.result).toMatchObject({ kind: 'denied', denial: { code: 'REDUCE_ONLY_STATE' } });
    expect(engine.journal).toHaveLength(before);
    engine.isJournalLow = false;
    expect(engine.place(limit, { clientOrderId: 'again' }).result.kind).toBe('orderPlaced');
  });
});
