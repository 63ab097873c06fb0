import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { dailyWinsOf } from '../../../../core/performance/daily-wins.ts';
import { histogramOf } from '../../../../core/performance/histogram.ts';
import { momentsOf } from '../../../../core/performance/moments.ts';
import { relativePerformanceOf } from '../../../../core/performance/relative.ts';
import {
  gainToPain,
  omega,
  sharpe,
  sortino,
  volatility,
} from '../../../../core/performance/risk-adjusted.ts';
import { compoundOf, sumOf } from '../../../../core/performance/sums.ts';
import { percentile, tailRiskOf } from '../../../../core/performance/tail-risk.ts';
import { expectNear, naiveDeviation } from './figures.ts';

const TERMS = { periodsPerYear: 252, riskFree: 0 };
const anyReturns = fc.array(
  fc.integer({ min: -900, max: 1500 }).map((points) => points / 10_000),
  { minLength: 5, maxLength: 120 },
);
const shuffled = anyReturns.chain((returns) =>
  fc.tuple(fc.constant(returns), fc.shuffledSubarray(returns, { minLength: returns.length })),
);
const varies = (values: readonly number[]): boolean => new Set(values).size > 1;

describe('statistics of returns', () => {
  it('keep ratios and scale the rest with leverage', () => {
    fc.assert(
      fc.property(anyReturns, fc.integer({ min: 1, max: 50 }), (returns, tenths) => {
        const scale = tenths / 10;
        const scaled = returns.map((value) => value * scale);
        const [a, b] = [momentsOf(returns), momentsOf(scaled)];
        expectNear(sharpe(b, TERMS), sharpe(a, TERMS), 1e-8);
        expectNear(sortino(scaled, TERMS), sortino(returns, TERMS), 1e-8);
        expectNear(omega(scaled), omega(returns), 1e-9);
        expectNear(b.skewness, a.skewness, 1e-8);
        expectNear(b.kurtosis, a.kurtosis, 1e-8);
        expectNear(volatility(b, 252), volatility(a, 252)! * scale, 1e-9);
        expectNear(tailRiskOf(scaled).valueAtRisk95, tailRiskOf(returns).valueAtRisk95! * scale, 1e-9);
      }),
    );
  });

  it('do not depend on the order of days', () => {
    fc.assert(
      fc.property(shuffled, ([returns, mixed]) => {
        const [a, b] = [momentsOf(returns), momentsOf(mixed)];
        expectNear(b.mean, a.mean, 1e-12);
        expectNear(b.deviation, a.deviation, 1e-12);
        expectNear(b.kurtosis, a.kurtosis, 1e-9);
        expect(tailRiskOf(mixed)).toEqual(tailRiskOf(returns));
        expectNear(gainToPain(mixed), gainToPain(returns), 1e-10);
        const { maxConsecutiveWins: _w, maxConsecutiveLosses: _l, ...wins } = dailyWinsOf(returns);
        const { wins: won, losses, flats, winRate } = dailyWinsOf(mixed);
        expect(wins).toMatchObject({ wins: won, losses, flats, winRate });
        expectNear(compoundOf(mixed), compoundOf(returns), 1e-9);
      }),
    );
  });

  it('order as they must', () => {
    fc.assert(
      fc.property(anyReturns, (returns) => {
        const tails = tailRiskOf(returns);
        expect(tails.worstDay).toBeLessThanOrEqual(tails.conditionalValueAtRisk95! + 1e-15);
        expect(tails.conditionalValueAtRisk95).toBeLessThanOrEqual(tails.valueAtRisk95! + 1e-15);
        expect(tails.valueAtRisk95).toBeLessThanOrEqual(tails.bestDay!);
        expectNear(omega(returns), dailyWinsOf(returns).profitFactorOfReturns, 1e-10);
        const [ratio, pain] = [omega(returns), gainToPain(returns)];
        if (ratio !== null) expect(pain! - (ratio - 1)).toBeCloseTo(0, 8);
      }),
    );
  });

  it('are a constant growth’s: no ratio that divides by what does not vary', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99, max: 99 }), fc.integer({ min: 2, max: 500 }), (percent, days) => {
        let equity = 1000;
        // Through prices, so that each return has its own rounding.
        const returns = Array.from({ length: days }, () => {
          const before = equity;
          equity *= 1 + percent / 10_000;
          return equity / before - 1;
        });
        const moments = momentsOf(returns);
        expect([moments.deviation, moments.skewness, moments.kurtosis]).toEqual([0, null, null]);
        expect(sharpe(moments, TERMS)).toBeNull();
        expect(sortino(returns, TERMS)).toBeNull();
        expect(relativePerformanceOf(returns, returns, TERMS).beta).toBeNull();
      }),
    );
  });
});

describe('statistics against a benchmark', () => {
  it('of the benchmark itself: beta 1, alpha 0, no tracking error and no information ratio', () => {
    fc.assert(
      fc.property(anyReturns.filter(varies), fc.constantFrom(0, 0.03), (returns, riskFree) => {
        const self = relativePerformanceOf(returns, returns, { ...TERMS, riskFree });
        expect(self).toMatchObject({ beta: 1, trackingError: 0, informationRatio: null, battingAverage: 0 });
        expect(Math.abs(self.alpha!)).toBeLessThan(1e-12);
        expectNear(self.correlation, 1, 1e-12);
        for (const captured of [self.upCapture, self.downCapture]) {
          if (captured !== null) expect(captured).toBe(1);
        }
      }),
    );
  });

  it('take the yearly rate off the growth in Treynor’s ratio', () => {
    const [returns, benchmark] = [
      [0.02, -0.01, 0.03],
      [0.01, -0.01, 0.02],
    ];
    const { treynor, beta } = relativePerformanceOf(returns, benchmark, { ...TERMS, riskFree: 0.04 });
    const growth = (1.02 * 0.99 * 1.03) ** (252 / 3) - 1;
    expectNear(treynor, (growth - 0.04) / beta!, 1e-12);
  });

  it('of a leveraged benchmark: beta is the leverage, and alpha what was added', () => {
    fc.assert(
      fc.property(
        anyReturns.filter(varies),
        fc.integer({ min: -30, max: 30 }).filter((tenths) => tenths !== 0),
        (benchmark, tenths) => {
          const leverage = tenths / 10;
          const relative = relativePerformanceOf(
            benchmark.map((value) => leverage * value + 0.0001),
            benchmark,
            TERMS,
          );
          expectNear(relative.beta, leverage, 1e-7);
          expect(relative.alpha).toBeCloseTo(1.0001 ** 252 - 1, 6);
          expectNear(relative.correlation, Math.sign(leverage), 1e-7);
        },
      ),
    );
  });
});

describe('sums and moments', () => {
  it('keep what plain sums lose', () => {
    expect(sumOf([1e16, 1, -1e16])).toBe(1);
    expect(sumOf(Float64Array.from({ length: 1_000_000 }, () => 0.1))).toBeCloseTo(100_000, 9);
    // The sum of squares less the square of the sum has no digit left here.
    const far = Float64Array.from({ length: 1000 }, (_, index) => 1e9 + (index % 2));
    expectNear(momentsOf(far).deviation, Math.sqrt(0.25 * (1000 / 999)), 1e-12);
    expectNear(momentsOf(far).kurtosis, (999 / (998 * 997)) * (1001 - 3 * 999), 1e-9);
  });

  it('agree with plain two-pass arithmetic', () => {
    fc.assert(
      fc.property(anyReturns.filter(varies), (returns) =>
        expectNear(momentsOf(returns).deviation, naiveDeviation(returns), 1e-9),
      ),
    );
  });

  it('interpolate percentiles between neighbours, and count every value in one bar', () => {
    expect(percentile([1, 2, 4], 0.25)).toBe(1.5);
    expect(percentile([1, 2, 4], 1)).toBe(4);
    expect(percentile([], 0.5)).toBeNull();
    expect(histogramOf([])).toEqual([]);
    expect(histogramOf([0.5, 0.5])).toEqual([{ from: 0.5, to: 0.5, count: 2 }]);
    fc.assert(
      fc.property(anyReturns, (returns) => {
        const bins = histogramOf(returns);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(returns.length);
        expect([bins[0]!.from, bins.at(-1)!.to]).toEqual([Math.min(...returns), Math.max(...returns)]);
        expect(bins.length).toBeLessThanOrEqual(200);
      }),
    );
  });
});
