import type { DrawdownRisk } from '../../../core/performance/drawdowns.ts';
import type { Moments } from '../../../core/performance/moments.ts';
import type { RatioFigures } from '../../../core/performance/ratios.ts';
import type { TailRisk } from '../../../core/performance/tail-risk.ts';
import { term, type TermsOf } from './term.ts';

/** "The year" has as many trading days as the calendar: the sheet names them. */
export const RATIO_TERMS: TermsOf<RatioFigures> = {
  totalReturn: term('Total return', 'PERCENT', 'Compounded daily returns, deposits and withdrawals removed.'),
  cagr: term(
    'Growth a year (CAGR)',
    'PERCENT',
    'The constant yearly growth that compounds to the total return.',
  ),
  volatility: term(
    'Volatility',
    'PERCENT',
    'Standard deviation of daily returns (ddof 1) times the square root of the trading days in a year.',
  ),
  downsideDeviation: term(
    'Downside deviation',
    'PERCENT',
    'Root mean square of the shortfalls below the risk-free rate, over all days, a year.',
  ),
  sharpe: term(
    'Sharpe ratio',
    'RATIO',
    'Mean daily return above the risk-free rate over the standard deviation, a year. Undefined for constant returns.',
  ),
  probabilisticSharpe: term(
    'Probabilistic Sharpe',
    'PERCENT',
    'Likelihood that the true Sharpe ratio is above zero, given the length, skewness and kurtosis of the record.',
  ),
  minimumTrackRecordDays: term(
    'Minimum track record',
    'DAYS',
    'Trading days after which the probabilistic Sharpe ratio would reach 95%, were the record to go on alike.',
  ),
  sortino: term(
    'Sortino ratio',
    'RATIO',
    'Mean daily return above the risk-free rate over the downside deviation, a year.',
  ),
  calmar: term('Calmar ratio', 'RATIO', 'Growth a year over the size of the deepest drawdown.'),
  omega: term(
    'Omega',
    'RATIO',
    'Sum of the gains over the sum of the losses of days, with a threshold of zero.',
  ),
  gainToPain: term(
    'Gain to pain',
    'RATIO',
    'Sum of all daily returns over the size of the sum of the negative ones.',
  ),
  ulcerPerformanceIndex: term(
    'Ulcer performance index',
    'RATIO',
    'Growth a year above the risk-free rate over the ulcer index.',
  ),
  recoveryFactor: term('Recovery factor', 'RATIO', 'Total return over the size of the deepest drawdown.'),
};

export const MOMENT_TERMS: TermsOf<Moments> = {
  count: term('Daily returns', 'COUNT', 'How many daily returns the figures rest on.'),
  mean: term('Mean day', 'PERCENT', 'Arithmetic mean of the daily returns.'),
  deviation: term(
    'Deviation of a day',
    'PERCENT',
    'Sample standard deviation (ddof 1) of the daily returns.',
  ),
  skewness: term(
    'Skewness',
    'NUMBER',
    'Adjusted Fisher-Pearson G1: below zero where large losses are likelier than large gains.',
  ),
  kurtosis: term(
    'Excess kurtosis',
    'NUMBER',
    'G2, zero for a normal distribution: above zero where extreme days are more frequent.',
  ),
};

export const TAIL_TERMS: TermsOf<TailRisk> = {
  valueAtRisk95: term(
    'Value at risk, 95%',
    'PERCENT',
    'The 5th percentile of daily returns: one day in twenty is worse.',
  ),
  conditionalValueAtRisk95: term(
    'Expected shortfall, 95%',
    'PERCENT',
    'Mean of the worst twentieth of days (conditional value at risk).',
  ),
  valueAtRisk99: term('Value at risk, 99%', 'PERCENT', 'The 1st percentile of daily returns.'),
  conditionalValueAtRisk99: term(
    'Expected shortfall, 99%',
    'PERCENT',
    'Mean of the worst hundredth of days.',
  ),
  tailRatio: term(
    'Tail ratio',
    'RATIO',
    'Size of the 95th percentile of daily returns over that of the 5th.',
  ),
  bestDay: term('Best day', 'PERCENT', 'Highest daily return.'),
  worstDay: term('Worst day', 'PERCENT', 'Lowest daily return.'),
};

export const DRAWDOWN_TERMS: TermsOf<DrawdownRisk & { readonly count: number }> = {
  maxDrawdown: term(
    'Deepest drawdown',
    'PERCENT',
    'Largest fall below a peak before it; the peak starts at the capital put in.',
  ),
  averageDrawdown: term('Average drawdown', 'PERCENT', 'Mean depth of all drawdowns.'),
  maxDrawdownDays: term(
    'Longest drawdown',
    'DAYS',
    'Calendar days from a peak until it was reached again, one that still lasts included.',
  ),
  averageDrawdownDays: term('Average length', 'DAYS', 'Mean calendar days of all drawdowns.'),
  timeUnderWater: term('Time under water', 'PERCENT', 'Share of the days that end below a peak.'),
  ulcerIndex: term(
    'Ulcer index',
    'PERCENT',
    'Root mean square of the drawdown over all days: deep and long falls weigh most.',
  ),
  painIndex: term('Pain index', 'PERCENT', 'Mean size of the drawdown over all days.'),
  currentDrawdown: term('Drawdown at the end', 'PERCENT', 'Distance to the peak on the last day.'),
  count: term('Drawdowns', 'COUNT', 'How many times equity fell below a peak.'),
};
