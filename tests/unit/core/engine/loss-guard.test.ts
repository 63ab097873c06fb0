import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { restoreState, snapshotState } from '../../../../core/engine/snapshot.ts';
import type { RiskLimits } from '../../../../core/risk/limits.ts';
import { EngineFixture, LIMIT, MARKET } from '../../../support/engine-fixture.ts';

const DAY = 86_400_000;

const tick = (engine: EngineFixture, price: number): void => {
  engine.now += 1_000;
  engine.wall += 1_000;
  engine.quote('AAPL', price.toFixed(2), price.toFixed(2));
  engine.run({ kind: 'marketMoved', symbols: ['AAPL'] });
  engine.run({ kind: 'clockTicked' });
};

/** Long 100 at 100 with 20,000 in all, on a day that has begun. */
const long = (limits: Partial<RiskLimits>): EngineFixture => {
  const engine = new EngineFixture(limits, '20000');
  engine.run({ kind: 'clockTicked' });
  const order = engine.working(MARKET('AAPL', 'BUY', '100'));
  engine.fill(order.id, 'x', '100');
  tick(engine, 100);
  return engine;
};

describe('the guard against losses', () => {
  it('opens each day with its equity', () => {
    const engine = long({});
    expect([engine.state.day, engine.state.dayOpenEquity]).toEqual(['2024-01-02', parseDecimal('20000')]);
    tick(engine, 110);
    engine.now += DAY;
    tick(engine, 110);
    expect([engine.state.day, engine.state.dayOpenEquity]).toEqual(['2024-01-03', parseDecimal('21000')]);
  });

  it('halts on a day’s loss beyond the limit and goes on with the next day', () => {
    const engine = long({ maxDailyLoss: '500' });
    tick(engine, 95);
    expect(engine.state.tradingState).toBe('ACTIVE');
    tick(engine, 94.99);
    expect([engine.state.tradingState, engine.state.tradingStateSource]).toEqual(['HALTED', 'DAILY_LOSS']);
    expect(engine.alerts()).toEqual(['DAILY_LOSS']);
    expect(engine.place(MARKET('AAPL', 'BUY', '1')).result).toMatchObject({
      denial: { code: 'TRADING_HALTED' },
    });
    engine.now += DAY;
    tick(engine, 94);
    expect(engine.state.tradingState).toBe('ACTIVE');
  });

  it('does not overrule an operator who lifts the halt, until the next day', () => {
    const engine = long({ maxDailyLoss: '500' });
    tick(engine, 94);
    engine.run({
      kind: 'setTradingState',
      state: 'ACTIVE',
      cancelOpenOrders: false,
      reason: 'go on',
      source: 'OPERATOR',
    });
    tick(engine, 93);
    expect(engine.state.tradingState).toBe('ACTIVE');
    engine.now += DAY;
    tick(engine, 93);
    tick(engine, 87);
    expect(engine.state.tradingState).toBe('HALTED');
  });

  it('measures the fall from the highest equity, which a restart does not forget', () => {
    const engine = long({ maxDrawdown: '0.1' });
    tick(engine, 120);
    engine.state = restoreState(snapshotState(engine.state));
    tick(engine, 98);
    expect(engine.state.tradingState).toBe('ACTIVE');
    tick(engine, 97.9);
    expect([engine.state.tradingState, engine.state.tradingStateSource]).toEqual(['HALTED', 'DRAWDOWN']);
    engine.now += DAY;
    tick(engine, 97.9);
    expect(engine.state.tradingState).toBe('HALTED');
  });

  it('does not take a withdrawal for a loss', () => {
    const engine = long({ maxDailyLoss: '500', maxDrawdown: '0.1' });
    const event = {
      kind: 'transfer',
      account: 'A1',
      at: 0,
      reference: 'w',
      currency: 'USD',
      amount: '-5000',
      reason: 'out',
    } as const;
    engine.run({ kind: 'brokerEvent', event });
    tick(engine, 100);
    expect(engine.state.tradingState).toBe('ACTIVE');
    tick(engine, 94.9);
    expect(engine.state.tradingStateSource).toBe('DAILY_LOSS');
  });

  it('writes no peak more than once a market second', () => {
    const engine = long({});
    const peaks = () => engine.journal.filter(({ event }) => event.type === 'EQUITY_PEAKED').length;
    const before = peaks();
    engine.now = Math.ceil(engine.now / 1_000) * 1_000 + 1_000;
    for (let step = 1; step <= 10; step += 1) {
      engine.now += 50;
      engine.quote('AAPL', `${110 + step}`, `${110 + step}`);
      engine.run({ kind: 'marketMoved', symbols: ['AAPL'] });
    }
    expect(peaks()).toBe(before + 1);
  });

  it('closes everything when it is told to, and tries again what could not be closed', () => {
    const engine = long({ maxDailyLoss: '500' });
    engine.settings = { ...engine.settings, flattenOnDailyLoss: true };
    const resting = engine.working(LIMIT('AAPL', 'BUY', '1', '90'));
    engine.ready = false;
    tick(engine, 94);
    expect(resting.pendingCancel).toBe(true);
    expect(engine.alerts()).toEqual(['DAILY_LOSS', 'DAILY_LOSS']);
    engine.ready = true;
    tick(engine, 94);
    const closing = [...engine.state.orders.values()].filter(({ origin }) => origin === 'GATEWAY');
    expect(closing).toHaveLength(1);
    expect(closing[0]).toMatchObject({
      side: 'SELL',
      type: 'MARKET',
      quantity: parseDecimal('100'),
      reduceOnly: true,
    });
    tick(engine, 93);
    expect([...engine.state.orders.values()].filter(({ origin }) => origin === 'GATEWAY')).toHaveLength(1);
  });
});
