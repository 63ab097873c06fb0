import { type Fixed, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { calendarOf } from '../market/calendars.ts';
import { performanceOf } from '../performance/performance-of.ts';
import type { PerformanceReport } from '../performance/report.ts';
import type { TradeFill } from '../performance/round-trips.ts';
import type { BacktestCharge, BacktestFill, BacktestResult } from './backtest-result.ts';

/** What the report is made of. */
export type ReportedBacktest = Pick<
  BacktestResult,
  'settings' | 'fills' | 'charges' | 'equity' | 'benchmark' | 'startedAt' | 'endedAt'
>;

/** A fill as the statistics take it: exact, its fee in the base currency. */
export const tradeFillOf = (fill: BacktestFill): TradeFill => {
  const rate: Fixed = parseDecimal(fill.rate);
  return {
    at: fill.at,
    symbol: fill.symbol,
    side: fill.side,
    quantity: parseDecimal(fill.quantity),
    price: parseDecimal(fill.price),
    multiplier: parseDecimal(fill.multiplier),
    fee: multiply(parseDecimal(fill.fee), rate),
    rate,
  };
};

/** Dividends are no cost: they are in the equity. */
const borrowingOf = (charges: readonly BacktestCharge[]): Fixed =>
  charges.reduce(
    (sum, { amount, kind, rate }) =>
      kind === 'BORROW' ? sum - multiply(parseDecimal(amount), parseDecimal(rate)) : sum,
    0n,
  );

/** Everything about a run's performance: statistics, trades, drawdowns and the series for charts. */
export const performanceOfBacktest = (result: ReportedBacktest): PerformanceReport => {
  const { benchmark, charges = [], endedAt, equity, fills, settings, startedAt } = result;
  return performanceOf({
    calendar: calendarOf(settings.calendar),
    startingCash: parseDecimal(settings.startingCash),
    equity: equity.map((point) => ({
      at: point.at,
      equity: parseDecimal(point.equity),
      grossExposure: parseDecimal(point.grossExposure),
    })),
    fills: fills.map(tradeFillOf),
    otherFees: borrowingOf(charges),
    benchmark: benchmark?.map(({ at, value }) => ({ at, value: parseDecimal(value) })) ?? null,
    riskFree: settings.riskFree,
    ...(startedAt !== null && endedAt !== null && { span: { from: startedAt, to: endedAt } }),
  });
};
