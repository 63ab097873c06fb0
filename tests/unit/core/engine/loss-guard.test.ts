import { describe, expect, it } from '@jest/globals';
import { abs, divide, type Fixed, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { restoreState, snapshotState } from '../../../../core/engine/snapshot.ts';
import { drawdown } from '../../../../core/portfolio/valuation.ts';
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
  it('measures losses from the first order on, however soon it comes', () => {
    const engine = new EngineFixture({ maxDrawdown: '0.1', maxDailyLoss: '500' }, '20000');
    const order = engine.working(MARKET('AAPL', 'BUY', '100'));
    engine.fill(order.id, 'x', '100');
    tick(engine, 94.9);
    expect(engine.state.tradingStateSource).toBe('DAILY_LOSS');
    expect(engine.state.peakEquity).toBe(parseDecimal('20000'));
  });

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

  const transfer = (engine: EngineFixture, amount: string, currency = 'USD'): void => {
    const reference = `t-${amount}`;
    const event = {
      kind: 'transfer',
      account: 'A1',
      at: 0,
      reference,
      currency,
      amount,
      reason: '',
    } as const;
    engine.run({ kind: 'brokerEvent', event });
  };
  const fallOf = ({ state }: EngineFixture, price: number): Fixed | null =>
    drawdown(state.cash.get('USD')! + parseDecimal(String(price * 100)), state.peakEquity);

  it('does not take a withdrawal for a loss', () => {
    const engine = long({ maxDailyLoss: '500', maxDrawdown: '0.1' });
    transfer(engine, '-5000');
    tick(engine, 100);
    expect(engine.state.tradingState).toBe('ACTIVE');
    tick(engine, 94.9);
    expect(engine.state.tradingStateSource).toBe('DAILY_LOSS');
  });

  it('finds the account as far below its peak after a transfer as before', () => {
    const engine = long({ maxDrawdown: '0.15' });
    tick(engine, 120);
    tick(engine, 100);
    expect(fallOf(engine, 100)).toBe(divide(2n, 22n));
    for (const amount of ['-10000', '70000', '-60000']) {
      transfer(engine, amount);
      tick(engine, 100);
      expect(abs(fallOf(engine, 100)! - divide(2n, 22n))).toBeLessThanOrEqual(1n);
    }
    expect(engine.state.tradingState).toBe('ACTIVE');
    expect(engine.state.dayOpenEquity).toBe(parseDecimal('20000'));
  });

  it('does not halt again for a peak that a transfer has moved', () => {
    const engine = long({ maxDrawdown: '0.1' });
    tick(engine, 70);
    expect(engine.state.tradingStateSource).toBe('DRAWDOWN');
    const lifted = { kind: 'setTradingState', state: 'ACTIVE', cancelOpenOrders: false } as const;
    engine.run({ ...lifted, reason: 'go on', source: 'OPERATOR' });
    transfer(engine, '1000');
    tick(engine, 69);
    expect(engine.state.tradingState).toBe('ACTIVE');
  });

  it('counts money of another currency at its price', () => {
    const engine = long({ maxDailyLoss: '500' });
    engine.quote('EUR/USD', '1.10', '1.10');
    transfer(engine, '-1000', 'EUR');
    expect(engine.state.dayOpenEquity).toBe(parseDecimal('18900'));
    tick(engine, 100);
    engine.quote('EUR/USD', '1.10', '1.10');
    expect(engine.state.tradingState).toBe('ACTIVE');
  });

  it('counts the broker’s figures that are taken over like money that came or went', () => {
    const engine = long({ maxDailyLoss: '500', maxDrawdown: '0.1' });
    const positions = [{ symbol: 'AAPL', quantity: '40' }];
    engine.run({ kind: 'venueSnapshot', positions, balances: [{ currency: 'USD', total: '7000' }] });
    engine.run({ kind: 'resolveMismatch', symbol: null, reason: 'as the broker has it' });
    tick(engine, 100);
    expect(engine.state.tradingState).toBe('ACTIVE');
    expect(engine.state.dayOpenEquity).toBe(parseDecimal('11000'));
    expect(engine.state.peakEquity).toBe(parseDecimal('11000'));
  });

  it('tells with each new day what the day before had opened with, and what came during it', () => {
    const engine = long({});
    transfer(engine, '5000');
    engine.now += DAY;
    tick(engine, 110);
    const days = engine.journal.flatMap(({ event }) => (event.type === 'DAY_OPENED' ? [event] : []));
    expect(days.map(({ equity, previous }) => [equity, previous])).toEqual([
      ['20000', null],
      ['26000', '25000'],
    ]);
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
