import { type Fixed, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { TradingCalendar } from '../market/calendar.ts';
import { performanceOf } from '../performance/performance-of.ts';
import type { PerformanceSummary } from '../performance/summary.ts';
import type { EvaluationSummary } from './evaluation.ts';
import type { Span } from './walk-forward-windows.ts';

/** Figures that daily returns are enough for. */
const FIGURES = [
  ...(['totalReturn', 'cagr', 'volatility', 'sharpe', 'probabilisticSharpe', 'sortino', 'calmar'] as const),
  ...(['omega', 'maxDrawdown', 'maxDrawdownDays', 'ulcerIndex', 'valueAtRisk95'] as const),
  ...(['conditionalValueAtRisk95', 'skewness', 'kurtosis', 'tailRatio', 'bestDay', 'worstDay'] as const),
] as const satisfies readonly (keyof PerformanceSummary)[];

export type DailyFigures = Pick<PerformanceSummary, (typeof FIGURES)[number]>;

/** The tests of a walk-forward, one after the other, as if the gains of each had been put into the next. */
export interface StitchedPerformance {
  readonly days: readonly string[];
  readonly returns: readonly number[];
  /** What a unit of capital became by the end of each day. */
  readonly index: readonly number[];
  readonly performance: DailyFigures;
  /** Closed trades of all tests. */
  readonly trades: number;
}

/** The days of a test with what came of it; null where nothing was traded in it. */
export interface TestedSpan {
  readonly span: Span;
  readonly evaluation: EvaluationSummary | null;
}

export interface StitchTerms {
  readonly calendar: TradingCalendar;
  readonly startingCash: string;
  readonly riskFree: number;
}

/** Days of a span in which nothing was traded, and those after ruin, are days without a return. */
export function stitchedPerformance(tested: readonly TestedSpan[], terms: StitchTerms): StitchedPerformance {
  const { calendar, riskFree } = terms;
  const days: string[] = [];
  const returns: number[] = [];
  for (const { evaluation, span } of tested) {
    const ofSpan = daysOf(span, calendar);
    const first = evaluation === null ? -1 : ofSpan.indexOf(evaluation.firstDay ?? '');
    for (const [index, day] of ofSpan.entries()) {
      days.push(day);
      returns.push(first < 0 ? 0 : (evaluation?.returns[index - first] ?? 0));
    }
  }
  let value = 1;
  const index = returns.map((each) => (value *= 1 + each));
  const startingCash = parseDecimal(terms.startingCash);
  const { summary } = performanceOf({
    ...{ calendar, startingCash, riskFree },
    equity: {
      startDay: days[0] === undefined ? null : calendar.previousTradingDay(days[0]),
      days,
      equity: index.map((each) => worth(startingCash, each)),
      index: Float64Array.from(index),
      returns: Float64Array.from(returns),
      exposure: days.map(() => null),
      ruinedOn: null,
      carriedDays: 0,
    },
  });
  return {
    ...{ days, returns, index },
    performance: Object.fromEntries(FIGURES.map((name) => [name, summary[name]])) as unknown as DailyFigures,
    trades: tested.reduce((sum, { evaluation }) => sum + (evaluation?.performance?.trades ?? 0), 0),
  };
}

const PARTS = 1e9;
const worth = (cash: Fixed, index: number): Fixed =>
  (cash * BigInt(Math.round(index * PARTS))) / BigInt(PARTS);

/** Trading days that end in a span. */
function daysOf({ from, to }: Span, calendar: TradingCalendar): readonly string[] {
  const days: string[] = [];
  let day = calendar.tradingDay(from);
  for (;;) {
    const opens = calendar.open(day);
    const end = opens === undefined ? calendar.endOfDay(from) : calendar.endOfDay(opens);
    if (end > to) return days;
    if (end > from) days.push(day);
    day = calendar.nextTradingDay(day);
  }
}
