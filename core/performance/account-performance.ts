import { type AccountDays, accountDaysOf, type AccountTerm } from './account-days.ts';
import type { BenchmarkPoint } from './benchmark-series.ts';
import { performanceOf } from './performance-of.ts';
import type { PerformanceReport } from './report.ts';
import type { TradeFill } from './round-trips.ts';

/** What is known of an account that trades, and of which days its performance is wanted. */
export interface AccountHistory extends AccountTerm {
  /** In the order of time: those of the wanted days, and before them those of what was held when these began. */
  readonly fills: readonly TradeFill[];
  readonly benchmark: readonly BenchmarkPoint[] | null;
}

export interface AccountPerformance {
  readonly days: AccountDays;
  /** Those of the days. */
  readonly fills: readonly TradeFill[];
  readonly report: PerformanceReport;
}

/**
 * The performance of an account on paper or live, by the same statistics as a backtest's. Its days and how flows count
 * are in {@link accountDaysOf}. Throws PerformanceError as `performanceOf` does.
 *
 * @example
 * performanceOfAccount({ calendar, openings, present, from: null, to: null, fills, benchmark: null }).report.summary
 */
export const performanceOfAccount = (history: AccountHistory): AccountPerformance => {
  const { benchmark, calendar } = history;
  const days = accountDaysOf(history);
  const { flows, points, span, startingEquity } = days;
  const [from, to] = span === null ? [Infinity, -Infinity] : [span.from, span.to];
  const fills = history.fills.filter(({ at }) => at >= from && at <= to);
  const report = performanceOf({
    ...{ calendar, startingCash: startingEquity, equity: points, flows, fills, benchmark },
    earlierFills: history.fills.filter(({ at }) => at < from),
    ...(span !== null && { span }),
  });
  return { days, fills, report };
};
