import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { fractionOfEquity, historicalRisk } from '../../../../core/risk/var.ts';

const GOLDEN = new URL('../../../../../shared/design/facts/golden-statistics.json', import.meta.url);

interface Golden {
  readonly returns: readonly number[];
  readonly benchmark: readonly number[];
  readonly values: Readonly<Record<string, number>>;
}

// Not part of the repository: a fresh clone skips this one and says so.
(existsSync(GOLDEN) ? describe : describe.skip)('the golden vector (../shared)', () => {
  it('gives the figures that were computed beside it', () => {
    const { returns, benchmark, values } = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Golden;
    const risk = historicalRisk(returns, benchmark);
    expect(risk.valueAtRisk).toBeCloseTo(-(values['VaR95 historical linear (empyrical)'] ?? NaN), 12);
    expect(risk.conditionalValueAtRisk).toBeCloseTo(
      -(values['CVaR95 (empyrical: mean of lowest floor((n-1)*.05)+1)'] ?? NaN),
      12,
    );
    expect(risk.volatility).toBeCloseTo(values['vol_ann'] ?? NaN, 12);
    expect(risk.beta).toBeCloseTo(values['beta'] ?? NaN, 12);
  });
});

/** -20 %, -19 %, ..., +20 %: 41 returns, whose 5th percentile is the third lowest exactly. */
const LADDER = Array.from({ length: 41 }, (_, index) => (index - 20) / 100);

describe('historical risk', () => {
  it('takes the percentile itself and the mean of the tail', () => {
    const { valueAtRisk, conditionalValueAtRisk } = historicalRisk(LADDER.toReversed(), null);
    expect(valueAtRisk).toBeCloseTo(0.18, 12);
    expect(conditionalValueAtRisk).toBeCloseTo((0.2 + 0.19 + 0.18) / 3, 12);
  });

  it('interpolates between two returns', () => {
    // Position 19 x 0.05 = 0.95 between -10 % and -5 %.
    const returns = [-0.1, -0.05, ...Array.from({ length: 18 }, () => 0.01)];
    expect(historicalRisk(returns, null).valueAtRisk).toBeCloseTo(0.0525, 12);
    expect(historicalRisk(returns, null).conditionalValueAtRisk).toBeCloseTo(0.1, 12);
  });

  it('annualises with ddof 1', () => {
    const returns = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 0.01 : -0.01));
    const deviation = 0.01 * Math.sqrt(20 / 19);
    expect(historicalRisk(returns, null).volatility).toBeCloseTo(deviation * Math.sqrt(252), 12);
    expect(historicalRisk(returns, null, 365).volatility).toBeCloseTo(deviation * Math.sqrt(365), 12);
  });

  it('has beta 2 for twice the benchmark, and none without one that moves', () => {
    expect(
      historicalRisk(
        LADDER.map((value) => 2 * value + 0.001),
        LADDER,
      ).beta,
    ).toBeCloseTo(2, 12);
    expect(
      historicalRisk(
        LADDER,
        LADDER.map(() => 0),
      ).beta,
    ).toBeNull();
    expect(historicalRisk(LADDER, null).beta).toBeNull();
  });

  it('is null with 19 returns and not with 20', () => {
    const nothing = { valueAtRisk: null, conditionalValueAtRisk: null, volatility: null, beta: null };
    expect(historicalRisk(LADDER.slice(0, 19), LADDER.slice(0, 19))).toEqual(nothing);
    expect(historicalRisk(LADDER.slice(0, 20), null).valueAtRisk).not.toBeNull();
    expect(historicalRisk([], null)).toEqual(nothing);
  });

  it('is no loss where the tail gains', () => {
    const gains = LADDER.map((value) => value + 1);
    expect(historicalRisk(gains, null)).toMatchObject({ valueAtRisk: 0, conditionalValueAtRisk: 0 });
  });

  it('refuses what is no return', () => {
    expect(() => historicalRisk([...LADDER, NaN], null)).toThrow('returns[41] is NaN');
    expect(() => historicalRisk(LADDER, LADDER.slice(1))).toThrow('give one for each day');
  });

  it('becomes an amount of equity', () => {
    expect(fractionOfEquity(0.0205, parseDecimal('100000'))).toBe(parseDecimal('2050'));
    expect(fractionOfEquity(null, parseDecimal('1'))).toBeNull();
    expect(fractionOfEquity(0.5, null)).toBeNull();
  });
});
