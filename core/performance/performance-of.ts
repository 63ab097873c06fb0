import { type Annualisation, periodsPerYear, requireAnnualisation } from './annualisation.ts';
import { benchmarkSeriesOf, pairedReturns } from './benchmark-series.ts';
import { monthlyReturns, monthTable, yearlyReturns } from './calendar-returns.ts';
import { chartSeriesOf } from './chart-series.ts';
import { empyricalFigures } from './compat/empyrical.ts';
import { leanFigures, nautilusFigures } from './compat/lean-and-nautilus.ts';
import { quantstatsFigures } from './compat/quantstats.ts';
import { costsOf } from './costs.ts';
import { type DailySeries, dailySeriesOf } from './daily-equity.ts';
import { dailyWinsOf } from './daily-wins.ts';
import { drawdownRiskOf, drawdownsOf, worstDrawdowns } from './drawdowns.ts';
import { exposureOf } from './exposure.ts';
import { histogramOf } from './histogram.ts';
import { momentsOf } from './moments.ts';
import { ratiosOf } from './ratios.ts';
import { relativePerformanceOf } from './relative.ts';
import type { PerformanceBasis, PerformanceInput, PerformanceReport } from './report.ts';
import { type TradeFill, tradesFrom } from './round-trips.ts';
import { summaryOf } from './summary.ts';
import { tailRiskOf } from './tail-risk.ts';
import { tradeStatisticsOf } from './trade-statistics.ts';

const MINIMUM_SAMPLE = { days: 14, trades: 10 };
const WORST_DRAWDOWNS = 10;

const isSeries = (equity: PerformanceInput['equity']): equity is DailySeries => 'index' in equity;

/** From the first fill or start of the first day to the last fill or end of the last, whichever is further. */
const spanOf = (
  { calendar, span }: PerformanceInput,
  { startDay, days }: DailySeries,
  fills: readonly TradeFill[],
): { readonly from: number; readonly to: number } => {
  if (span !== undefined) return span;
  const [firstDay, lastDay] = [days[0], days.at(-1)];
  const opens = startDay === null || firstDay === undefined ? undefined : calendar.open(firstDay);
  const closes = lastDay === undefined ? undefined : calendar.close(lastDay);
  return {
    from: Math.min(opens ?? Infinity, fills[0]?.at ?? Infinity),
    to: Math.max(closes ?? -Infinity, fills.at(-1)?.at ?? -Infinity),
  };
};

/**
 * The performance of a backtest or an account: every statistic, the series for charts, and what other
 * libraries would have said. Conventions are in README.md; what is undefined is null, never NaN.
 *
 * @example
 * performanceOf({ calendar, startingCash, equity: points, fills, benchmark: closes, riskFree: 0.02 }).summary.sharpe
 *
 * Throws {@link PerformanceError}: OUT_OF_ORDER for series that go back in time, INVALID_NUMBER for fills or
 * benchmark prices not above zero, INVALID_PARAMETER for a rate or window that cannot be.
 */
export const performanceOf = (input: PerformanceInput): PerformanceReport => {
  const { calendar, startingCash, equity, flows = [], fills = [], otherFees = 0n, riskFree = 0 } = input;
  const terms: Annualisation = { periodsPerYear: periodsPerYear(calendar.id), riskFree };
  requireAnnualisation(terms);
  const minimumSample = input.minimumSample ?? MINIMUM_SAMPLE;
  const series = isSeries(equity) ? equity : dailySeriesOf(calendar, startingCash, equity, flows);
  const { returns } = series;

  const benchmark =
    input.benchmark === undefined || input.benchmark === null
      ? null
      : benchmarkSeriesOf(calendar, series, input.benchmark);
  const paired = benchmark === null ? null : pairedReturns(returns, benchmark);
  const relative = paired === null ? null : relativePerformanceOf(paired.returns, paired.benchmark, terms);

  const moments = momentsOf(returns);
  const tails = tailRiskOf(returns);
  const falls = drawdownsOf(series);
  const drawdowns = drawdownRiskOf(series.index, falls);
  const ratios = ratiosOf(series, moments, drawdowns, terms);
  const trades = tradesFrom(input.earlierFills ?? [], fills, input.tradeGrouping);
  const statistics = tradeStatisticsOf(trades.closed);
  const span = spanOf(input, series, fills);
  const exposure = exposureOf(trades, series, span.from, span.to);
  const costs = costsOf(fills, otherFees, series, terms.periodsPerYear);

  const basis: PerformanceBasis = {
    calendar: calendar.id,
    ...terms,
    startDay: series.startDay,
    firstDay: series.days[0] ?? null,
    lastDay: series.days.at(-1) ?? null,
    days: series.days.length,
    carriedDays: series.carriedDays,
    ruinedOn: series.ruinedOn,
    minimumSample,
  };
  const parts = {
    startEquity: startingCash,
    endEquity: series.equity.at(-1) ?? startingCash,
    netFlows: flows.reduce((sum, { amount }) => sum + amount, 0n),
    ...{ ratios, moments, tails, drawdowns, relative, trades: statistics, exposure, costs },
  };
  const compared = { returns, paired, terms };
  return {
    basis,
    ...summaryOf(parts, minimumSample),
    ...{ ratios, moments, tails, relative, exposure, costs },
    dailyWins: dailyWinsOf(returns),
    drawdowns: {
      ...drawdowns,
      count: falls.length,
      worst: worstDrawdowns(falls, input.worstDrawdowns ?? WORST_DRAWDOWNS),
    },
    months: monthlyReturns(series),
    years: yearlyReturns(series),
    monthTable: monthTable(series),
    distribution: histogramOf(returns),
    trades: { statistics, ...trades },
    compat: {
      quantstats: quantstatsFigures(compared),
      empyrical: empyricalFigures(compared),
      lean: leanFigures(compared),
      nautilus: nautilusFigures(compared),
    },
    series: chartSeriesOf(
      series,
      benchmark,
      input.rollingWindow ?? Math.floor(terms.periodsPerYear / 2),
      terms,
    ),
  };
};
