import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { BacktestCurve } from '../../../core/ports/backtests.ts';
import { equityPoints, withinPoints } from '../../../schema/backtests/equity-curve.ts';

const DAY = 86_400_000;

const curveOf = (values: readonly number[], benchmark: BacktestCurve['benchmark'] = []): BacktestCurve => ({
  equity: values.map((value, day) => ({
    ...{ at: day * DAY, equity: String(value), cash: '0', grossExposure: '0' },
  })),
  benchmark,
});

describe('the points of an equity curve', () => {
  it('lie below the highest so far, the starting cash included', () => {
    const points = equityPoints(curveOf([90, 120, 60, 120]), '100');
    expect(points.map(({ drawdown }) => drawdown)).toEqual([expect.closeTo(-0.1), 0, -0.5, 0]);
  });

  it('have what the cash would be worth in the benchmark, once that has begun', () => {
    const benchmark = [
      { at: DAY, value: '50' },
      { at: 2.5 * DAY, value: '75' },
    ];
    const points = equityPoints(curveOf([100, 100, 100, 100], benchmark), '100');
    expect(points.map((point) => point.benchmark)).toEqual([null, 100, 100, 150]);
  });

  it('are never more than asked for, and keep the ends and every extreme', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 5, max: 120 }),
        (values, most) => {
          const all = equityPoints(curveOf(values), '1000');
          const some = withinPoints(all, most);
          expect(some.length).toBeLessThanOrEqual(most);
          expect([some[0], some.at(-1)]).toEqual([all[0], all.at(-1)]);
          const least = (points: typeof all, of: (point: (typeof all)[number]) => number): number =>
            Math.min(...points.map(of));
          for (const of of [
            ({ equity }: (typeof all)[number]) => Number(equity),
            ({ equity }: (typeof all)[number]) => -Number(equity),
            ({ drawdown }: (typeof all)[number]) => drawdown,
          ]) {
            expect(least(some, of)).toBe(least(all, of));
          }
          const order = some.map(({ at }) => at);
          expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
        },
      ),
    );
  });
});
