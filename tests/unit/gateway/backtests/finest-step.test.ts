import { describe, expect, it } from '@jest/globals';

import { finestStep } from '../../../../gateway/backtests/market-data/finest-step.ts';

describe('the step of prices that nobody told', () => {
  it.each([
    ['cents for whole prices', { decimals: 0, highest: 100 }, '0.01'],
    ['what prices have', { decimals: 5, highest: 1.2 }, '0.00001'],
    ['at most eight decimals, as of floats that were divided', { decimals: 17, highest: 100 }, '0.00000001'],
    ['so coarse that a price is a whole number of them', { decimals: 8, highest: 5e6 }, '0.0000001'],
    ['a unit for prices beyond all measure', { decimals: 2, highest: 1e14 }, '1'],
  ])('is %s', (_, seen, step) => {
    expect(finestStep(seen)).toBe(step);
  });
});
