import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { PlaceOrder } from '../../../../core/engine/command.ts';
import type { Order } from '../../../../core/orders/order.ts';
import { statusOf } from '../../../../core/orders/status.ts';
import { venueTerms } from '../../../../core/orders/venue-terms.ts';
import { EngineFixture, LIMIT, MARKET } from '../../../support/engine-fixture.ts';

const stopAt = (stopPrice: string): PlaceOrder['stopLoss'] => ({
  stopPrice,
  limitPrice: null,
  trailingOffset: null,
  trailingOffsetType: null,
});

interface Legs {
  readonly entry: Order;
  readonly profit: Order;
  readonly stop: Order;
}

/** Buys 10 at 100, out at 110 or at 95. */
const bracket = (engine: EngineFixture, stopLoss = stopAt('95')): Legs => {
  const entry = engine.working(LIMIT('AAPL', 'BUY', '10', '100'), {
    orderId: 'e',
    takeProfitId: 'tp',
    stopLossId: 'sl',
    takeProfit: { limitPrice: '110' },
    stopLoss,
  });
  return { entry, profit: engine.order('tp'), stop: engine.order('sl') };
};

const move = (engine: EngineFixture, bid: string, ask: string): void => {
  engine.now += 1_000;
  engine.quote('AAPL', bid, ask);
  engine.run({ kind: 'marketMoved', symbols: ['AAPL'] });
};

describe('a bracket', () => {
  it('holds its legs until the entry fills', () => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    expect([profit.heldFor, stop.heldFor]).toEqual(['WAITING_FOR_ENTRY', 'WAITING_FOR_ENTRY']);
    move(engine, '90', '90.02');
    expect([statusOf(profit), statusOf(stop)]).toEqual(['HELD', 'HELD']);
  });

  it('sizes its legs to what the entry has filled', () => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '4');
    expect(statusOf(profit)).toBe('SUBMITTED');
    expect([profit.quantity, stop.quantity]).toEqual([parseDecimal('4'), parseDecimal('4')]);
    engine.accept('tp');
    engine.fill('e', 'x2', '3');
    expect(profit.pendingReplace?.quantity).toBe(parseDecimal('7'));
    expect(stop.quantity).toBe(parseDecimal('7'));
    engine.fill('e', 'x3', '3');
    engine.message('tp', { kind: 'replaced' }, 1);
    expect(profit.pendingReplace?.quantity).toBe(parseDecimal('10'));
    engine.message('tp', { kind: 'replaced' }, 2);
    expect(profit.quantity).toBe(parseDecimal('10'));
    expect(profit.reduceOnly).toBe(true);
  });

  it('shrinks the stop as the take profit fills, and ends it when nothing is left', () => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '10');
    engine.accept('tp');
    engine.fill('tp', 'p1', '6', '110');
    expect(stop.quantity).toBe(parseDecimal('4'));
    engine.fill('tp', 'p2', '4', '110');
    expect([statusOf(profit), statusOf(stop)]).toEqual(['FILLED', 'CANCELED']);
    expect(engine.state.openOrderIds.size).toBe(0);
  });

  it('goes when other orders have closed what it opened, before anybody opens something anew', () => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '10');
    engine.accept('tp');
    const closing = engine.working(MARKET('AAPL', 'SELL', '10'));
    engine.fill(closing.id, 'c1', '9');
    expect([stop.lifecycle, profit.pendingCancel]).toEqual(['HELD', false]);
    engine.fill(closing.id, 'c2', '1');
    expect(profit.pendingCancel).toBe(true);
    engine.message('tp', { kind: 'canceled', reason: null });
    expect(statusOf(stop)).toBe('CANCELED');
    const other = engine.working(MARKET('AAPL', 'BUY', '5'));
    engine.fill(other.id, 'o1', '5');
    move(engine, '90', '90.02');
    expect(engine.state.openOrderIds.size).toBe(0);
    expect(engine.state.positions.get('AAPL')?.quantity).toBe(parseDecimal('5'));
  });

  it('stays while its entry may still open more, though the position is flat', () => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '4');
    engine.accept('tp');
    const closing = engine.working(LIMIT('AAPL', 'SELL', '4', '101'));
    engine.fill(closing.id, 'c1', '4', '101');
    expect([stop.lifecycle, profit.pendingCancel]).toEqual(['HELD', false]);
    engine.fill('e', 'x2', '6');
    expect(stop.quantity).toBe(parseDecimal('10'));
  });

  it('waits for the take profit’s end when the stop triggers, then sends what remains', () => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '10');
    engine.accept('tp');
    move(engine, '94.9', '95.1');
    expect([profit.pendingCancel, stop.lifecycle, stop.sent]).toEqual([true, 'TRIGGERED', false]);
    engine.fill('tp', 'p1', '3', '110');
    expect(stop.sent).toBe(false);
    engine.message('tp', { kind: 'canceled', reason: null });
    expect([stop.lifecycle, stop.quantity]).toEqual(['SUBMITTED', parseDecimal('7')]);
    expect(venueTerms(stop, engine.capabilities)).toMatchObject({
      type: 'MARKET',
      reduceOnly: true,
      quantity: '7',
    });
    engine.accept('sl');
    engine.fill('sl', 's1', '7', '95');
    expect(engine.state.positions.get('AAPL')?.quantity).toBe(0n);
    expect(engine.alerts()).not.toContain('BRACKET_BOTH_FILLED');
  });

  it('alarms and sends nothing while the cancel of the take profit is in doubt', () => {
    const engine = new EngineFixture();
    const { stop } = bracket(engine);
    engine.fill('e', 'x1', '10');
    engine.accept('tp');
    move(engine, '94.9', '95.1');
    const outcome = { kind: 'unknown', reason: 'timeout' } as const;
    engine.run({ kind: 'brokerOutcome', request: 'cancel', orderId: 'tp', revision: 0, outcome });
    move(engine, '90', '90.1');
    engine.run({ kind: 'clockTicked' });
    expect(engine.alerts()).toContain('BRACKET_CANCEL_IN_DOUBT');
    expect(stop.sent).toBe(false);
  });

  it('asks again with the next tick when the cancel of the take profit is refused', () => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '10');
    engine.accept('tp');
    move(engine, '94.9', '95.1');
    engine.message('tp', { kind: 'cancelRejected', code: 'RATE_LIMITED', message: 'slow down' });
    expect(profit.pendingCancel).toBe(false);
    engine.run({ kind: 'clockTicked' });
    expect(profit.pendingCancel).toBe(true);
    engine.message('tp', { kind: 'canceled', reason: null });
    expect(stop.lifecycle).toBe('SUBMITTED');
  });

  it('alarms when a late fill of the take profit crosses the stop', () => {
    const engine = new EngineFixture();
    const { stop } = bracket(engine);
    engine.fill('e', 'x1', '10');
    engine.accept('tp');
    move(engine, '94.9', '95.1');
    engine.message('tp', { kind: 'canceled', reason: null });
    engine.fill('sl', 's1', '10', '95');
    engine.fill('tp', 'p1', '2', '110');
    expect(statusOf(stop)).toBe('FILLED');
    expect(engine.alerts()).toEqual(expect.arrayContaining(['LATE_FILL', 'BRACKET_BOTH_FILLED']));
  });

  it('cancels the rest of the entry when the stop triggers before it has filled', () => {
    const engine = new EngineFixture();
    const { entry, stop } = bracket(engine);
    engine.fill('e', 'x1', '4');
    engine.accept('tp');
    move(engine, '94.9', '95.1');
    expect(entry.pendingCancel).toBe(true);
    engine.message('tp', { kind: 'canceled', reason: null });
    engine.fill('e', 'x2', '1');
    expect(stop.sent).toBe(false);
    engine.message('e', { kind: 'canceled', reason: null });
    expect([stop.lifecycle, stop.quantity]).toEqual(['SUBMITTED', parseDecimal('5')]);
  });

  it.each([
    ['rejected', { kind: 'rejected', code: 'OTHER', message: 'no' }],
    ['canceled', { kind: 'canceled', reason: null }],
    ['expired', { kind: 'expired' }],
  ] as const)('goes with an entry that is %s unfilled', (_name, message) => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    engine.message('e', message);
    expect([statusOf(profit), statusOf(stop)]).toEqual(['CANCELED', 'CANCELED']);
  });

  it('cancels the rest of the entry when the take profit has closed what there was', () => {
    const engine = new EngineFixture();
    const { entry, profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '4');
    engine.accept('tp');
    engine.fill('tp', 'x2', '4');
    expect(statusOf(profit)).toBe('FILLED');
    expect(entry.pendingCancel).toBe(true);
    // A fill that crosses the cancel is guarded by the stop.
    engine.fill('e', 'x3', '1');
    expect([statusOf(stop), stop.quantity]).toEqual(['HELD', parseDecimal('1')]);
    engine.message('e', { kind: 'canceled', reason: null });
    move(engine, '94', '94.02');
    expect(statusOf(stop)).toBe('SUBMITTED');
  });

  it('protects what an entry has filled before it ended', () => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '4');
    engine.accept('tp');
    engine.message('e', { kind: 'canceled', reason: null });
    expect([statusOf(profit), statusOf(stop)]).toEqual(['ACCEPTED', 'HELD']);
    expect([profit.quantity, stop.quantity]).toEqual([parseDecimal('4'), parseDecimal('4')]);
  });

  it('leaves one leg when the other is cancelled', () => {
    const engine = new EngineFixture();
    const { profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '10');
    engine.accept('tp');
    engine.run({ kind: 'cancelOrder', orderId: 'tp', reason: null });
    engine.message('tp', { kind: 'canceled', reason: null });
    expect([statusOf(profit), statusOf(stop)]).toEqual(['CANCELED', 'HELD']);
    move(engine, '94', '94.1');
    expect([stop.lifecycle, stop.quantity]).toEqual(['SUBMITTED', parseDecimal('10')]);
  });

  it('releases the take profit at the entry’s end where the venue cannot replace', () => {
    const engine = new EngineFixture();
    engine.capabilities = { ...engine.capabilities, replace: false };
    const { profit, stop } = bracket(engine);
    engine.fill('e', 'x1', '4');
    expect([statusOf(profit), stop.quantity]).toEqual(['HELD', parseDecimal('4')]);
    engine.fill('e', 'x2', '6');
    expect([statusOf(profit), profit.quantity]).toEqual(['SUBMITTED', parseDecimal('10')]);
  });

  it('releases the take profit when the broker is back', () => {
    const engine = new EngineFixture();
    const { profit } = bracket(engine);
    engine.ready = false;
    engine.fill('e', 'x1', '10');
    expect(statusOf(profit)).toBe('HELD');
    engine.ready = true;
    engine.run({ kind: 'clockTicked' });
    expect(statusOf(profit)).toBe('SUBMITTED');
  });

  it('trails a trailing stop from the entry’s fill on', () => {
    const engine = new EngineFixture();
    const trail = {
      stopPrice: null,
      limitPrice: null,
      trailingOffset: '5',
      trailingOffsetType: 'PRICE',
    } as const;
    const { stop } = bracket(engine, trail);
    move(engine, '120', '120.02');
    expect(stop.triggerPrice).toBeNull();
    engine.fill('e', 'x1', '10');
    move(engine, '102', '102.02');
    expect(stop.triggerPrice).toBe(parseDecimal('97'));
    move(engine, '99', '99.02');
    expect(stop.triggerPrice).toBe(parseDecimal('97'));
    move(engine, '97', '97.02');
    expect(stop.lifecycle).toBe('TRIGGERED');
  });

  it('refuses prices that lie on the wrong side', () => {
    const engine = new EngineFixture();
    const { result } = engine.place(LIMIT('AAPL', 'BUY', '10', '100'), { takeProfit: { limitPrice: '99' } });
    expect(result).toMatchObject({
      kind: 'denied',
      orderId: null,
      denial: { code: 'INVALID_ORDER', details: { field: 'takeProfit.limitPrice' } },
    });
    const wrongStop = engine.place(MARKET('AAPL', 'SELL', '10'), {
      takeProfit: { limitPrice: '90' },
      stopLoss: stopAt('89'),
    });
    expect(wrongStop.result).toMatchObject({ kind: 'denied', denial: { code: 'INVALID_ORDER' } });
  });
});
