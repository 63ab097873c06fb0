import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { calendarOf } from '../../../../core/market/calendars.ts';
import { performanceOf } from '../../../../core/performance/performance-of.ts';
import { APPLE_PRICES, expectNear, libraryFigures, type Prices, SP500_PRICES } from './figures.ts';

const CALENDAR = calendarOf('US_EQUITY');

/** The price itself as equity: what quantstats and empyrical saw as returns of its changes. */
const reportOf = ({ days, prices, benchmark }: Prices, riskFree: number) => {
  const at = days.map((day) => CALENDAR.close(day)!);
  return performanceOf({
    calendar: CALENDAR,
    startingCash: parseDecimal(prices[0]!),
    equity: prices.slice(1).map((price, day) => ({ at: at[day + 1]!, equity: parseDecimal(price) })),
    benchmark: benchmark.map((price, day) => ({ at: at[day]!, value: parseDecimal(price) })),
    riskFree,
  });
};

const CASES = [
  ['apple', APPLE_PRICES, 0],
  ['apple', APPLE_PRICES, 0.02],
  ['sp500', SP500_PRICES, 0],
  ['sp500', SP500_PRICES, 0.02],
] as const;

describe.each(CASES)('%s of real prices', (name, prices, riskFree) => {
  const report = reportOf(prices, riskFree);
  const figures = libraryFigures(`${name} rf=${riskFree}`);
  const { ratios, moments, tails, drawdowns, dailyWins, relative } = report;

  /** Where conventions are one, ours; else what we say that the library says. */
  const quantstats: Readonly<Record<string, number | null>> = {
    ...report.compat.quantstats,
    totalReturn: ratios.totalReturn,
    cagr: ratios.cagr,
    volatility: ratios.volatility,
    sharpe: ratios.sharpe,
    sortino: ratios.sortino,
    calmar: ratios.calmar,
    maxDrawdown: drawdowns.maxDrawdown,
    ulcerIndex: drawdowns.ulcerIndex,
    skewness: moments.skewness,
    kurtosis: moments.kurtosis,
    conditionalValueAtRisk95Historical: tails.conditionalValueAtRisk95,
    tailRatio: tails.tailRatio,
    gainToPain: ratios.gainToPain,
    consecutiveWins: dailyWins.maxConsecutiveWins,
    consecutiveLosses: dailyWins.maxConsecutiveLosses,
    best: tails.bestDay,
    worst: tails.worstDay,
    probabilisticSharpe: ratios.probabilisticSharpe,
    beta: relative?.beta ?? null,
    rSquared: relative?.rSquared ?? null,
  };
  const empyrical: Readonly<Record<string, number | null>> = {
    totalReturn: ratios.totalReturn,
    cagr: ratios.cagr,
    volatility: ratios.volatility,
    sharpe: ratios.sharpe,
    sortino: ratios.sortino,
    calmar: ratios.calmar,
    maxDrawdown: drawdowns.maxDrawdown,
    valueAtRisk95: tails.valueAtRisk95,
    conditionalValueAtRisk95: tails.conditionalValueAtRisk95,
    tailRatio: tails.tailRatio,
    alpha: relative?.alpha ?? null,
    beta: relative?.beta ?? null,
    upCapture: relative?.upCapture ?? null,
    downCapture: relative?.downCapture ?? null,
    battingAverage: relative?.battingAverage ?? null,
    ...report.compat.empyrical,
  };

  it.each(Object.entries(figures.quantstats))('quantstats: %s', (statistic, expected) => {
    expect(quantstats).toHaveProperty([statistic]);
    expectNear(quantstats[statistic] ?? null, expected);
  });

  const inBoth = Object.entries(figures.empyrical).filter(
    ([statistic]) => !/^(up|down)Batting/.test(statistic),
  );
  it.each(inBoth)('empyrical: %s', (statistic, expected) => {
    expect(empyrical).toHaveProperty([statistic]);
    expectNear(empyrical[statistic] ?? null, expected);
  });
});

describe('figures without a rate', () => {
  it.each([
    ['apple', APPLE_PRICES],
    ['sp500', SP500_PRICES],
  ] as const)('quantstats 0.0.62 where it differed, of %s', (name, prices) => {
    const { conditionalValueAtRisk95Until62, probabilisticSharpeUntil62 } = reportOf(prices, 0).compat
      .quantstats;
    const expected = libraryFigures(`${name} rf=0`)['quantstats 0.0.62']!;
    expectNear(conditionalValueAtRisk95Until62, expected['conditionalValueAtRisk95']!);
    expectNear(probabilisticSharpeUntil62, expected['probabilisticSharpe']!);
  });

  it('pandas: correlation', () => {
    const expected = libraryFigures('apple rf=0').pandas!['correlation']!;
    expectNear(reportOf(APPLE_PRICES, 0).relative!.correlation, expected);
  });
});

describe.each([
  ['apple', APPLE_PRICES],
  ['sp500', SP500_PRICES],
] as const)('courses of %s', (name, prices) => {
  const { series, drawdowns, months, years } = reportOf(prices, 0);
  const figures = libraryFigures(`${name} rf=0`);

  it('has the rolling figures of quantstats and pandas', () => {
    const { window, at, sharpe, volatility, beta } = figures.rolling!;
    expect(window).toBe(series.rollingWindow);
    at.forEach((day, index) => {
      expectNear(series.rollingSharpe[day]!, sharpe[index]!);
      expectNear(series.rollingVolatility[day]!, volatility[index]!);
      if (beta !== undefined) expectNear(series.rollingBeta[day]!, beta[index]!);
    });
    expect(series.rollingSharpe[window - 2]).toBeNull();
  });

  it('has the worst drawdowns of quantstats', () => {
    figures.drawdowns!.forEach(({ peakNext, trough, end, depthPercent }, index) => {
      const fall = drawdowns.worst[index]!;
      expectNear(fall.depth * 100, depthPercent);
      expect(fall.troughDay).toBe(trough);
      // quantstats names the first day below the peak, and the last one.
      expect(CALENDAR.nextTradingDay(fall.peakDay)).toBe(peakNext);
      const below =
        fall.recoveryDay === null ? series.days.at(-1) : CALENDAR.previousTradingDay(fall.recoveryDay);
      expect(below).toBe(end);
    });
  });

  it('has the months and years of pandas', () => {
    const byPeriod = new Map([...months, ...years].map(({ period, value }) => [period, value]));
    for (const [period, value] of Object.entries({ ...figures.months, ...figures.years })) {
      expectNear(byPeriod.get(period) ?? null, value);
    }
  });
});
