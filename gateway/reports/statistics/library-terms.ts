import type { PerformanceReport } from '../../../core/performance/report.ts';
import { type Term, term } from './term.ts';

type Libraries = PerformanceReport['compat'];

/** What other libraries would say where their convention is not ours; the row names the difference. */
export const LIBRARY_TERMS: {
  readonly [Library in keyof Libraries]: {
    readonly name: string;
    readonly terms: { readonly [Figure in keyof Libraries[Library]]: Term };
  };
} = {
  quantstats: {
    name: 'quantstats 0.0.86',
    terms: {
      omega: term('Omega', 'RATIO', 'With a threshold at the risk-free rate.'),
      valueAtRisk95: term('Value at risk, 95%', 'PERCENT', 'Of a normal distribution.'),
      conditionalValueAtRisk95: term('Expected shortfall, 95%', 'PERCENT', 'Of a normal distribution.'),
      conditionalValueAtRisk95Until62: term(
        'Expected shortfall, 95%, until 0.0.62',
        'PERCENT',
        'Mean of the returns below the normal value at risk.',
      ),
      probabilisticSharpeUntil62: term(
        'Probabilistic Sharpe, until 0.0.62',
        'PERCENT',
        'With excess kurtosis where the formula has the raw one, and no risk-free rate.',
      ),
      profitFactor: term('Profit factor', 'RATIO', 'Of daily returns.'),
      winRate: term('Win rate', 'PERCENT', 'Of daily returns.'),
      payoffRatio: term('Payoff ratio', 'RATIO', 'Of daily returns.'),
      kelly: term('Kelly fraction', 'PERCENT', 'Of daily returns.'),
      recoveryFactor: term(
        'Recovery factor',
        'RATIO',
        'Size of the sum of returns over that of the deepest drawdown.',
      ),
      ulcerPerformanceIndex: term(
        'Ulcer performance index',
        'RATIO',
        'Total return above the risk-free rate over the ulcer index.',
      ),
      exposure: term('Exposure', 'PERCENT', 'Share of days with a return, rounded up to whole per cent.'),
      alpha: term('Alpha', 'PERCENT', 'Of mean returns, not compounded, without the risk-free rate.'),
      informationRatio: term('Information ratio', 'RATIO', 'Of a day, not of a year.'),
      treynor: term('Treynor ratio', 'RATIO', 'Total return above the risk-free rate over beta.'),
    },
  },
  empyrical: {
    name: 'empyrical-reloaded 0.7.1',
    terms: {
      omega: term('Omega', 'RATIO', 'With a threshold at the risk-free rate.'),
      downsideRisk: term('Downside risk', 'PERCENT', 'Downside deviation from the risk-free rate, a year.'),
      stability: term('Stability', 'RATIO', 'R squared of a line through the cumulative log returns.'),
      informationRatio: term('Excess Sharpe', 'RATIO', 'Information ratio of a day, not of a year.'),
    },
  },
  lean: {
    name: 'Lean',
    terms: {
      annualPerformance: term(
        'Annual performance',
        'PERCENT',
        'The mean daily return compounded over a year.',
      ),
      sharpe: term('Sharpe ratio', 'RATIO', 'Annual performance above the risk-free rate over volatility.'),
      sortino: term('Sortino ratio', 'RATIO', 'The same over the yearly deviation of the losing days.'),
      valueAtRisk95: term('Value at risk, 95%', 'PERCENT', 'Of a normal distribution.'),
      probabilisticSharpe: term(
        'Probabilistic Sharpe',
        'PERCENT',
        'Against a Sharpe ratio of 1 a year, with excess kurtosis where the formula has the raw one.',
      ),
    },
  },
  nautilus: {
    name: 'NautilusTrader',
    terms: {
      sharpe: term('Sharpe ratio', 'RATIO', 'Without a risk-free rate.'),
      sortino: term('Sortino ratio', 'RATIO', 'Without a risk-free rate.'),
      winRate: term('Win rate', 'PERCENT', 'Days with a gain over all days: a flat one counts as lost.'),
    },
  },
};
