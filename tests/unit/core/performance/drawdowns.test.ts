import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { monthlyReturns, monthTable, yearlyReturns } from '../../../../core/performance/calendar-returns.ts';
import {
  drawdownRiskOf,
  drawdownsOf,
  underwaterOf,
  worstDrawdowns,
} from '../../../../core/performance/drawdowns.ts';

const seriesOf = (index: readonly number[]) => ({
  startDay: '2024-02-29',
  days: index.map((_, day) => `2024-03-${String(day + 1).padStart(2, '0')}`),
  index: Float64Array.from(index),
});

const anyIndex = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 31 });

describe('drawdowns', () => {
  it('go from the peak to the day that reaches it again', () => {
    const falls = drawdownsOf(seriesOf([1.2, 0.9, 0.6, 1.2, 1.1, 1.3]));
    expect(falls).toEqual([
      {
        depth: 0.6 / 1.2 - 1,
        peakDay: '2024-03-01',
        troughDay: '2024-03-03',
        recoveryDay: '2024-03-04',
        tradingDays: 3,
        tradingDaysToTrough: 2,
        calendarDays: 3,
      },
      expect.objectContaining({ peakDay: '2024-03-04', troughDay: '2024-03-05', recoveryDay: '2024-03-06' }),
    ]);
    expect(worstDrawdowns(falls, 1)[0]?.troughDay).toBe('2024-03-03');
  });

  it('begin with the capital put in, and may last', () => {
    const falls = drawdownsOf(seriesOf([0.9, 0.8, 0.95]));
    expect(falls).toEqual([
      expect.objectContaining({
        peakDay: '2024-02-29',
        troughDay: '2024-03-02',
        recoveryDay: null,
        tradingDays: 3,
      }),
    ]);
    expect(falls[0]!.depth).toBeCloseTo(-0.2, 15);
    expect(drawdownRiskOf(Float64Array.of(0.9, 0.8, 0.95), falls)).toMatchObject({
      maxDrawdownDays: 3,
      timeUnderWater: 1,
      currentDrawdown: 0.95 - 1,
    });
  });

  it('are none while nothing is lost, and nothing without a day', () => {
    expect(drawdownsOf(seriesOf([1, 1.1, 1.1, 1.2]))).toEqual([]);
    expect(drawdownRiskOf(Float64Array.of(1, 1.1), [])).toMatchObject({
      maxDrawdown: 0,
      maxDrawdownDays: 0,
      averageDrawdown: null,
      ulcerIndex: 0,
      timeUnderWater: 0,
    });
    expect(Object.values(drawdownRiskOf(new Float64Array(), []))).toEqual(Array(8).fill(null));
  });

  it('are deeper than all where more than everything is lost', () => {
    const series = seriesOf([2, -0.5]);
    expect(drawdownRiskOf(series.index, drawdownsOf(series)).maxDrawdown).toBe(-1.25);
  });

  it('lie between all and nothing, and cover exactly the days under water', () => {
    fc.assert(
      fc.property(anyIndex, (index) => {
        const series = seriesOf(index);
        const falls = drawdownsOf(series);
        const below = underwaterOf(series.index);
        const naive = index.map((value, day) => value / Math.max(1, ...index.slice(0, day + 1)) - 1);
        expect(Array.from(below)).toEqual(naive);
        const deepest = Math.min(0, ...naive);
        expect(deepest).toBeGreaterThanOrEqual(-1);
        expect(drawdownRiskOf(series.index, falls).maxDrawdown).toBe(deepest);
        const under = falls.reduce(
          (sum, fall) => sum + fall.tradingDays - (fall.recoveryDay === null ? 0 : 1),
          0,
        );
        expect(under).toBe(naive.filter((value) => value < 0).length);
      }),
    );
  });
});

describe('returns of months and years', () => {
  const series = {
    days: ['2023-12-28', '2023-12-29', '2024-01-31', '2024-03-01', '2024-03-04'],
    index: Float64Array.of(1.05, 1.1, 0.99, 1.2, 1.32),
  };

  it('compound from the end of the period before', () => {
    const months = monthlyReturns(series);
    expect(months.map(({ period }) => period)).toEqual(['2023-12', '2024-01', '2024-03']);
    [0.1, -0.1, 1 / 3].forEach((value, month) => expect(months[month]!.value).toBeCloseTo(value, 12));
    expect(yearlyReturns(series).map(({ value }) => Number(value!.toFixed(12)))).toEqual([0.1, 0.2]);
  });

  it('lie in a table of twelve months a year', () => {
    const [first, second] = monthTable(series);
    expect(first!.months.findIndex((value) => value !== null)).toBe(11);
    expect(second!.months.map((value) => value !== null)).toEqual([
      true,
      false,
      true,
      ...Array(9).fill(false),
    ]);
    expect(second!.total).toBeCloseTo(0.2, 12);
  });

  it('are null for a period that began with nothing left', () => {
    const ruined = { days: ['2024-01-31', '2024-02-29'], index: Float64Array.of(0, 0) };
    expect(monthlyReturns(ruined)).toEqual([
      { period: '2024-01', value: -1 },
      { period: '2024-02', value: null },
    ]);
  });

  it('compound to the whole', () => {
    fc.assert(
      fc.property(anyIndex, (index) => {
        const { days } = seriesOf(index);
        const whole = monthlyReturns({ days, index: Float64Array.from(index) });
        const growth = whole.reduce((product, { value }) => product * (1 + value!), 1);
        expect(growth).toBeCloseTo(index.at(-1)!, 10);
      }),
    );
  });
});
