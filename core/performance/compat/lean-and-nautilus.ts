import { annualise } from '../annualisation.ts';
import { dailyWinsOf } from '../daily-wins.ts';
import { momentsOf } from '../moments.ts';
import { normalQuantile } from '../normal.ts';
import { sharpe, sharpeOfDay, sortino } from '../risk-adjusted.ts';
import { ratio } from '../sums.ts';
import { type CompatInput, probabilisticSharpeOfExcess } from './compat-input.ts';

/** Figures as QuantConnect's Lean defines them, after its published formulas. */
export interface LeanFigures {
  /** (1 + mean)^P - 1. */
  readonly annualPerformance: number | null;
  /** (annual performance - rf) / (s sqrt(P)). */
  readonly sharpe: number | null;
  /** (annual performance - rf) over the deviation (ddof 1) of the losing days, a year. */
  readonly sortino: number | null;
  /** Normal: mean + s Phi^-1(0.05). */
  readonly valueAtRisk95: number | null;
  /** Against a Sharpe ratio of 1 a year, (g2 - 1)/4 with excess kurtosis. */
  readonly probabilisticSharpe: number | null;
}

/** Figures as NautilusTrader defines them. */
export interface NautilusFigures {
  /** Without a risk-free rate. */
  readonly sharpe: number | null;
  readonly sortino: number | null;
  /** Days with a gain over all days: a flat one counts as lost. */
  readonly winRate: number | null;
}

export const leanFigures = ({ returns, terms }: CompatInput): LeanFigures => {
  const { periodsPerYear, riskFree } = terms;
  const moments = momentsOf(returns);
  const { mean, deviation } = moments;
  const losing = momentsOf(returns.filter((value) => value < 0)).deviation;
  const performance = mean === null ? null : annualise(mean, periodsPerYear);
  const perDeviation = (ofDay: number | null): number | null =>
    performance === null || ofDay === null
      ? null
      : ratio(performance - riskFree, ofDay * Math.sqrt(periodsPerYear));
  return {
    annualPerformance: performance,
    sharpe: perDeviation(deviation),
    sortino: perDeviation(losing),
    valueAtRisk95: mean === null || deviation === null ? null : mean + deviation * normalQuantile(0.05)!,
    probabilisticSharpe: probabilisticSharpeOfExcess(
      moments,
      sharpeOfDay(moments, 0),
      1 / Math.sqrt(periodsPerYear),
    ),
  };
};

export const nautilusFigures = ({ returns, terms }: CompatInput): NautilusFigures => {
  const withoutRate = { ...terms, riskFree: 0 };
  const { wins } = dailyWinsOf(returns);
  return {
    sharpe: sharpe(momentsOf(returns), withoutRate),
    sortino: sortino(returns, withoutRate),
    winRate: ratio(wins, returns.length),
  };
};
