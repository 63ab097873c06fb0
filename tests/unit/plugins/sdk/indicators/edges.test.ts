import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import * as indicators from '../../../../../plugins/sdk/src/indicators.ts';
import { CASES } from './cases.ts';
import { outputsOf, type TestBar } from './series.ts';

const bar = (close: number, high = close, low = close, volume = 1): TestBar => ({
  open: close,
  high,
  low,
  close,
  volume,
});

describe('a market that does not move', () => {
  const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  const settings = fc.tuple(price, fc.integer({ min: 2, max: 60 }), price);

  it.each([
    ['sma', indicators.sma],
    ['ema', indicators.ema],
    ['rma', indicators.rma],
    ['dema', indicators.dema],
    ['tema', indicators.tema],
    ['wma', indicators.wma],
    ['hma', indicators.hma],
    ['median', indicators.median],
  ] as const)('%s is the price exactly, whatever came before', (name, make) => {
    fc.assert(
      fc.property(settings, ([constant, n, before]) => {
        const average = make(n);
        const forgets = ['sma', 'wma', 'hma', 'median'].includes(name);
        if (forgets) for (let count = 0; count < 7; count += 1) average.update(before);
        for (let count = 0; count < 4 * n; count += 1) average.update(constant);
        expect(average.value).toBe(constant);
      }),
    );
  });

  it('has no variance at all, also straight after a storm', () => {
    fc.assert(
      fc.property(settings, fc.array(price, { maxLength: 80 }), ([constant, n], storm) => {
        const deviation = indicators.standardDeviation(n);
        const score = indicators.zScore(n);
        const bands = indicators.bollingerBands({ period: n });
        const regression = indicators.linearRegression(n);
        for (const x of [...storm, ...Array.from({ length: n }, () => constant)]) {
          deviation.update(x);
          score.update(x);
          bands.update(x);
          regression.update(x);
        }
        expect(deviation.value).toBe(0);
        expect(score.value).toBe(0);
        expect(bands.value).toEqual({
          upper: constant,
          middle: constant,
          lower: constant,
          percentB: 0.5,
          bandwidth: 0,
        });
        expect(regression.value).toEqual({ slope: 0, intercept: constant, fitted: constant, r2: null });
      }),
    );
  });

  it('is neutral, or nothing, but never NaN', () => {
    const still = Array.from({ length: 60 }, () => bar(100));
    const closes = still.map(({ close }) => close);
    expect(outputsOf(indicators.rsi(), closes).at(-1)).toBe(50);
    expect(outputsOf(indicators.stochastic(), still).at(-1)).toEqual({ fastK: 50, k: 50, d: 50 });
    expect(outputsOf(indicators.williamsR(), still).at(-1)).toBe(-50);
    expect(outputsOf(indicators.cci(), still).at(-1)).toBe(0);
    expect(outputsOf(indicators.mfi(), still).at(-1)).toBe(50);
    expect(outputsOf(indicators.adx(), still).at(-1)).toEqual({ adx: 0, plusDi: 0, minusDi: 0 });
    expect(outputsOf(indicators.macd(), closes).at(-1)).toEqual({ line: 0, signal: 0, histogram: 0 });
    const pairs = still.map(({ close }, index) => ({ x: close, y: index + 1 }));
    expect(outputsOf(indicators.correlation(10), pairs).at(-1)).toBeNull();
    expect(outputsOf(indicators.hedgeRatio(10), pairs).at(-1)).toBeNull();
    expect(outputsOf(indicators.rollingBeta(10), pairs).at(-1)).toBeNull();
  });

  it('a market that grows by the same share has no beta to it, only rounding', () => {
    const pairs = Array.from({ length: 40 }, (_, day) => ({ x: 100 * 1.01 ** day, y: 50 + (day % 3) }));
    expect(outputsOf(indicators.rollingBeta(10), pairs).at(-1)).toBeNull();
  });
});

describe('what the inputs leave undefined is null', () => {
  it('rate of change from zero, bandwidth around zero, a price without volume', () => {
    expect(outputsOf(indicators.rateOfChange(1), [0, 5, 10])).toEqual([null, null, 100]);
    expect(outputsOf(indicators.bollingerBands({ period: 2 }), [-1, 1]).at(-1)).toMatchObject({
      middle: 0,
      bandwidth: null,
    });
    const idle = { price: 10, size: 0 };
    expect(outputsOf(indicators.vwap(), [idle, { price: 12, size: 3 }, idle])).toEqual([null, 12, 12]);
    expect(outputsOf(indicators.rollingVwap(2), [{ price: 12, size: 3 }, idle, idle])).toEqual([
      null,
      12,
      null,
    ]);
  });

  it('nothing is NaN or infinite at the ends of what may be given', () => {
    const extremes = [1e60, 1e-60, 5e-324, 1e60, 1e30, 1e-300, 1, 1e60, 1e-60];
    const bars = Array.from({ length: 90 }, (_, index) => {
      const high = extremes[index % extremes.length]!;
      return {
        open: extremes[(index * 5) % 9]!,
        high,
        low: high / 2,
        close: high,
        volume: extremes[(index * 7) % 9]!,
      };
    });
    for (const { make } of CASES) {
      for (const output of outputsOf(make(4), bars)) {
        const numbers = typeof output === 'object' && output !== null ? Object.values(output) : [output];
        for (const value of numbers) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
      }
    }
  });
});

describe('crossover', () => {
  const crossings = (values: readonly number[], level = 0): unknown[] =>
    outputsOf(
      indicators.crossover(),
      values.map((value) => ({ value, level })),
    );

  it('says each crossing once', () => {
    expect(crossings([-1, 1, 2, -1, -2, 3])).toEqual([null, 'above', 'none', 'below', 'none', 'above']);
  });

  it('is not taken in by a touch, and sees a crossing that rested on the level', () => {
    expect(crossings([1, 0, 2])).toEqual([null, 'none', 'none']);
    expect(crossings([-1, 0, 0, 2])).toEqual([null, 'none', 'none', 'above']);
    expect(crossings([0, 1, -1])).toEqual([null, 'none', 'below']);
  });
});

describe('by hand', () => {
  it('the session’s price begins anew on reset', () => {
    const session = indicators.vwap();
    session.update(bar(10, 12, 8, 4));
    expect(session.update({ price: 20, size: 4 })).toBe(15);
    session.reset();
    expect(session.update({ price: 7, size: 1 })).toBe(7);
  });

  it('a breakout is seen against the Donchian channel from before the bar', () => {
    const channel = indicators.donchianChannel(3);
    outputsOf(channel, [bar(10, 11, 9), bar(10, 12, 9), bar(10, 11, 8)]);
    const before = channel.value;
    expect(before).toEqual({ upper: 12, middle: 10, lower: 8 });
    expect(channel.update(bar(13))).toEqual({ upper: 13, middle: 10.5, lower: 8 });
    expect(before).toEqual({ upper: 12, middle: 10, lower: 8 });
  });

  it('a spread of y = 3 + 2x is hedged by 2', () => {
    const pairs = [1, 4, 2, 8, 5].map((x) => ({ x, y: 3 + 2 * x }));
    const hedged = outputsOf(indicators.hedgeRatio(4), pairs).at(-1)!;
    expect(hedged.alpha).toBeCloseTo(3, 12);
    expect(hedged.beta).toBeCloseTo(2, 12);
    expect(hedged.residual).toBeCloseTo(0, 12);
    expect(outputsOf(indicators.correlation(4), pairs).at(-1)).toBeCloseTo(1, 12);
  });

  it('on-balance volume keeps the small beside the huge', () => {
    const balance = indicators.obv();
    balance.update({ close: 1, volume: 0 });
    balance.update({ close: 2, volume: 1e17 });
    for (let day = 0; day < 1000; day += 1) balance.update({ close: 3 + day, volume: 1 });
    expect(balance.update({ close: 1, volume: 1e17 })).toBe(1000);
  });

  it('a typical price that differs in its last bit only has not moved', () => {
    const [one, same] = [bar(100.01), bar(100.01, 100.02, 100)];
    expect(indicators.typicalPrice(one)).not.toBe(indicators.typicalPrice(same));
    const bars = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : same));
    expect(outputsOf(indicators.mfi(4), bars).at(-1)).toBe(50);
    expect(outputsOf(indicators.cci(4), bars).at(-1)).toBe(0);
  });

  it('the median of zeros is zero, whatever their signs', () => {
    expect(outputsOf(indicators.median(3), [-0, -0, -0]).at(-1)).toBe(0);
  });

  it('negative zero survives a snapshot', () => {
    const lowest = indicators.rollingMin(2);
    outputsOf(lowest, [1, -0]);
    const resumed = indicators.rollingMin(2);
    resumed.restore(JSON.parse(JSON.stringify(lowest.snapshot())) as never);
    expect(resumed.value).toBe(-0);
  });
});
