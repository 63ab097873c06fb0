import { type Annualisation, growthRate, riskFreeOfDay } from './annualisation.ts';
import type { DailySeries } from './daily-equity.ts';
import type { DrawdownRisk } from './drawdowns.ts';
import type { Moments } from './moments.ts';
import {
  calmar,
  downsideDeviation,
  gainToPain,
  omega,
  sharpe,
  sortino,
  volatility,
} from './risk-adjusted.ts';
import { minimumTrackRecord, probabilisticSharpe, sharpeEstimateOf } from './sharpe-inference.ts';
import { ratio } from './sums.ts';

/** Yearly ratios and what they are made of; each function says when it is null. */
export interface RatioFigures {
  readonly totalReturn: number | null;
  readonly cagr: number | null;
  readonly volatility: number | null;
  /** Downside deviation from the risk-free rate, a year. */
  readonly downsideDeviation: number | null;
  readonly sharpe: number | null;
  /** Likelihood that the true Sharpe ratio is above zero. */
  readonly probabilisticSharpe: number | null;
  /** Days until that reaches 95 %. */
  readonly minimumTrackRecordDays: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  readonly omega: number | null;
  readonly gainToPain: number | null;
  /** (growth rate - rf) over the ulcer index. */
  readonly ulcerPerformanceIndex: number | null;
  /** Total return over |maximum drawdown|. */
  readonly recoveryFactor: number | null;
}

export const ratiosOf = (
  { index, returns }: DailySeries,
  moments: Moments,
  { maxDrawdown, ulcerIndex }: DrawdownRisk,
  terms: Annualisation,
): RatioFigures => {
  const { periodsPerYear: periods, riskFree } = terms;
  const ofDay = riskFreeOfDay(terms);
  const last = index.at(-1);
  const totalReturn = last === undefined ? null : last - 1;
  const cagr = growthRate(totalReturn, index.length, periods);
  const downside = downsideDeviation(returns, ofDay);
  const estimate = sharpeEstimateOf(moments, ofDay);
  return {
    totalReturn,
    cagr,
    volatility: volatility(moments, periods),
    downsideDeviation: downside === null ? null : downside * Math.sqrt(periods),
    sharpe: sharpe(moments, terms),
    probabilisticSharpe: probabilisticSharpe(estimate),
    minimumTrackRecordDays: minimumTrackRecord(estimate),
    sortino: sortino(returns, terms),
    calmar: calmar(cagr, maxDrawdown),
    omega: omega(returns),
    gainToPain: gainToPain(returns),
    ulcerPerformanceIndex: cagr === null ? null : ratio(cagr - riskFree, ulcerIndex),
    recoveryFactor: maxDrawdown === null ? null : ratio(totalReturn, Math.abs(maxDrawdown)),
  };
};
