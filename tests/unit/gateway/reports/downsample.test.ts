import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { daysToDraw, downsampleBars } from '../../../../gateway/reports/downsample.ts';
import type { PriceBar } from '../../../../gateway/reports/tear-sheet-input.ts';

const prices = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 300 });

const barsOf = (closes: readonly number[]): PriceBar[] =>
  closes.map((close, at) => ({ at, open: closes[at - 1] ?? close, high: close + 3, low: close - 2, close }));

describe('downsampleBars', () => {
  it('leaves few bars as they are', () => {
    const bars = barsOf([1, 2, 3]);
    expect(downsampleBars(bars, 4)).toEqual(bars);
    expect(downsampleBars([], 4)).toEqual([]);
  });

  it('merges neighbours into bars of equal length', () => {
    expect(downsampleBars(barsOf([5, 9, 4, 7, 6]), 4)).toEqual([
      { at: 0, open: 5, high: 12, low: 3, close: 9 },
      { at: 2, open: 9, high: 10, low: 2, close: 7 },
      { at: 4, open: 7, high: 9, low: 4, close: 6 },
    ]);
  });

  it('keeps the extremes, the beginning and the end, and is each merged bar of its own bars', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 2, max: 40 }), (closes, limit) => {
        const bars = barsOf(closes);
        const merged = downsampleBars(bars.values(), limit);
        expect(merged.length).toBeLessThanOrEqual(limit + 1);
        merged.forEach((bar, at) => {
          const own = bars.slice(bar.at, merged[at + 1]?.at);
          expect(bar).toEqual({
            ...{ at: own[0]!.at, open: own[0]!.open, close: own.at(-1)!.close },
            high: Math.max(...own.map(({ high }) => high)),
            low: Math.min(...own.map(({ low }) => low)),
          });
        });
        const lengths = new Set(merged.slice(0, -1).map((bar, at) => merged[at + 1]!.at - bar.at));
        expect(lengths.size).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('daysToDraw', () => {
  it('draws all of few days', () => {
    expect(daysToDraw(4, [[1, 2, 3, 4]], 1)).toEqual([0, 1, 2, 3]);
    expect(daysToDraw(0, [[]], 10)).toEqual([]);
  });

  it('keeps the first and last day and the extremes of each series in every span, in order', () => {
    const value = fc.option(fc.integer({ min: -100, max: 100 }));
    const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 20 }), (rows, buckets) => {
        const series = [rows.map(([a]) => a), rows.map(([, b]) => b)];
        const kept = daysToDraw(rows.length, series, buckets);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect(kept.length).toBeLessThanOrEqual(Math.max(4, 2 + 2 * series.length) * buckets);
        expect([kept[0], kept.at(-1)]).toEqual([0, rows.length - 1]);
        for (const values of series) {
          const known = values.filter((entry) => entry !== null);
          if (known.length === 0) continue;
          const drawn = kept.map((day) => values[day] ?? null).filter((entry) => entry !== null);
          expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([Math.min(...known), Math.max(...known)]);
        }
      }),
    );
  });
});
