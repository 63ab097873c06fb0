import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { DomainEvent, JournaledEvent } from '../../../../core/engine/account-event.ts';
import { statusOf } from '../../../../core/orders/status.ts';
import { collectSends } from '../../../../core/runtime/broker-send.ts';
import { EngineFixture, LIMIT } from '../../../support/engine-fixture.ts';
import { replace, resting } from './resting-order.ts';

const journaled = (event: DomainEvent): JournaledEvent => ({
  accountId: 'a',
  seq: 1,
  at: 0,
  recordedAt: 0,
  correlationId: 'c',
  causationId: null,
  traceparent: null,
  actor: 'venue',
  schema: 1,
  event,
});

describe('a cancel', () => {
  it('waits for the venue’s word, and is asked for once', () => {
    const engine = resting();
    expect(engine.run({ kind: 'cancelOrder', orderId: 'o', reason: null })).toEqual({
      kind: 'cancelRequested',
      orderIds: ['o'],
    });
    const { seq } = engine.state;
    engine.run({ kind: 'cancelOrder', orderId: 'o', reason: null });
    expect([engine.state.seq, statusOf(engine.order('o'))]).toEqual([seq, 'ACCEPTED']);
    engine.message('o', { kind: 'canceled', reason: null });
    expect(statusOf(engine.order('o'))).toBe('CANCELED');
  });

  it('that names the revision before a replace stays asked for, and goes on to the one that works', () => {
    const engine = resting();
    replace(engine, 'r1', { quantity: '5' });
    engine.run({ kind: 'cancelOrder', orderId: 'o', reason: null });
    engine.message('o', { kind: 'cancelRejected', code: 'TOO_LATE', message: 'it was replaced' });
    expect(engine.order('o').pendingCancel).toBe(true);
    const { state } = engine;
    engine.message('o', { kind: 'replaced' }, 1);
    const [send] = collectSends(
      (id) => state.orders.get(id),
      [journaled({ type: 'REPLACED', orderId: 'o', revision: 1, brokerOrderId: 'V2' })],
      engine.capabilities,
    );
    expect(send).toMatchObject({ kind: 'cancel', orderId: 'o', revision: 1 });
  });

  it('of an order in doubt that the venue does not know keeps it from being sent again', () => {
    const engine = new EngineFixture();
    engine.place(LIMIT('AAPL', 'BUY', '10', '99'), { orderId: 'o' });
    engine.run({ kind: 'recover' });
    engine.run({ kind: 'cancelOrder', orderId: 'o', reason: null });
    engine.run({
      kind: 'brokerOutcome',
      request: 'cancel',
      orderId: 'o',
      revision: 0,
      outcome: { kind: 'rejected', code: 'UNKNOWN_ORDER', message: 'no such order', at: 0 },
    });
    engine.run({ kind: 'resubmit', orderId: 'o' });
    expect([statusOf(engine.order('o')), engine.order('o').pendingCancel]).toEqual(['IN_DOUBT', true]);
  });

  it('of a done order is denied, of an unknown one an error', () => {
    const engine = resting();
    engine.fill('o', 'x1', '10', '99');
    expect(engine.run({ kind: 'cancelOrder', orderId: 'o', reason: null })).toMatchObject({
      denial: { code: 'ORDER_NOT_OPEN' },
    });
    expect(() => engine.run({ kind: 'cancelOrder', orderId: '?', reason: null })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', field: 'id' }),
    );
  });

  it('passes whatever the trading state and the broker are', () => {
    const engine = resting();
    engine.ready = false;
    engine.gatewayTradingState = 'HALTED';
    engine.run({ kind: 'cancelAllOrders', symbol: 'AAPL', reason: null });
    expect(engine.order('o').pendingCancel).toBe(true);
  });

  it('lets a fill that crosses it book, flagged late after the end', () => {
    const engine = resting();
    engine.run({ kind: 'cancelOrder', orderId: 'o', reason: null });
    engine.fill('o', 'x1', '3', '99');
    engine.message('o', { kind: 'canceled', reason: null });
    engine.fill('o', 'x2', '2', '99');
    expect([statusOf(engine.order('o')), engine.order('o').filledQuantity]).toEqual([
      'CANCELED',
      parseDecimal('5'),
    ]);
    expect(engine.state.positions.get('AAPL')?.quantity).toBe(parseDecimal('5'));
    expect(engine.alerts()).toContain('LATE_FILL');
    engine.fill('o', 'x3', '5', '99');
    expect(statusOf(engine.order('o'))).toBe('FILLED');
  });
});
