import { describe, expect, it } from '@jest/globals';

import { obv, variance, vwap } from '../../../../../plugins/sdk/src/indicators.ts';
import { CASES } from './cases.ts';
import { numbersOf, type TestBar, Walk } from './series.ts';

const UPDATES = 1_000_000;
/** Those without sums of their own forget exponentially or keep single numbers: nothing can pile up. */
const FEWER_UPDATES = 100_000;
const WITH_SUMS = new Set([
  'sma',
  'wma',
  'hma',
  'kama',
  'variance',
  'standardDeviation',
  'zScore',
  'bollingerBands',
  'rollingSum',
  'linearRegression',
  'stochastic',
  'mfi',
  'rollingVwap',
  'covariance',
  'correlation',
  'hedgeRatio',
  'rollingBeta',
]);
const USUAL_MEMORY = 3_000;
const PERIOD = 20;

describe('after a million inputs, with outliers among them', () => {
  it.each(CASES.filter(({ memory }) => memory !== Infinity).map((each) => [each.name, each] as const))(
    '%s is what its definition says, within 1e-9',
    (name, { make, define, memory = USUAL_MEMORY }) => {
      const updates = WITH_SUMS.has(name) ? UPDATES : FEWER_UPDATES;
      const walk = new Walk(11);
      const indicator = make(PERIOD);
      for (let count = memory; count < updates; count += 1) indicator.update(walk.step());
      const recent: TestBar[] = [];
      for (let count = 0; count < memory; count += 1) {
        recent.push({ ...walk.step() });
        indicator.update(walk.bar);
      }
      const expected = [define(recent, PERIOD)].flat();
      const actual = numbersOf(indicator.value);
      expect(actual).toHaveLength(expected.length);
      for (const [field, value] of expected.entries()) {
        expect(value).not.toBeNull();
        expect(Math.abs(actual[field]! - value!)).toBeLessThanOrEqual(
          1e-9 * Math.max(Math.abs(value!), 0.01),
        );
      }
    },
  );

  it('on-balance volume and the session’s volume-weighted price are those of whole numbers', () => {
    const walk = new Walk(12);
    const [balance, average] = [obv(), vwap()];
    let units = 0n;
    let money = 0n;
    let volume = 0n;
    let before = 0;
    for (let count = 0; count < UPDATES; count += 1) {
      const bar = walk.step();
      const cents = BigInt(Math.round(100 * (bar.high + bar.low + bar.close)));
      volume += BigInt(bar.volume);
      money += cents * BigInt(bar.volume);
      units += BigInt(bar.volume) * BigInt(count === 0 ? 1 : Math.sign(bar.close - before));
      before = bar.close;
      // Eighths are exact, thirds and tenths would not be.
      balance.update({ close: bar.close, volume: bar.volume / 8 });
      average.update(bar);
    }
    expect(balance.value).toBe(Number(units) / 8);
    const exact = Number((money * 10n ** 12n) / (volume * 300n)) / 1e12;
    expect(Math.abs(average.value! - exact)).toBeLessThanOrEqual(1e-12 * exact);
  });

  it('variance far from zero keeps its digits, where a sum of squares would have none left', () => {
    const indicator = variance(4);
    for (let count = 0; count < UPDATES; count += 1) indicator.update(1e9 + (count % 4) * 1e-3);
    // The inputs themselves are rounded to 1e-7.
    expect(indicator.value).toBeCloseTo(1.25e-6, 9);
    for (let count = 0; count < 4; count += 1) indicator.update(1e9 + 0.1);
    expect(indicator.value).toBe(0);
  });
});
