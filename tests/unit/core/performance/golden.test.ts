import { describe, expect, it } from '@jest/globals';

import { riskFreeOfDay } from '../../../../core/performance/annualisation.ts';
import { leanFigures, nautilusFigures } from '../../../../core/performance/compat/lean-and-nautilus.ts';
import { quantstatsFigures } from '../../../../core/performance/compat/quantstats.ts';
import { dailyWinsOf } from '../../../../core/performance/daily-wins.ts';
import { drawdownRiskOf, drawdownsOf } from '../../../../core/performance/drawdowns.ts';
import { momentsOf } from '../../../../core/performance/moments.ts';
import { ratiosOf } from '../../../../core/performance/ratios.ts';
import { relativePerformanceOf } from '../../../../core/performance/relative.ts';
import { sharpe, sharpeOfDay } from '../../../../core/performance/risk-adjusted.ts';
import { probabilisticSharpe, sharpeEstimateOf } from '../../../../core/performance/sharpe-inference.ts';
import { tailRiskOf } from '../../../../core/performance/tail-risk.ts';
import { expectNear, GOLDEN } from './figures.ts';

const TERMS = { periodsPerYear: 252, riskFree: 0 };
const returns = Float64Array.from(GOLDEN.returns);
const benchmark = Float64Array.from(GOLDEN.benchmark);
const days = Array.from({ length: 20 }, (_, index) => `2024-03-${String(index + 1).padStart(2, '0')}`);
let wealth = 1;
const index = returns.map((value) => (wealth *= 1 + value));
const series = {
  ...{ startDay: '2024-02-29', days, index, returns },
  ...{ equity: [], exposure: [], ruinedOn: null, carriedDays: 0 },
};
const moments = momentsOf(returns);
const drawdowns = drawdownRiskOf(index, drawdownsOf(series));
const ratios = ratiosOf(series, moments, drawdowns, TERMS);
const tails = tailRiskOf(returns);
const wins = dailyWinsOf(returns);
const relative = relativePerformanceOf(returns, benchmark, TERMS);
const compared = { returns, paired: { returns, benchmark }, terms: TERMS };
const quantstats = quantstatsFigures(compared);
const lean = leanFigures(compared);
const nautilus = nautilusFigures(compared);
const perDay = sharpeEstimateOf(moments, 0);
const perYearOne = 1 / Math.sqrt(252);

/** Every value of the vector, and what of ours has to agree with it. */
const OURS: Readonly<Record<string, number | null>> = {
  n: moments.count,
  mean: moments.mean,
  std_ddof1: moments.deviation,
  vol_ann: ratios.volatility,
  'sharpe (Nautilus/quantstats/empyrical rf=0)': ratios.sharpe,
  'sharpe rf=5%/yr (quantstats, rf/period=(1.05)^(1/252)-1)': sharpe(moments, { ...TERMS, riskFree: 0.05 }),
  downside_dev_daily: ratios.downsideDeviation === null ? null : ratios.downsideDeviation / Math.sqrt(252),
  'sortino (Nautilus/quantstats/empyrical)': ratios.sortino,
  'Lean AnnualPerformance (1+mean)^252-1': lean.annualPerformance,
  'Lean Sharpe rf=0': lean.sharpe,
  'Lean Sortino rf=0 (stdev ddof1 of negatives only)': lean.sortino,
  total_return: ratios.totalReturn,
  'CAGR n/252 (Nautilus/quantstats/empyrical)': ratios.cagr,
  'maxdd (peak seeded at 1)': drawdowns.maxDrawdown,
  calmar: ratios.calmar,
  'skew G1': moments.skewness,
  'excess kurt G2': moments.kurtosis,
  'PSR(0) correct': ratios.probabilisticSharpe,
  'PSR(0) as coded in quantstats': quantstats.probabilisticSharpeUntil62,
  'PSR(SR*=1/yr) correct': probabilisticSharpe(perDay, perYearOne),
  'PSR(SR*=1/yr) as coded in Lean, rf=0': lean.probabilisticSharpe,
  'VaR95 historical linear (empyrical)': tails.valueAtRisk95,
  'CVaR95 (empyrical: mean of lowest floor((n-1)*.05)+1)': tails.conditionalValueAtRisk95,
  'VaR95 normal (quantstats/Lean)': quantstats.valueAtRisk95,
  'CVaR95 quantstats': quantstats.conditionalValueAtRisk95Until62,
  'omega(0)': ratios.omega,
  'profit_factor on returns': wins.profitFactorOfReturns,
  gain_to_pain: ratios.gainToPain,
  'tail_ratio 95/5': tails.tailRatio,
  'ulcer (quantstats, n-1)': drawdowns.ulcerIndex,
  beta: relative.beta,
  'alpha geometric (Nautilus/empyrical)': relative.alpha,
  'alpha arithmetic (quantstats)': quantstats.alpha,
  'tracking error ann': relative.trackingError,
  'IR annualised (Nautilus)': relative.informationRatio,
  'IR per-period (quantstats)': quantstats.informationRatio,
  'Treynor annualised (Nautilus)': relative.treynor,
  'Treynor total (quantstats)': quantstats.treynor,
  'win rate non-zero (quantstats)': wins.winRate,
  'win rate zeros as losers (Nautilus WinRate rule)': nautilus.winRate,
  payoff: wins.payoffRatio,
  kelly: wins.kelly,
};

describe('the golden vector', () => {
  it.each(Object.entries(GOLDEN.values))('agrees on %s', (name, expected) => {
    expect(OURS).toHaveProperty([name]);
    expectNear(OURS[name] ?? null, expected, 1e-12);
  });

  it('has the same normal value at risk in Lean, and ratios without a rate in Nautilus', () => {
    expect(lean.valueAtRisk95).toBe(quantstats.valueAtRisk95);
    expect(nautilus.sharpe).toBe(ratios.sharpe);
    expect(nautilus.sortino).toBe(ratios.sortino);
    const rate = { ...TERMS, riskFree: 0.05 };
    expect(nautilusFigures({ ...compared, terms: rate })).toEqual(nautilus);
    expectNear(sharpe(moments, rate), (sharpeOfDay(moments, riskFreeOfDay(rate)) ?? NaN) * Math.sqrt(252));
  });
});
