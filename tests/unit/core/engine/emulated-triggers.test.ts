import { describe, expect, it } from '@jest/globals';
import type { OrderTerms } from '@omniquant/plugin-sdk';
import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../../../../core/orders/order.ts';
import { statusOf } from '../../../../core/orders/status.ts';
import { venueTerms } from '../../../../core/orders/venue-terms.ts';
import { EngineFixture, LIMIT, MARKET } from '../../../support/engine-fixture.ts';

const atGateway = (): EngineFixture => {
  const engine = new EngineFixture();
  engine.capabilities = { ...engine.capabilities, orderTypes: ['MARKET', 'LIMIT'] };
  return engine;
};

const move = (engine: EngineFixture, price: number): void => {
  engine.now += 1_000;
  engine.quote('AAPL', price.toFixed(2), price.toFixed(2));
  engine.run({ kind: 'marketMoved', symbols: ['AAPL'] });
};

const held = (engine: EngineFixture, terms: Partial<OrderTerms>): Order => {
  const { orderId, result } = engine.place({ ...MARKET('AAPL', 'SELL', '10'), ...terms });
  expect(result.kind).toBe('orderPlaced');
  const order = engine.order(orderId);
  expect([statusOf(order), order.heldAt]).toEqual(['HELD', 'GATEWAY']);
  return order;
};

describe('a trigger that the gateway watches', () => {
  it.each([
    ['STOP', 'BUY', '105', 104.99, 105],
    ['STOP', 'SELL', '95', 95.01, 95],
    ['MARKET_IF_TOUCHED', 'BUY', '95', 95.01, 95],
    ['MARKET_IF_TOUCHED', 'SELL', '105', 104.99, 105],
  ] as const)('of a %s %s at %s waits at %d and goes off at %d', (type, side, stopPrice, before, at) => {
    const engine = atGateway();
    const order = held(engine, { type, side, stopPrice });
    move(engine, before);
    expect(statusOf(order)).toBe('HELD');
    move(engine, at);
    expect(statusOf(order)).toBe('SUBMITTED');
    expect(engine.eventTypes(order.id)).toEqual(['INITIALIZED', 'HELD', 'TRIGGERED', 'SUBMITTED']);
    expect(venueTerms(order, engine.capabilities)).toMatchObject({ type: 'MARKET', stopPrice: null, side });
  });

  it('of a stop limit sends a limit', () => {
    const engine = atGateway();
    const order = held(engine, { type: 'STOP_LIMIT', stopPrice: '95', limitPrice: '94' });
    move(engine, 95);
    expect(venueTerms(order, engine.capabilities)).toMatchObject({
      type: 'LIMIT',
      limitPrice: '94',
      stopPrice: null,
    });
  });

  it('reserves while it waits', () => {
    const engine = atGateway();
    held(engine, { type: 'STOP', side: 'BUY', stopPrice: '105' });
    expect(engine.state.exposure.get('AAPL')?.buyNotional).toBe(parseDecimal('1050'));
  });

  it('trails the best price, never away from it, and survives a restart where it was', () => {
    const engine = atGateway();
    const order = held(engine, {
      type: 'TRAILING_STOP',
      trailingOffset: '0.05',
      trailingOffsetType: 'PERCENT',
    });
    const levels = [100, 110, 104.51, 108, 120].map((price) => {
      move(engine, price);
      return formatDecimal(order.triggerPrice ?? 0n);
    });
    expect(levels).toEqual(['95', '104.5', '104.5', '104.5', '114']);
    move(engine, 114);
    expect(statusOf(order)).toBe('SUBMITTED');
  });

  it('keeps the distance between trigger and limit while it trails', () => {
    const engine = atGateway();
    const order = held(engine, {
      type: 'TRAILING_STOP_LIMIT',
      trailingOffset: '5',
      trailingOffsetType: 'PRICE',
      limitPrice: '93.99',
    });
    // The bid was 99.99 when it was placed: trigger 94.99, limit 1 below.
    move(engine, 110);
    expect([order.triggerPrice, order.limitPrice]).toEqual([parseDecimal('105'), parseDecimal('104')]);
  });

  it('does not go off outside the session', () => {
    const engine = atGateway();
    const order = held(engine, { type: 'STOP', stopPrice: '95' });
    engine.session = 'POST';
    move(engine, 90);
    expect(statusOf(order)).toBe('HELD');
  });

  it('goes out once the broker is back, though the price has gone away again', () => {
    const engine = atGateway();
    const order = held(engine, { type: 'STOP', stopPrice: '95' });
    engine.ready = false;
    move(engine, 95);
    expect(statusOf(order)).toBe('TRIGGERED');
    engine.ready = true;
    move(engine, 99);
    expect(statusOf(order)).toBe('SUBMITTED');
  });

  it('is refused in a halt unless it reduces', () => {
    const engine = atGateway();
    const long = engine.working(LIMIT('AAPL', 'BUY', '4', '100'));
    engine.fill(long.id, 'x', '4');
    const opening = held(engine, { type: 'STOP', side: 'BUY', stopPrice: '105' });
    const protecting = held(engine, { type: 'STOP', quantity: '4', stopPrice: '95', reduceOnly: true });
    engine.run({
      kind: 'setTradingState',
      state: 'HALTED',
      cancelOpenOrders: false,
      reason: 'x',
      source: 'OPERATOR',
    });
    move(engine, 105);
    expect(statusOf(opening)).toBe('CANCELED');
    expect(engine.alerts()).toContain('TRIGGER_REFUSED');
    move(engine, 95);
    expect(statusOf(protecting)).toBe('SUBMITTED');
  });

  it('closes no more than there is when it reduces only', () => {
    const engine = atGateway();
    const long = engine.working(LIMIT('AAPL', 'BUY', '10', '100'));
    engine.fill(long.id, 'x', '10');
    const stop = held(engine, { type: 'STOP', stopPrice: '95', reduceOnly: true });
    const sale = engine.working(LIMIT('AAPL', 'SELL', '6', '101'));
    engine.fill(sale.id, 'y', '6', '101');
    move(engine, 95);
    expect([statusOf(stop), stop.quantity]).toEqual(['SUBMITTED', parseDecimal('4')]);
  });

  it('expires with its day', () => {
    const engine = atGateway();
    const order = held(engine, { type: 'STOP', stopPrice: '95', timeInForce: 'DAY' });
    engine.now += 86_400_000;
    engine.run({ kind: 'clockTicked' });
    expect(statusOf(order)).toBe('EXPIRED');
  });

  it('changes at once when it is replaced, and ends at once when it is cancelled', () => {
    const engine = atGateway();
    const order = held(engine, { type: 'STOP', stopPrice: '95' });
    engine.run({ kind: 'replaceOrder', orderId: order.id, requestId: 'r', stopPrice: '96', quantity: '5' });
    expect([order.triggerPrice, order.quantity, order.pendingReplace]).toEqual([
      parseDecimal('96'),
      parseDecimal('5'),
      null,
    ]);
    engine.run({ kind: 'cancelOrder', orderId: order.id, reason: null });
    expect(statusOf(order)).toBe('CANCELED');
    expect(engine.state.heldOrderIds.size).toBe(0);
  });
});
