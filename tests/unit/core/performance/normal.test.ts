import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { normalCdf, normalQuantile } from '../../../../core/performance/normal.ts';
import { NORMAL } from './figures.ts';

describe('the normal distribution', () => {
  it.each(NORMAL.cdf)('has scipy’s value at %d', (x, expected) => {
    expect(Math.abs(normalCdf(x) - expected)).toBeLessThanOrEqual(3e-16);
    if (x < 0) expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(2e-12);
  });

  it.each(NORMAL.quantile)('has scipy’s quantile of %d', (p, expected) => {
    const quantile = normalQuantile(p) ?? NaN;
    expect(Math.abs(quantile - expected)).toBeLessThanOrEqual(Math.max(3e-16, 1e-13 * Math.abs(expected)));
  });

  it('has no quantile outside of 0 to 1', () => {
    for (const p of [0, 1, -0.1, 1.1, NaN]) expect(normalQuantile(p)).toBeNull();
  });

  it('is symmetric, rises, and is undone by its quantile', () => {
    const x = fc.double({ min: -8, max: 8, noNaN: true });
    fc.assert(fc.property(x, (at) => Math.abs(normalCdf(at) + normalCdf(-at) - 1) < 1e-15));
    fc.assert(
      fc.property(x, x, (a, b) => a <= b === normalCdf(a) <= normalCdf(b) || Math.abs(a - b) < 1e-12),
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expect(Math.abs(normalCdf(normalQuantile(p)!) - p)).toBeLessThan(1e-14);
      }),
    );
  });
});
