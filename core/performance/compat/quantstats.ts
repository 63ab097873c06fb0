import { riskFreeOfDay } from '../annualisation.ts';
import { dailyWinsOf } from '../daily-wins.ts';
import { underwaterOf } from '../drawdowns.ts';
import { type Moments, momentsOf } from '../moments.ts';
import { normalDensity, normalQuantile } from '../normal.ts';
import { relativePerformanceOf } from '../relative.ts';
import { omega, sharpeOfDay } from '../risk-adjusted.ts';
import { compoundOf, meanOf, ratio, sumOf } from '../sums.ts';
import { type CompatInput, probabilisticSharpeOfExcess } from './compat-input.ts';

/**
 * The figures whose convention in quantstats 0.0.86 is not ours, as that library computes them with its
 * defaults; null where it gives NaN, infinity or a stand-in.
 */
export interface QuantstatsFigures {
  /** Threshold at the risk-free rate. */
  readonly omega: number | null;
  /** Normal: mean + s Phi^-1(0.05). */
  readonly valueAtRisk95: number | null;
  /** Normal expected shortfall: mean - s phi(Phi^-1(0.05)) / 0.05. */
  readonly conditionalValueAtRisk95: number | null;
  /** Up to 0.0.62: mean of the returns below the normal value at risk, or that itself without one. */
  readonly conditionalValueAtRisk95Until62: number | null;
  /** Up to 0.0.62, without the risk-free rate: (g2 - 1)/4 with excess kurtosis. */
  readonly probabilisticSharpeUntil62: number | null;
  /** Of daily returns, gains of zero among the wins. */
  readonly profitFactor: number | null;
  readonly winRate: number | null;
  readonly payoffRatio: number | null;
  readonly kelly: number | null;
  /** |sum of returns| over |maximum drawdown|. */
  readonly recoveryFactor: number | null;
  /** (total return - rf) over the ulcer index. */
  readonly ulcerPerformanceIndex: number | null;
  /** Fraction of days with a return, rounded up to whole per cent. */
  readonly exposure: number | null;
  /** (mean(r) - beta x mean(b)) x P, without the risk-free rate. */
  readonly alpha: number | null;
  /** mean(r - b) / s(r - b), not annualised. */
  readonly informationRatio: number | null;
  /** (total return - rf) / beta. */
  readonly treynor: number | null;
}

const normalTail = ({ mean, deviation }: Moments) => {
  if (mean === null || deviation === null) return { valueAtRisk95: null, conditionalValueAtRisk95: null };
  const quantile = normalQuantile(0.05)!;
  return {
    valueAtRisk95: mean + deviation * quantile,
    conditionalValueAtRisk95: mean - (deviation * normalDensity(quantile)) / 0.05,
  };
};

/** The capital's own course, of returns alone. */
const wealthOf = (returns: Float64Array): Float64Array => {
  let wealth = 1;
  return returns.map((value) => (wealth *= 1 + value));
};

const benchmarkFigures = ({ paired, terms }: CompatInput) => {
  if (paired === null) return { alpha: null, informationRatio: null, treynor: null };
  const { returns, benchmark } = paired;
  const { beta, informationRatio } = relativePerformanceOf(returns, benchmark, terms);
  const [mean, benchmarkMean] = [meanOf(returns), meanOf(benchmark)];
  return {
    alpha:
      beta === null || mean === null || benchmarkMean === null
        ? null
        : (mean - beta * benchmarkMean) * terms.periodsPerYear,
    informationRatio: informationRatio === null ? null : informationRatio / Math.sqrt(terms.periodsPerYear),
    treynor: ratio(compoundOf(returns) - terms.riskFree, beta),
  };
};

export const quantstatsFigures = (input: CompatInput): QuantstatsFigures => {
  const { returns, terms } = input;
  const moments = momentsOf(returns);
  const wins = dailyWinsOf(returns);
  const total = compoundOf(returns);
  const below = underwaterOf(wealthOf(returns));
  const deepest = below.reduce((lowest, value) => Math.min(lowest, value), 0);
  const ulcer = below.length < 2 ? null : Math.sqrt(sumOf(below, (value) => value ** 2) / (below.length - 1));
  const tail = normalTail(moments);
  const limit = tail.valueAtRisk95;
  return {
    omega: omega(returns, riskFreeOfDay(terms)),
    ...tail,
    conditionalValueAtRisk95Until62:
      limit === null ? null : (meanOf(returns.filter((value) => value < limit)) ?? limit),
    probabilisticSharpeUntil62: probabilisticSharpeOfExcess(moments, sharpeOfDay(moments, 0)),
    profitFactor: wins.profitFactorOfReturns,
    winRate: wins.winRate,
    payoffRatio: wins.payoffRatio,
    kelly: wins.kelly,
    recoveryFactor: ratio(Math.abs(sumOf(returns)), -deepest),
    ulcerPerformanceIndex: ratio(total - terms.riskFree, ulcer),
    exposure:
      returns.length === 0 ? null : Math.ceil(((returns.length - wins.flats) / returns.length) * 100) / 100,
    ...benchmarkFigures(input),
  };
};
