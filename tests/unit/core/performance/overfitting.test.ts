import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { backtestOverfitting } from '../../../../core/performance/backtest-overfitting.ts';
import { momentsOf } from '../../../../core/performance/moments.ts';
import {
  deflatedSharpe,
  expectedMaximumSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  type SharpeEstimate,
  sharpeEstimateOf,
} from '../../../../core/performance/sharpe-inference.ts';

/** Bailey and López de Prado (2014): 1,250 days, 2.5 a year of 250 days, skewness -3 and kurtosis 10. */
const PAPER: SharpeEstimate = { sharpe: 2.5 / Math.sqrt(250), count: 1250, skewness: -3, kurtosis: 10 - 3 };
const VARIANCE = 1 / 2 / 250;

describe('the deflated Sharpe ratio', () => {
  it('has the figures of the paper that defines it', () => {
    expect(expectedMaximumSharpe(100, VARIANCE)).toBeCloseTo(0.1132, 4);
    expect(deflatedSharpe(PAPER, 100, VARIANCE)).toBeCloseTo(0.9004, 4);
    expect(deflatedSharpe(PAPER, 46, VARIANCE)).toBeCloseTo(0.9505, 3);
    expect(deflatedSharpe({ ...PAPER, skewness: 0, kurtosis: 0 }, 88, VARIANCE)).toBeCloseTo(0.9505, 3);
  });

  it('falls with trials and their variance, and is the probabilistic one for a single trial', () => {
    expect(deflatedSharpe(PAPER, 1, VARIANCE)).toBe(probabilisticSharpe(PAPER));
    const trials = fc.integer({ min: 2, max: 10 ** 9 });
    fc.assert(
      fc.property(trials, trials, (a, b) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)];
        expect(expectedMaximumSharpe(few, VARIANCE)).toBeLessThanOrEqual(
          expectedMaximumSharpe(many, VARIANCE),
        );
        expect(expectedMaximumSharpe(a, 4 * VARIANCE)).toBeCloseTo(
          2 * expectedMaximumSharpe(a, VARIANCE),
          12,
        );
      }),
    );
  });

  it('refuses trials and variances that cannot be', () => {
    const refused = expect.objectContaining({ code: 'INVALID_PARAMETER' });
    expect(() => expectedMaximumSharpe(0, 1)).toThrow(refused);
    expect(() => expectedMaximumSharpe(NaN, 1)).toThrow(refused);
    expect(() => expectedMaximumSharpe(2, -1)).toThrow(refused);
    expect(() => minimumTrackRecord(PAPER, 0, 0.3)).toThrow(refused);
  });
});

describe('the probabilistic Sharpe ratio', () => {
  it('is a half against itself, and reaches its confidence with the shortest track record', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        fc.double({ min: 0.55, max: 0.999, noNaN: true }),
        (sharpe, confidence) => {
          const estimate = { ...PAPER, sharpe };
          expect(probabilisticSharpe(estimate, sharpe)).toBe(0.5);
          const count = minimumTrackRecord(estimate, 0, confidence)!;
          expect(probabilisticSharpe({ ...estimate, count })).toBeCloseTo(confidence, 12);
        },
      ),
    );
  });

  it('is null where there is no Sharpe ratio, or no variance of one', () => {
    expect(probabilisticSharpe(sharpeEstimateOf(momentsOf([0.1, 0.1, 0.1, 0.1, 0.1]), 0))).toBeNull();
    expect(probabilisticSharpe(sharpeEstimateOf(momentsOf([0.1, 0.2, 0.1]), 0))).toBeNull();
    expect(probabilisticSharpe({ sharpe: 1, count: 10, skewness: 3, kurtosis: -2 })).toBeNull();
    expect(minimumTrackRecord({ ...PAPER, sharpe: -1 })).toBeNull();
  });
});

/** By the definition, without a thought for cost. */
const naive = (strategies: readonly number[][], blocks: number): number[] => {
  const days = strategies[0]!.length;
  const blockOf = (day: number): number => {
    let block = 0;
    while (Math.floor(((block + 1) * days) / blocks) <= day) block += 1;
    return block;
  };
  const sharpeOf = (returns: readonly number[]): number => {
    const { mean, deviation } = momentsOf(returns);
    return deviation === 0 ? 0 : mean! / deviation!;
  };
  const logits: number[] = [];
  for (let mask = 0; mask < 2 ** blocks; mask += 1) {
    const chosen = Array.from({ length: blocks }, (_, block) => (mask >> block) & 1);
    if (chosen.filter(Boolean).length !== blocks / 2) continue;
    const half = (within: number) =>
      strategies.map((returns) => sharpeOf(returns.filter((_, day) => chosen[blockOf(day)] === within)));
    const [inside, outside] = [half(1), half(0)];
    const best = inside.indexOf(Math.max(...inside));
    const below = outside.filter((sharpe) => sharpe < outside[best]!).length;
    const rank = (below + 1) / (strategies.length + 1);
    logits.push(Math.log(rank / (1 - rank)));
  }
  return logits.sort((a, b) => a - b);
};

/** Seeded noise around a mean, always the same. */
const noise = (seed: number, length: number, mean = 0): number[] => {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length }, () => mean + (next() + next() + next() - 1.5) / 100);
};

describe('the probability of backtest overfitting', () => {
  it('is what the definition gives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 17, max: 40 }),
        fc.integer({ min: 2, max: 6 }),
        (seed, days, count) => {
          const strategies = Array.from({ length: count }, (_, index) => noise(seed + 977 * index, days));
          const { logits, probability } = backtestOverfitting(strategies, 6);
          const expected = naive(strategies, 6);
          expect(
            Array.from(logits)
              .sort((a, b) => a - b)
              .map((value) => value.toFixed(9)),
          ).toEqual(expected.map((value) => value.toFixed(9)));
          expect(probability).toBe(expected.filter((logit) => logit <= 0).length / expected.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is 0 for a strategy that is truly better, and 1 where each is good in one half only', () => {
    const better = [noise(1, 400, 0.02), ...[2, 3, 4, 5].map((seed) => noise(seed, 400))];
    expect(backtestOverfitting(better)).toMatchObject({ probability: 0, probabilityOfLoss: 0 });
    const early = [...noise(1, 100, 0.02), ...noise(2, 100, -0.02)];
    const late = [...noise(3, 100, -0.02), ...noise(4, 100, 0.02)];
    const { probability, probabilityOfLoss, degradation } = backtestOverfitting(
      [early, late, noise(5, 200)],
      2,
    );
    expect([probability, probabilityOfLoss]).toEqual([1, 1]);
    expect(degradation).not.toBeNull();
  });

  it('is about a half for noise', () => {
    const strategies = Array.from({ length: 40 }, (_, index) => noise(7 + 7919 * index, 500));
    const { probability, logits } = backtestOverfitting(strategies, 12);
    expect(logits).toHaveLength(924);
    expect(probability).toBeGreaterThan(0.2);
    expect(probability).toBeLessThan(0.8);
  });

  it('counts a strategy that never moves as zero', () => {
    const still = Array<number>(40).fill(0);
    expect(backtestOverfitting([still, noise(3, 40, -0.03)], 4)).toMatchObject({
      probabilityOfLoss: 0,
      degradation: null,
    });
  });

  it('refuses what cannot be split', () => {
    const two = [noise(1, 40), noise(2, 40)];
    expect(() => backtestOverfitting([noise(1, 40)], 4)).toThrow(
      expect.objectContaining({ code: 'UNEQUAL_LENGTH' }),
    );
    expect(() => backtestOverfitting([noise(1, 40), noise(2, 39)], 4)).toThrow(
      expect.objectContaining({ code: 'UNEQUAL_LENGTH' }),
    );
    for (const blocks of [3, 0, 22, 40, NaN]) {
      expect(() => backtestOverfitting(two, blocks)).toThrow(
        expect.objectContaining({ code: 'INVALID_PARAMETER' }),
      );
    }
    expect(() => backtestOverfitting([two[0]!, two[1]!.with(3, NaN)], 4)).toThrow(
      expect.objectContaining({ code: 'INVALID_NUMBER' }),
    );
  });
});
