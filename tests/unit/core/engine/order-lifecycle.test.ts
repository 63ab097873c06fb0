import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { apply } from '../../../../core/engine/apply.ts';
import { createAccountState } from '../../../../core/engine/initial-state.ts';
import { snapshotState } from '../../../../core/engine/snapshot.ts';
import { statusOf } from '../../../../core/orders/status.ts';
import { EngineFixture, LIMIT, MARKET } from '../../../support/engine-fixture.ts';

describe('the life of an order', () => {
  it('goes from the request to the fill', () => {
    const engine = new EngineFixture();
    const { result, orderId } = engine.place(MARKET('AAPL', 'BUY', '10'));
    expect(result).toEqual({ kind: 'orderPlaced', orderId, replayed: false });
    expect(statusOf(engine.order(orderId))).toBe('SUBMITTED');
    engine.accept(orderId);
    expect(statusOf(engine.order(orderId))).toBe('ACCEPTED');
    engine.fill(orderId, 'x1', '4', '100', '1');
    expect(statusOf(engine.order(orderId))).toBe('PARTIALLY_FILLED');
    engine.fill(orderId, 'x2', '6', '101', '1.5');
    expect(statusOf(engine.order(orderId))).toBe('FILLED');
    expect(engine.state.positions.get('AAPL')?.quantity).toBe(parseDecimal('10'));
    expect(engine.state.cash.get('USD')).toBe(parseDecimal('998991.5'));
    expect(engine.state.fees.get('USD')).toBe(parseDecimal('2.5'));
    expect(engine.state.exposure.size).toBe(0);
    expect(engine.state.openOrderIds.size).toBe(0);
    expect(engine.eventTypes(orderId)).toEqual(['INITIALIZED', 'SUBMITTED', 'ACCEPTED', 'FILLED', 'FILLED']);
  });

  it('is the same when it is read from the journal', () => {
    const engine = new EngineFixture();
    const order = engine.working(LIMIT('AAPL', 'BUY', '10', '99'));
    engine.fill(order.id, 'x1', '4', '99');
    const replayed = engine.journal.reduce(apply, createAccountState('A1'));
    expect(snapshotState(replayed)).toBe(snapshotState(engine.state));
  });

  it('answers the same client order id with the same order', () => {
    const engine = new EngineFixture();
    const { orderId } = engine.place(MARKET('AAPL', 'BUY', '10'));
    const again = { clientOrderId: `client-${orderId}`, requestHash: `hash-${orderId}` };
    expect(engine.place(MARKET('AAPL', 'BUY', '10'), again).result).toEqual({
      kind: 'orderPlaced',
      orderId,
      replayed: true,
    });
    const other = engine.place(MARKET('AAPL', 'BUY', '11'), { ...again, requestHash: 'other' });
    expect(other.result).toMatchObject({ kind: 'denied', denial: { code: 'DUPLICATE_CLIENT_ORDER_ID' } });
    expect(engine.state.orders.size).toBe(1);
  });
});
