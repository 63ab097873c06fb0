import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { CalendarId, TradingCalendar } from '../market/calendar.ts';
import type { BenchmarkPoint } from './benchmark-series.ts';
import type { PeriodReturn, YearOfMonths } from './calendar-returns.ts';
import type { EmpyricalFigures } from './compat/empyrical.ts';
import type { LeanFigures, NautilusFigures } from './compat/lean-and-nautilus.ts';
import type { QuantstatsFigures } from './compat/quantstats.ts';
import type { Costs } from './costs.ts';
import type { CashFlow, DailySeries, EquityPoint } from './daily-equity.ts';
import type { DailyWins } from './daily-wins.ts';
import type { Drawdown, DrawdownRisk } from './drawdowns.ts';
import type { Exposure } from './exposure.ts';
import type { Bin } from './histogram.ts';
import type { Moments } from './moments.ts';
import type { RatioFigures } from './ratios.ts';
import type { RelativePerformance } from './relative.ts';
import type { OpenTrade, RoundTrip, TradeFill, TradeGrouping } from './round-trips.ts';
import type { MinimumSample, PerformanceSummary } from './summary.ts';
import type { TailRisk } from './tail-risk.ts';
import type { TradeStatistics } from './trade-statistics.ts';

/** What performance is computed of. Series are in the order of time (ms), money is in the base currency. */
export interface PerformanceInput {
  readonly calendar: TradingCalendar;
  /** Equity before the first point. */
  readonly startingCash: Fixed;
  /** Points at any instants, or a series that a recorder made while a run went on. */
  readonly equity: Iterable<EquityPoint> | DailySeries;
  /** Deposits and withdrawals; those of a recorded series, too, which has them in its index already. */
  readonly flows?: readonly CashFlow[];
  readonly fills?: readonly TradeFill[];
  /**
   * Fills before those, of what was held when they began: trades that they close have their entries, and nothing of
   * before is counted.
   */
  readonly earlierFills?: readonly TradeFill[];
  /** Charges that belong to no fill: borrowing, funding, data. Default zero. */
  readonly otherFees?: Fixed;
  readonly benchmark?: Iterable<BenchmarkPoint> | null;
  /** Yearly, as a fraction; default 0. */
  readonly riskFree?: number;
  /** Days of the rolling figures; default 126 (half a year), or 182 on a calendar that never closes. */
  readonly rollingWindow?: number;
  readonly tradeGrouping?: TradeGrouping;
  /** How many of the worst drawdowns are listed; default 10. */
  readonly worstDrawdowns?: number;
  /** Default 14 days and 10 trades. */
  readonly minimumSample?: MinimumSample;
  /** The span in which exposure is measured; default from the first to the last fill or day end. */
  readonly span?: { readonly from: number; readonly to: number };
}

/** What the report rests on. */
export interface PerformanceBasis {
  readonly calendar: CalendarId;
  readonly periodsPerYear: number;
  readonly riskFree: number;
  readonly startDay: string | null;
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly days: number;
  readonly carriedDays: number;
  readonly ruinedOn: string | null;
  readonly minimumSample: MinimumSample;
}

/** What a chart draws: one entry for each of `days`. */
export interface PerformanceSeries {
  readonly days: readonly string[];
  readonly equity: readonly Fixed[];
  readonly index: Float64Array;
  readonly drawdown: Float64Array;
  /** Null on days after ruin. */
  readonly returns: readonly (number | null)[];
  readonly exposure: readonly (number | null)[];
  /** Benchmark scaled to the strategy's index where it begins; null without a benchmark on that day. */
  readonly benchmark: readonly (number | null)[];
  readonly rollingSharpe: readonly (number | null)[];
  readonly rollingVolatility: readonly (number | null)[];
  readonly rollingBeta: readonly (number | null)[];
  readonly rollingWindow: number;
}

/** Everything about a backtest's or an account's performance; families that a caller does not draw cost little. */
export interface PerformanceReport {
  readonly basis: PerformanceBasis;
  /** The API's `Performance`. */
  readonly summary: PerformanceSummary;
  /** Fields of the summary that are null only because the sample is too small; `ratios` and others hold them. */
  readonly withheld: readonly (keyof PerformanceSummary)[];
  readonly ratios: RatioFigures;
  readonly moments: Moments;
  readonly tails: TailRisk;
  readonly dailyWins: DailyWins;
  readonly drawdowns: DrawdownRisk & { readonly worst: readonly Drawdown[]; readonly count: number };
  readonly months: readonly PeriodReturn[];
  readonly years: readonly PeriodReturn[];
  readonly monthTable: readonly YearOfMonths[];
  readonly distribution: readonly Bin[];
  readonly relative: RelativePerformance | null;
  readonly trades: {
    readonly statistics: TradeStatistics;
    readonly closed: readonly RoundTrip[];
    readonly open: readonly OpenTrade[];
  };
  readonly exposure: Exposure;
  readonly costs: Costs;
  readonly compat: {
    readonly quantstats: QuantstatsFigures;
    readonly empyrical: EmpyricalFigures;
    readonly lean: LeanFigures;
    readonly nautilus: NautilusFigures;
  };
  readonly series: PerformanceSeries;
}
