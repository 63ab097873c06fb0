import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { apply } from '../../../../core/engine/apply.ts';
import { createAccountState } from '../../../../core/engine/initial-state.ts';
import { snapshotState } from '../../../../core/engine/snapshot.ts';
import { orderFromRecord, orderToRecord } from '../../../../core/orders/order-record-codec.ts';
import { NOT_BEGUN } from '../../../../core/strategies/strategy-state.ts';
import { EngineFixture, LIMIT, MARKET } from '../../../support/engine-fixture.ts';

const filled = (engine: EngineFixture): string => {
  const order = engine.working(MARKET('AAPL', 'BUY', '1'));
  engine.fill(order.id, 'x', '1');
  return order.id;
};

describe('done orders', () => {
  it('leave memory a minute after their end, by the wall time of the events', () => {
    const engine = new EngineFixture();
    const orderId = filled(engine);
    engine.wall += 60_000;
    engine.place(LIMIT('AAPL', 'BUY', '1', '90'));
    expect(engine.state.orders.has(orderId)).toBe(true);
    engine.wall += 1;
    engine.place(LIMIT('AAPL', 'BUY', '1', '90'));
    expect(engine.state.orders.has(orderId)).toBe(false);
    expect([engine.state.evictedOrders, engine.state.orderIdByClientId.has(`client-${orderId}`)]).toEqual([
      1,
      false,
    ]);
  });

  it('are no more than 500', () => {
    const engine = new EngineFixture();
    const first = filled(engine);
    for (let count = 0; count < 499; count += 1) filled(engine);
    expect(engine.state.orders.has(first)).toBe(true);
    filled(engine);
    expect([engine.state.orders.has(first), engine.state.doneOrders.size]).toEqual([false, 500]);
  });

  it('stay while their bracket lives', () => {
    const engine = new EngineFixture();
    const stopLoss = { stopPrice: '90', limitPrice: null, trailingOffset: null, trailingOffsetType: null };
    engine.working(MARKET('AAPL', 'BUY', '1'), { orderId: 'e', stopLossId: 'sl', stopLoss });
    engine.fill('e', 'x', '1');
    engine.wall += 120_000;
    engine.place(LIMIT('AAPL', 'BUY', '1', '90'));
    expect(engine.state.orders.has('e')).toBe(true);
    engine.run({ kind: 'cancelOrder', orderId: 'sl', reason: null });
    engine.wall += 60_001;
    engine.place(LIMIT('AAPL', 'BUY', '1', '90'));
    expect([engine.state.orders.has('e'), engine.state.orders.has('sl')]).toEqual([false, false]);
  });

  it('stay until their strategy has been told of all that became of them, or has ended', () => {
    const engine = new EngineFixture();
    const terms = {
      ...{ strategyId: 's', strategy: 'any', symbols: ['AAPL'], config: {}, seed: '' },
      interval: 'DAY_1' as const,
    };
    engine.run({ kind: 'startStrategy', terms });
    const ids = ['told', 'owed'];
    for (const orderId of ids) {
      engine.working(MARKET('AAPL', 'BUY', '1'), { orderId, strategyId: 's' });
      engine.fill(orderId, `x-${orderId}`, '1');
    }
    const kept = (): readonly string[] => {
      engine.wall += 120_000;
      engine.place(LIMIT('AAPL', 'BUY', '1', '90'));
      return ids.filter((id) => engine.state.orders.has(id));
    };
    expect(kept()).toEqual(ids);
    const seq = engine.state.orders.get('told')?.lastSeq ?? 0;
    const position = { ...NOT_BEGUN, started: true, seq };
    engine.run({ kind: 'stepStrategy', strategyId: 's', step: 1, position, saved: '{}', refs: [] });
    expect(kept()).toEqual(['owed']);
    engine.run({ kind: 'endStrategy', strategyId: 's', status: 'STOPPED', error: null });
    expect(kept()).toEqual([]);
  });

  it('are still there for all that a message about them comes to, however long they were quiet', () => {
    const refused = new EngineFixture();
    const { orderId } = refused.place(LIMIT('AAPL', 'BUY', '5', '99'));
    refused.message(orderId, { kind: 'rejected', code: 'OTHER', message: 'no' });
    refused.wall += 60_001;
    refused.fill(orderId, 'x1', '1', '99');
    expect(refused.eventTypes(orderId).slice(-2)).toEqual(['ACCEPTED', 'FILLED']);
    expect(refused.alerts()).toEqual(['LATE_FILL']);

    const canceled = new EngineFixture();
    const { id } = canceled.working(LIMIT('AAPL', 'BUY', '5', '99'));
    canceled.message(id, { kind: 'canceled', reason: null });
    canceled.wall += 60_001;
    canceled.fill(id, 'x1', '6', '99');
    expect(canceled.eventTypes(id).slice(-2)).toEqual(['FILLED', 'OVERFILLED']);
    expect(canceled.alerts()).toEqual(['LATE_FILL', 'OVERFILLED']);
  });

  it('come back from the archive for a late fill and a bust', () => {
    const engine = new EngineFixture();
    const order = engine.working(LIMIT('AAPL', 'BUY', '5', '99'));
    engine.fill(order.id, 'x1', '2', '99');
    engine.message(order.id, { kind: 'canceled', reason: null });
    const record = orderToRecord(order, { fills: true });
    engine.wall += 60_001;
    engine.place(LIMIT('AAPL', 'BUY', '1', '90'));
    expect(engine.state.orders.has(order.id)).toBe(false);
    const archived = orderFromRecord(record);
    engine.archive = { ...engine.archive, order: (id) => (id === order.id ? archived : undefined) };
    engine.fill(order.id, 'x1', '2', '99');
    engine.message(order.id, { kind: 'busted', executionId: 'x1' });
    engine.fill(order.id, 'x2', '1', '98');
    expect(engine.eventTypes(order.id).slice(-3)).toEqual(['RECALLED', 'FILL_BUSTED', 'FILLED']);
    expect(engine.state.positions.get('AAPL')).toMatchObject({
      quantity: parseDecimal('1'),
      cost: parseDecimal('98'),
    });
    expect(engine.state.cash.get('USD')).toBe(parseDecimal('999902'));
    const replayed = engine.journal.reduce(apply, createAccountState('A1'));
    expect(snapshotState(replayed)).toBe(snapshotState(engine.state));
  });
});
