import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { calendarOf } from '../../../../core/market/calendars.ts';
import { dailySeriesOf } from '../../../../core/performance/daily-equity.ts';
import { performanceOf } from '../../../../core/performance/performance-of.ts';
import type { PerformanceInput, PerformanceReport } from '../../../../core/performance/report.ts';
import type { TradeFill } from '../../../../core/performance/round-trips.ts';
import {
  dailyTable,
  drawdownsTable,
  monthsTable,
  statisticsTable,
  tradesTable,
} from '../../../../core/performance/tables.ts';
import { APPLE_PRICES } from './figures.ts';

const CALENDAR = calendarOf('US_EQUITY');
const money = parseDecimal;

/** The closes of trading days one after the other from 2024 on. */
const closes = (count: number): number[] => {
  const at: number[] = [];
  for (let day = '2024-01-02'; at.length < count; day = CALENDAR.nextTradingDay(day)) {
    at.push(CALENDAR.close(day)!);
  }
  return at;
};

const pointsOf = (equity: readonly number[]) => {
  const at = closes(equity.length);
  return equity.map((value, day) => ({ at: at[day]!, equity: money(value.toFixed(6)) }));
};

const reportOf = (equity: readonly number[], more: Partial<PerformanceInput> = {}): PerformanceReport =>
  performanceOf({ calendar: CALENDAR, startingCash: money('100'), equity: pointsOf(equity), ...more });

/** Every number anywhere in a report. */
const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  if (value instanceof Float64Array) return Array.from(value);
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
};

const fill = (at: number, side: 'BUY' | 'SELL', price: string): TradeFill => ({
  ...{ at, symbol: 'AAPL', side, quantity: money('1'), price: money(price), fee: money('0.25') },
});

describe('a report', () => {
  it('is all null but money and counts before the first day', () => {
    const { summary, basis, withheld, series } = performanceOf({
      calendar: CALENDAR,
      startingCash: money('100'),
      equity: [],
    });
    expect(summary).toMatchObject({
      startEquity: '100',
      endEquity: '100',
      netProfit: '0',
      totalFees: '0',
      trades: 0,
    });
    const { startEquity: _s, endEquity: _e, netProfit: _n, totalFees: _f, trades: _t, ...rest } = summary;
    const { maxConsecutiveWins, maxConsecutiveLosses, ...statistics } = rest;
    expect([maxConsecutiveWins, maxConsecutiveLosses]).toEqual([0, 0]);
    expect(new Set(Object.values(statistics))).toEqual(new Set([null]));
    expect([withheld, series.days, basis.startDay]).toEqual([[], [], null]);
  });

  it('of one day has a return and no spread', () => {
    const { summary, ratios } = reportOf([110]);
    expect(summary.totalReturn).toBeCloseTo(0.1, 12);
    expect(summary).toMatchObject({
      volatility: null,
      sharpe: null,
      sortino: null,
      calmar: null,
      maxDrawdown: 0,
      skewness: null,
    });
    expect(ratios.sharpe).toBeNull();
    expect(summary.cagr).toBeCloseTo(1.1 ** 252 - 1, 0);
  });

  it('of constant growth has no ratio that divides by what does not vary', () => {
    const { ratios, summary } = reportOf(Array.from({ length: 60 }, (_, day) => 100 * 1.001 ** (day + 1)));
    // Equity is rounded to a millionth: that much it varies.
    expect(ratios.sharpe).toBeGreaterThan(1e4);
    expect(ratios.sortino).toBeNull();
    const exact = reportOf(Array.from({ length: 60 }, () => 100));
    expect(exact.summary).toMatchObject({
      volatility: 0,
      sharpe: null,
      sortino: null,
      calmar: null,
      omega: null,
    });
    expect(exact.summary).toMatchObject({
      totalReturn: 0,
      cagr: 0,
      maxDrawdown: 0,
      maxDrawdownDays: 0,
      tailRatio: null,
    });
    expect(summary.maxDrawdown).toBe(0);
  });

  it('survives ruin: what has no meaning afterwards is null', () => {
    const { summary, basis, series, ratios } = reportOf([
      ...Array.from({ length: 20 }, (_, day) => 100 + (day % 3)),
      40,
      -10,
      5,
      8,
    ]);
    expect(basis).toMatchObject({ days: 24, ruinedOn: CALENDAR.tradingDay(closes(22)[21]!) });
    expect(series.returns.slice(21)).toEqual([expect.closeTo(-1.25, 10), null, null]);
    expect(summary.totalReturn).toBeCloseTo(-0.92, 10);
    expect(summary.maxDrawdown).toBeCloseTo(-10 / 102 - 1, 10);
    expect(summary.netProfit).toBe('-92');
    expect(reportOf([50, -10]).ratios.cagr).toBeNull();
    expect(reportOf([50, 0]).ratios.cagr).toBe(-1);
    expect(ratios.sharpe).toBeLessThan(0);
  });

  it('withholds ratios of small samples by name, and has them elsewhere', () => {
    const small = reportOf([101, 100, 103, 102]);
    expect(small.summary).toMatchObject({ sharpe: null, calmar: null, omega: null });
    expect(small.withheld).toEqual(expect.arrayContaining(['sharpe', 'calmar', 'omega']));
    expect(small.withheld).not.toContain('treynor');
    expect(small.ratios.sharpe).toBeGreaterThan(0);
    expect(small.summary.volatility).toBe(small.ratios.volatility);
    const enough = reportOf([101, 100, 103, 102], { minimumSample: { days: 4, trades: 1 } });
    expect([enough.withheld, enough.summary.sharpe]).toEqual([[], enough.ratios.sharpe]);
  });

  it('has trades, exposure, turnover and costs of fills', () => {
    const at = closes(10);
    const fills = [fill(at[0]!, 'BUY', '10'), fill(at[4]!, 'SELL', '14')];
    const { summary, costs } = reportOf([100, 101, 102, 103, 103, 103, 103, 103, 103, 103], {
      fills,
      otherFees: money('0.5'),
      flows: [],
      minimumSample: { days: 1, trades: 1 },
      span: { from: at[0]!, to: at[9]! },
    });
    expect(summary).toMatchObject({
      trades: 1,
      winRate: 1,
      totalFees: '1',
      expectancy: '3.5',
      averageWin: '3.5',
      averageLoss: null,
    });
    expect(summary.exposure).toBeCloseTo((at[4]! - at[0]!) / (at[9]! - at[0]!), 12);
    expect(summary.turnover).toBeCloseTo(((24 / 2) * 252) / 1024, 10);
    expect(costs.feesInBasisPoints).toBeCloseTo((0.5 / 24) * 10_000, 8);
    expect(summary.averageTradeDurationSeconds).toBe((at[4]! - at[0]!) / 1000);
  });

  it('takes flows out of the profit', () => {
    const points = pointsOf([100, 160, 168]);
    const flows = [{ at: points[1]!.at, amount: money('50') }];
    const { summary } = performanceOf({
      calendar: CALENDAR,
      startingCash: money('100'),
      equity: points,
      flows,
    });
    expect(summary).toMatchObject({ endEquity: '168', netProfit: '18' });
    // The deposit came when the account stood at 100, and is in the 160: 10 were earned on 150.
    expect(summary.totalReturn).toBeCloseTo(1 * (160 / 150) * (168 / 160) - 1, 12);
  });

  it('is the same of a series recorded on the way', () => {
    const equity = [101, 100, 104, 102, 108];
    const recorded = dailySeriesOf(CALENDAR, money('100'), pointsOf(equity));
    expect(reportOf(equity, { equity: recorded })).toEqual(reportOf(equity));
  });

  it('compares only the days on which the benchmark has a return', () => {
    const at = closes(6);
    const level = (day: number, value: string) => ({ at: at[day]!, value: money(value) });
    const report = reportOf([101, 102, 104, 103, 105, 106], {
      benchmark: [level(1, '50'), level(2, '51'), level(4, '53')],
      minimumSample: { days: 1, trades: 1 },
      rollingWindow: 2,
    });
    expect(report.relative).toMatchObject({ days: 3, benchmarkReturn: expect.closeTo(0.06, 12) });
    expect(
      report.series.benchmark.map((value) => (value === null ? null : Number(value.toFixed(9)))),
    ).toEqual([
      ...[null, null],
      ...[1.02 * (51 / 50), 1.02 * (51 / 50), 1.02 * (53 / 50)].map((value) => Number(value.toFixed(9))),
      null,
    ]);
    expect(report.series.rollingBeta.map((value) => value === null)).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
    const before = reportOf([101, 102], {
      benchmark: [{ at: at[0]! - 7 * 86_400_000, value: money('40') }, level(0, '44'), level(1, '44')],
    });
    expect(before.relative?.days).toBe(2);
    expect(reportOf([101, 102], { benchmark: [level(1, '44')] }).relative).toBeNull();
    expect(reportOf([101, 102], { benchmark: [] }).relative).toBeNull();
  });

  it('refuses rates, windows and prices that cannot be', () => {
    const refused = expect.objectContaining({ code: 'INVALID_PARAMETER' });
    expect(() => reportOf([101], { riskFree: -1 })).toThrow(refused);
    expect(() => reportOf([101], { riskFree: NaN })).toThrow(refused);
    expect(() => reportOf([101], { rollingWindow: 1 })).toThrow(refused);
    expect(() => reportOf([101], { benchmark: [{ at: closes(1)[0]!, value: 0n }] })).toThrow(
      expect.objectContaining({ code: 'INVALID_NUMBER' }),
    );
  });

  it('holds no NaN and no infinity, whatever happened', () => {
    const equity = fc.array(
      fc.oneof(fc.constantFrom(-50, 0, 0.000001, 100, 1e12), fc.integer({ min: -10, max: 300 })),
      { maxLength: 40 },
    );
    const orders = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 300 })), { maxLength: 20 });
    fc.assert(
      fc.property(equity, orders, equity, (values, sides, levels) => {
        const at = closes(40);
        const report = reportOf(values, {
          fills: sides.map(([buys, price], day) => fill(at[day]!, buys ? 'BUY' : 'SELL', String(price))),
          benchmark: levels.map((value, day) => ({
            at: at[day]!,
            value: money((Math.abs(value) + 1).toFixed(6)),
          })),
          rollingWindow: 3,
          riskFree: 0.02,
        });
        expect(numbersIn(report).every(Number.isFinite)).toBe(true);
        expect(report.drawdowns.maxDrawdown ?? 0).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('tables of a report', () => {
  const at = APPLE_PRICES.days.map((day) => CALENDAR.close(day)!);
  const report = performanceOf({
    calendar: CALENDAR,
    startingCash: money(APPLE_PRICES.prices[0]!),
    equity: APPLE_PRICES.prices.slice(1).map((price, day) => ({ at: at[day + 1]!, equity: money(price) })),
    benchmark: APPLE_PRICES.benchmark.map((price, day) => ({ at: at[day]!, value: money(price) })),
    fills: [fill(at[1]!, 'BUY', '10'), fill(at[9]!, 'SELL', '9')],
  });

  it('have a value for each column, and survive JSON', () => {
    const tables = [statisticsTable, dailyTable, tradesTable, drawdownsTable, monthsTable].map((table) =>
      table(report),
    );
    expect(tables.map(({ rows }) => rows.length)).toEqual([expect.any(Number), 1259, 1, 10, 6]);
    for (const table of tables) {
      expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
      expect(JSON.parse(JSON.stringify(table))).toEqual(table);
    }
  });

  it('name every figure, ours and those of other libraries', () => {
    const { rows } = statisticsTable(report);
    const named = new Map(rows.map(([family, statistic, value]) => [`${family!}.${statistic!}`, value]));
    expect(named.size).toBe(rows.length);
    expect(named.get('summary.sharpe')).toBe(report.summary.sharpe);
    expect(named.get('trades.netPnl')).toBe('-1.5');
    expect(named.get('quantstats.alpha')).toBe(report.compat.quantstats.alpha);
    expect(tradesTable(report).rows[0]?.slice(0, 4)).toEqual([
      'AAPL',
      'LONG',
      new Date(at[1]!).toISOString(),
      new Date(at[9]!).toISOString(),
    ]);
  });
});
