import { describe, expect, it } from '@jest/globals';
import { equalWeight } from '@omniquant/optimizer-equal-weight';
import { inverseVolatility } from '@omniquant/optimizer-inverse-volatility';
import { defineOptimizer, OptimizerError, type StrategyEffect, T } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';
import type { Optimizers } from '@omniquant/plugin-sdk/strategy-instance';
import { lentOptimizer } from '@omniquant/plugin-sdk/testing';
import { rebalance } from '@omniquant/strategy-rebalance';

import { barOf } from './bars.ts';
import { Desk, type DeskOptions, fillAtOnce } from './desk.ts';

const SYMBOLS = ['A', 'B'];
const CONFIG = { method: 'fixed', weights: { A: 0.6, B: 0.3 }, cashBuffer: 0, everyBars: 3 };

const deskOf = (config: object = {}, more: Partial<DeskOptions> = {}): Desk =>
  new Desk({
    definition: rebalance,
    config: { ...CONFIG, ...config },
    ...{ symbols: SYMBOLS, cash: 10_000, onPlaced: fillAtOnce },
    ...more,
  });

/** What the strategy computes its weights with. */
const weighedBy = async (definition: unknown, config: object = {}): Promise<{ optimizers: Optimizers }> => ({
  optimizers: new Map([['weights', await lentOptimizer(definition as never, config)]]),
});

const BY_OPTIMIZER = { method: 'optimizer', weights: {} };

/** A bar of each symbol at the same time. */
function round(desk: Desk, closes: readonly number[]): readonly StrategyEffect[] {
  const at = desk.now;
  return desk.symbols.flatMap((symbol, index) => [...desk.bar(barOf(symbol, at, closes[index] ?? 0))]);
}

/** Fills what is placed in the first minutes. */
const fillEarly = (ref: string, desk: Desk): void => {
  if (desk.now < 200_000) desk.fill(ref);
};

const held = (desk: Desk): readonly string[] =>
  desk.symbols.map((symbol) => formatDecimal(desk.position(symbol)));

describe('rebalance', () => {
  it('buys the weights at the first bars, in whole lots', () => {
    const desk = deskOf();
    desk.start();
    round(desk, [70, 40]);
    // 6,000 / 70 and 3,000 / 40.
    expect(desk.placed).toEqual(['BUY 85 A', 'BUY 75 B']);
  });

  it('waits for bars of all symbols at the same time', () => {
    const desk = deskOf();
    desk.start();
    desk.bar(barOf('A', 0, 70));
    desk.bar(barOf('A', 60_000, 70));
    expect(desk.placed).toEqual([]);
    desk.bar(barOf('B', 60_000, 40));
    expect(desk.placed).toHaveLength(2);
  });

  it('rebalances every n bars, and sells before it buys', () => {
    const desk = deskOf({}, { onPlaced: fillEarly });
    desk.start();
    round(desk, [100, 100]);
    expect(held(desk)).toEqual(['60', '30']);
    round(desk, [200, 100]);
    round(desk, [200, 100]);
    expect(desk.placed).toHaveLength(2);
    round(desk, [200, 100]);
    // 16,000 in all: 48 of A, 48 of B. The buy waits for the sell.
    expect(desk.placed.slice(2)).toEqual(['SELL 12 A']);
    desk.fill('A-2', '5');
    expect(desk.placed).toHaveLength(3);
    desk.fill('A-2');
    expect(desk.placed.slice(3)).toEqual(['BUY 18 B']);
  });

  it('buys by the cash that the sells have brought', () => {
    const desk = deskOf({ weights: { A: 0.5, B: 0.5 } }, { onPlaced: fillEarly });
    desk.start();
    round(desk, [100, 100]);
    for (let bar = 0; bar < 3; bar += 1) round(desk, [200, 100]);
    expect(desk.placed.slice(2)).toEqual(['SELL 13 A']);
    // A crash while it is sold: 13 x 120 instead of 13 x 200 is enough for 15, not for 25.
    desk.fill('A-2', '13', 120);
    expect(desk.placed.slice(3)).toEqual(['BUY 15 B']);
  });

  it.each(['DENIED', 'REJECTED', 'CANCELED'] as const)(
    'buys what the cash allows when a sell was %s',
    (status) => {
      const desk = deskOf({ weights: { A: 0.4, B: 0.4 } }, { onPlaced: fillEarly });
      desk.start();
      round(desk, [100, 100]);
      for (let bar = 0; bar < 3; bar += 1) round(desk, [300, 100]);
      expect(desk.placed.slice(2)).toEqual(['SELL 16 A']);
      desk.status('A-2', status);
      // 7,200 for B are 32 more; the cash of 2,000 is enough for 20.
      expect(desk.placed.slice(3)).toEqual(['BUY 20 B']);
      round(desk, [300, 100]);
      expect(desk.placed).toHaveLength(4);
    },
  );

  it('rebalances at once when a weight is off by more than the band', () => {
    const desk = deskOf({ everyBars: 1_000, driftBand: 0.05 });
    desk.start();
    round(desk, [100, 100]);
    round(desk, [110, 100]);
    expect(desk.placed).toHaveLength(2);
    // 60 x 150 / 13,000 is 69 %.
    round(desk, [150, 100]);
    expect(desk.placed.slice(2)).toEqual(['SELL 8 A', 'BUY 9 B']);
    // Lots leave it a little off: that is no reason.
    round(desk, [150, 100]);
    expect(desk.placed).toHaveLength(4);
  });

  it('leaves small trades out, but sells the rest of what has no weight', () => {
    const desk = deskOf({ minTrade: 1_000 });
    desk.start();
    round(desk, [100, 100]);
    for (let bar = 0; bar < 3; bar += 1) round(desk, [110, 100]);
    expect(desk.placed).toHaveLength(2);
  });

  it('keeps the cash buffer', () => {
    const desk = deskOf({ cashBuffer: 0.1, weights: { A: 0.5, B: 0.5 } });
    desk.start();
    round(desk, [100, 100]);
    expect(held(desk)).toEqual(['45', '45']);
    expect(desk.cash).toBe(1_000);
  });

  it('weighs by an optimizer', async () => {
    const equal = await weighedBy(equalWeight);
    const desk = deskOf(BY_OPTIMIZER, equal);
    expect(desk.warmup).toBe(0);
    desk.start();
    round(desk, [100, 50]);
    expect(held(desk)).toEqual(['50', '100']);
    const bounded = deskOf({ ...BY_OPTIMIZER, maxWeight: 0.3 }, equal);
    bounded.start();
    round(bounded, [100, 50]);
    expect(held(bounded)).toEqual(['30', '60']);
  });

  const risk = { optimizer: 'inverse-volatility', optimizerConfig: { period: 2 } };

  it('is warmed up with as many closes as its optimizer needs, and hands it those', async () => {
    const desk = deskOf({ ...BY_OPTIMIZER, ...risk }, await weighedBy(inverseVolatility, { period: 2 }));
    expect(desk.warmup).toBe(2);
    const [first, second] = [
      [100, 100],
      [110, 105],
    ] as const;
    desk.start(
      [first, second].flatMap((closes, index) =>
        SYMBOLS.map((symbol, leg) => barOf(symbol, index * 60_000, closes[leg]!)),
      ),
    );
    // Returns of 10 % and 0 %, 5 % and 0 %: half the deviation, twice the weight.
    round(desk, [110, 105]);
    expect(held(desk)).toEqual([String(Math.floor(10_000 / 3 / 110)), String(Math.floor(20_000 / 3 / 105))]);
  });

  it('trades nothing while the optimizer has no weights', async () => {
    const desk = deskOf({ ...BY_OPTIMIZER, ...risk }, await weighedBy(inverseVolatility, { period: 2 }));
    desk.start();
    for (const close of [100, 110, 100, 120]) round(desk, [close, 100]);
    expect(desk.placed).toEqual([]);
  });

  const failing = (error: Error) =>
    defineOptimizer({
      ...{ id: 'failing', description: 'Fails', config: T.Object({}) },
      create: () => ({
        bars: 0,
        weights() {
          throw error;
        },
      }),
    });

  it('says so and goes on when the computation breaks down on the closes', async () => {
    const broken = failing(new OptimizerError('DEGENERATE', 'no convergence'));
    const desk = deskOf(BY_OPTIMIZER, await weighedBy(broken));
    desk.start();
    round(desk, [100, 50]);
    expect(desk.placed).toEqual([]);
    expect(desk.logs('WARN')).toEqual(['there are no weights: nothing is traded']);
  });

  it('fails as a strategy when its optimizer fails, with a code that says so', async () => {
    const desk = deskOf(BY_OPTIMIZER, await weighedBy(failing(new Error('a bug'))));
    desk.start();
    expect(() => round(desk, [100, 50])).toThrow(
      expect.objectContaining({
        code: 'STRATEGY_OPTIMIZER_FAILED',
        message: 'on bar: THREW: optimizer failing: a bug',
      }),
    );
  });

  it('does not ask its optimizer when no answer could matter', async () => {
    let asked = 0;
    const counting = defineOptimizer({
      ...{ id: 'counting', description: 'Counts', config: T.Object({}) },
      create: () => ({
        bars: 0,
        weights({ assets }) {
          asked += 1;
          return Object.fromEntries(assets.map(({ symbol }) => [symbol, 0.5]));
        },
      }),
    });
    const desk = deskOf({ ...BY_OPTIMIZER, everyBars: 10 }, await weighedBy(counting));
    desk.start();
    for (let bar = 0; bar < 9; bar += 1) round(desk, [100, 50]);
    expect(asked).toBe(1);
  });

  it('trades nothing of an unknown symbol', () => {
    const desk = deskOf({}, { symbols: ['A', 'B'], instrument: { symbol: 'A' } });
    desk.start();
    round(desk, [100, 100]);
    expect([desk.placed, desk.logs('ERROR')]).toEqual([[], ['trades nothing: a symbol is unknown']]);
  });

  it.each([
    [{ weights: { A: 0.7, B: 0.31 } }, 'weights'],
    [{ weights: { A: 0.7, C: 0.1 } }, 'weights'],
    [{ weights: {} }, 'weights'],
    [{ weights: { A: -0.1 } }, 'weights'],
    [{ method: 'magic' }, 'method'],
    [{ method: 'optimizer', minWeight: 0.6 }, 'minWeight'],
    [{ method: 'optimizer', minWeight: 0.3, maxWeight: 0.2 }, 'minWeight'],
  ])('refuses %j, naming the field', (config, field) => {
    expect(() => deskOf(config)).toThrow(field);
  });

  it('takes weights whose sum is 1 but for rounding', () => {
    expect(() => deskOf({ weights: { A: 0.1 + 0.2, B: 0.7 } })).not.toThrow();
  });
});
