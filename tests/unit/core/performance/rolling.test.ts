import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { covarianceOf, momentsOf } from '../../../../core/performance/moments.ts';
import { rollingBeta, rollingSharpe, rollingVolatility } from '../../../../core/performance/rolling.ts';
import { expectNear, naiveDeviation } from './figures.ts';

const TERMS = { periodsPerYear: 252, riskFree: 0.03 };
const anyReturn = fc.integer({ min: -500, max: 500 }).map((points) => points / 10_000);
const pairs = fc.array(fc.tuple(anyReturn, anyReturn), { maxLength: 80 });

describe('rolling figures', () => {
  it('are those of each window by itself', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 2, max: 20 }), (list, window) => {
        const [a, b] = [list.map(([value]) => value), list.map(([, value]) => value)];
        const volatility = rollingVolatility(a, window, 252);
        const sharpe = rollingSharpe(a, window, TERMS);
        const beta = rollingBeta(a, b, window);
        expect([volatility.length, sharpe.length, beta.length]).toEqual([a.length, a.length, a.length]);
        a.forEach((_, last) => {
          if (last < window - 1) {
            expect([volatility[last], sharpe[last], beta[last]]).toEqual([null, null, null]);
            return;
          }
          const [x, y] = [a, b].map((values) => values.slice(last - window + 1, last + 1)) as [
            number[],
            number[],
          ];
          const { mean, deviation } = momentsOf(x);
          expectNear(volatility[last]!, deviation! * Math.sqrt(252), 1e-8);
          const excess = mean! - (1.03 ** (1 / 252) - 1);
          expectNear(sharpe[last]!, deviation === 0 ? null : (excess / deviation!) * Math.sqrt(252), 1e-7);
          const variance = momentsOf(y).deviation! ** 2;
          expectNear(beta[last]!, variance === 0 ? null : covarianceOf(x, y)! / variance, 1e-7);
        });
      }),
    );
  });

  it('do not drift over a long series, however large what went before', () => {
    const values = Float64Array.from({ length: 200_000 }, (_, day) =>
      day < 100_000 ? 1_000 * Math.sin(day) : 0.01 * Math.sin(day),
    );
    const volatility = rollingVolatility(values, 126, 252);
    expectNear(volatility.at(-1)!, naiveDeviation(values.subarray(-126)) * Math.sqrt(252), 1e-10);
  });

  it('are null where nothing varies, and again figures where it does', () => {
    const returns = [0.001, 0.002, 0.002, 0.002, 0.003];
    expect(rollingSharpe(returns, 3, TERMS).map((value) => value === null)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    expect(rollingVolatility(returns, 3, 252)[3]).toBe(0);
    expect(rollingBeta([0.01, 0.02, 0.03, 0.01], returns.slice(1), 3).map((value) => value === null)).toEqual(
      [true, true, true, false],
    );
  });

  it('are null in every window of one value, whatever the sums had in them before', () => {
    const before = fc.array(anyReturn, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(before, anyReturn, fc.integer({ min: 2, max: 9 }), (lead, value, window) => {
        const settled = [...lead, ...Array<number>(20).fill(value + 0.000_013)];
        const sharpe = rollingSharpe(settled, window, TERMS).slice(lead.length + window - 1);
        expect(sharpe.every((figure) => figure === null)).toBe(true);
      }),
    );
  });

  it('refuse a window of one day, and series of unequal length', () => {
    for (const window of [1, 0, 2.5, NaN]) {
      expect(() => rollingVolatility([0.1], window, 252)).toThrow(
        expect.objectContaining({ code: 'INVALID_PARAMETER' }),
      );
    }
    expect(() => rollingBeta([0.1], [], 2)).toThrow(expect.objectContaining({ code: 'UNEQUAL_LENGTH' }));
  });
});
