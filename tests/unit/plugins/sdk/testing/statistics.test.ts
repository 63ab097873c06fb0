import { describe, expect, it } from '@jest/globals';
import { close, log, metric, place } from '@omniquant/plugin-sdk';
import {
  barsOf,
  fakeInstrument,
  fakeStrategyContext,
  fakeStrategyView,
  randomBars,
  replay,
} from '@omniquant/plugin-sdk/testing';

import { bracketed } from '../../../../support/plugins/sound-strategies.ts';
import { scripted } from '../../../../support/scripted-strategy.ts';

describe('statistics, by hand', () => {
  it('counts trades, returns, drawdown, exposure and fees', async () => {
    const buy = place({ symbol: 'TEST', side: 'BUY', quantity: '10' });
    const turn = place({ symbol: 'TEST', side: 'SELL', quantity: '20' });
    // Buys at 100, sells 20 at 120: won 200 and short 10; covers at 125: lost 50. Fees of 1 a unit.
    const { definition } = scripted({ bars: { 0: [buy], 1: [turn], 3: [close('TEST')] } });
    const { statistics } = await replay(definition, barsOf([100, 120, 110, 125, 125, 125]), {
      ...{ startingCash: '1000', leverage: null, commission: { perUnit: '1' } },
    });
    expect(statistics.equityCurve.map(({ equity }) => equity)).toEqual([
      // start, 100, bought: +200 -10, sold 20 and short at 110: +200 +100 -30, at 125: -50, covered: -40
      ...['1000', '1000', '1190', '1270', '1120', '1110', '1110'],
    ]);
    expect(statistics).toMatchObject({
      ...{ trades: 2, wins: 1, losses: 1, winRate: 0.5, fees: '40', realizedPnl: '150' },
      ...{ finalCash: '1110', finalEquity: '1110' },
    });
    expect(statistics.totalReturn).toBeCloseTo(0.11, 12);
    expect(statistics.maxDrawdown).toBeCloseTo(1110 / 1270 - 1, 12);
    expect(statistics.exposure).toBeCloseTo(3 / 6, 12);
  });

  it('has no win rate and no drawdown where nothing was traded', async () => {
    const { definition } = scripted({});
    const { statistics } = await replay(definition, barsOf([100, 101]));
    expect(statistics).toMatchObject({
      trades: 0,
      winRate: null,
      totalReturn: 0,
      maxDrawdown: 0,
      exposure: 0,
    });
  });

  it('collects logs and metrics', async () => {
    const { definition } = scripted({ bars: { 1: [log('WARN', 'look', { a: 1 }), metric('m', 0.5)] } });
    const bars = barsOf([100, 101]);
    const at = (bars[1]?.at ?? 0) + 86_400_000;
    expect(await replay(definition, bars)).toMatchObject({
      logs: [{ at, level: 'WARN', message: 'look', data: { a: 1 } }],
      metrics: [{ at, name: 'm', value: 0.5 }],
    });
  });
});

describe('bars', () => {
  it('are made of closes, shapes and holes', () => {
    const [first, second, third] = barsOf([100, null, { open: 95, close: 96, volume: 5 }, 94], { volume: 7 });
    expect(first).toMatchObject({ open: 100, high: 100, low: 100, close: 100, volume: 7 });
    expect(second).toMatchObject({ open: 95, high: 96, low: 95, close: 96, volume: 5 });
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(2 * 86_400_000);
    expect(third).toMatchObject({ open: 96, high: 96, low: 94 });
  });

  it('walk at random, the same for the same seed, sane, with gaps and halts', () => {
    const options = { count: 2_000, haltChance: 0.01, longestHalt: 5, decimals: 3 };
    const bars = randomBars(options);
    expect(bars).toEqual(randomBars(options));
    expect(bars).not.toEqual(randomBars({ ...options, seed: 'other' }));
    let [gaps, halts] = [0, 0];
    bars.forEach(({ at, open, high, low, close: last, volume }, index) => {
      const before = bars[index - 1];
      expect(low).toBeGreaterThan(0);
      expect(low).toBeLessThanOrEqual(Math.min(open, last));
      expect(high).toBeGreaterThanOrEqual(Math.max(open, last));
      expect(volume).toBeGreaterThan(0);
      expect(String(open).split('.')[1]?.length ?? 0).toBeLessThanOrEqual(3);
      if (before !== undefined && open !== before.close) gaps += 1;
      if (before !== undefined && at - before.at > 86_400_000) halts += 1;
    });
    expect(gaps).toBeGreaterThan(10);
    expect(halts).toBeGreaterThan(5);
  });
});

describe('fakes', () => {
  it('let hooks be called by hand', () => {
    const ctx = fakeStrategyContext({ symbols: ['ACME'], now: 5, seed: 'a' });
    expect([ctx.symbols, ctx.interval, ctx.now()]).toEqual([['ACME'], 'DAY_1', 5]);
    ctx.setNow(7);
    expect(ctx.now()).toBe(7);
    expect(ctx.random()).toBe(fakeStrategyContext({ seed: 'a' }).random());
    const bars = barsOf([100, 101, 102, 103], { symbol: 'ACME' });
    const view = fakeStrategyView({
      bars,
      portfolio: { positions: [{ symbol: 'ACME', quantity: '2', averagePrice: 99 }], cash: 10 },
      instruments: [fakeInstrument('ACME', { lotSize: '1' })],
    });
    const hooks = bracketed.create({ quantity: '1' }, ctx);
    const effects = bars.flatMap((bar) => [...(hooks.onBar?.(bar, view) ?? [])]);
    expect(effects.map(({ type }) => type)).toEqual(['place', 'metric']);
    expect(view.portfolio.position('ACME')).toBe(2);
    expect(view.market.bar('ACME', 'DAY_1')?.close).toBe(103);
    expect(view.market.instrument('ACME')).toMatchObject({ lotSize: '1', tickSize: '0.01' });
  });
});
