import type { PerformanceSummary } from '../performance/summary.ts';

/** Every figure of a run's performance can be searched for. */
export type ObjectiveFigure = keyof PerformanceSummary;

/** What a parameter set is to have much of, or little. */
export interface SweepObjective {
  readonly figure: ObjectiveFigure;
  readonly direction: 'MAXIMIZE' | 'MINIMIZE';
  /** Runs with fewer closed trades count as failed: a ratio of one lucky trade is no finding. */
  readonly minimumTrades: number;
}

/** Of which less is better; the usual one is more. Falls such as maxDrawdown are below zero, so that more is better. */
const BETTER_WHEN_SMALL: ReadonlySet<ObjectiveFigure> = new Set<ObjectiveFigure>([
  ...(['totalFees', 'volatility', 'maxDrawdownDays', 'ulcerIndex', 'kurtosis', 'trackingError'] as const),
  ...(['maxConsecutiveLosses', 'turnover'] as const),
]);

/** Where a figure gets better when nothing else is said. */
export const usualDirection = (figure: ObjectiveFigure): SweepObjective['direction'] =>
  BETTER_WHEN_SMALL.has(figure) ? 'MINIMIZE' : 'MAXIMIZE';

/** All of them, in the order of the API's type `Performance`. */
export const OBJECTIVE_FIGURES = [
  ...(['startEquity', 'endEquity', 'netProfit', 'totalFees', 'totalReturn', 'cagr', 'volatility'] as const),
  ...(['sharpe', 'probabilisticSharpe', 'sortino', 'calmar', 'omega', 'maxDrawdown'] as const),
  ...(['maxDrawdownDays', 'ulcerIndex', 'valueAtRisk95', 'conditionalValueAtRisk95', 'skewness'] as const),
  ...(['kurtosis', 'tailRatio', 'bestDay', 'worstDay', 'alpha', 'beta', 'informationRatio'] as const),
  ...(['trackingError', 'treynor', 'trades', 'winRate', 'profitFactor', 'expectancy', 'averageWin'] as const),
  ...(['averageLoss', 'payoffRatio', 'maxConsecutiveWins', 'maxConsecutiveLosses'] as const),
  ...(['averageTradeDurationSeconds', 'exposure', 'turnover'] as const),
] as const satisfies readonly ObjectiveFigure[];

/** A figure as a number; null where it is not defined. Money is a float here: it only ranks. */
export const figureOf = (figures: PerformanceSummary, name: ObjectiveFigure): number | null => {
  const value = figures[name];
  return value === null ? null : Number(value);
};

/** The higher the better, as tuners are told; null where the figure is not defined or there are too few trades. */
export const scoreOf = (
  figures: PerformanceSummary,
  { direction, figure, minimumTrades }: SweepObjective,
): number | null => {
  const value = figureOf(figures, figure);
  if (value === null || !Number.isFinite(value) || figures.trades < minimumTrades) return null;
  return direction === 'MAXIMIZE' ? value : -value;
};
