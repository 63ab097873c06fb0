import { describe, expect, it } from '@jest/globals';

import { execute } from '../../../../core/engine/execute.ts';
import { createAccountState } from '../../../../core/engine/initial-state.ts';
import { statusOf } from '../../../../core/orders/status.ts';
import { EngineFixture, LIMIT } from '../../../support/engine-fixture.ts';

describe('an operator', () => {
  it('changes the limits that he names, audited', () => {
    const engine = new EngineFixture({ maxLeverage: '2' });
    engine.run({ kind: 'setRiskLimits', limits: { maxOpenOrders: 3, maxDailyLoss: null } });
    expect(engine.state.limits).toMatchObject({ maxLeverage: '2', maxOpenOrders: 3, maxDailyLoss: null });
    expect(engine.journal.at(-1)?.event).toMatchObject({ type: 'OPERATOR_ACTED', action: 'setRiskLimits' });
  });

  it.each([
    [{ maxLeverage: '-1' }, 'limits.maxLeverage'],
    [{ priceCollar: 'wide' }, 'limits.priceCollar'],
    [{ maxOpenOrders: 1.5 }, 'limits.maxOpenOrders'],
    [{ maxOrdersPerSecond: 5_000 }, 'limits.maxOrdersPerSecond'],
  ])('is told which limit of %j is none, and nothing changes', (limits, field) => {
    const engine = new EngineFixture();
    const { seq } = engine.state;
    expect(() => engine.run({ kind: 'setRiskLimits', limits })).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', field }),
    );
    expect(engine.state.seq).toBe(seq);
  });

  it('halts trading and cancels what is open', () => {
    const engine = new EngineFixture();
    const working = engine.working(LIMIT('AAPL', 'BUY', '1', '99'));
    engine.run({
      kind: 'setTradingState',
      state: 'HALTED',
      cancelOpenOrders: true,
      reason: 'drill',
      source: 'OPERATOR',
    });
    expect([engine.state.tradingState, working.pendingCancel, engine.alerts()]).toEqual([
      'HALTED',
      true,
      ['TRADING_STATE'],
    ]);
    engine.message(working.id, { kind: 'canceled', reason: null });
    expect(statusOf(working)).toBe('CANCELED');
  });

  it('opens an account once, and nothing happens in one that is not open', () => {
    const engine = new EngineFixture();
    const state = createAccountState('A2');
    const meta = { actor: 'user:1', correlationId: 'c', traceparent: null };
    expect(() => execute(state, { kind: 'clockTicked' }, meta, engine.context())).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
    const { seq } = engine.state;
    const again = {
      accountId: 'A1',
      workspaceId: 'W1',
      name: 'other',
      broker: 'b',
      environment: 'PAPER',
    } as const;
    engine.run({
      kind: 'openAccount',
      ...again,
      baseCurrency: 'EUR',
      startingCash: null,
      limits: engine.state.limits,
    });
    expect([engine.state.seq, engine.state.name]).toEqual([seq, 'test']);
  });
});

describe('the envelope of an event', () => {
  it('never goes back in market time, names its cause, and bears the order’s trace', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const meta = { actor: 'key:1', correlationId: 'c', traceparent };
    const placed = new EngineFixture();
    const context = placed.context();
    const command = {
      kind: 'placeOrder',
      clientOrderId: 'c1',
      requestHash: 'h',
      orderId: 'o',
      takeProfitId: 'tp',
      stopLossId: 'sl',
      terms: LIMIT('AAPL', 'BUY', '1', '99'),
      takeProfit: null,
      stopLoss: null,
      strategyId: null,
      origin: 'API',
    } as const;
    execute(placed.state, command, meta, context);
    expect(placed.order('o').traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    const { at } = placed.state;
    placed.now -= 5_000;
    const { events } = placed.execute({ kind: 'recover' });
    expect(events.map(({ event }) => event.type)).toEqual(['IN_DOUBT', 'RISK_ALERT']);
    expect(events.map((event) => [event.at, event.traceparent, event.causationId])).toEqual([
      [at, traceparent, null],
      [at, traceparent, String(events[0]?.seq)],
    ]);
  });
});
