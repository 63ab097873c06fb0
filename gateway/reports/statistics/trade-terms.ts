import type { Costs } from '../../../core/performance/costs.ts';
import type { DailyWins } from '../../../core/performance/daily-wins.ts';
import type { Exposure } from '../../../core/performance/exposure.ts';
import type { RelativePerformance } from '../../../core/performance/relative.ts';
import type { TradeStatistics } from '../../../core/performance/trade-statistics.ts';
import { term, type TermsOf } from './term.ts';

export const DAY_TERMS: TermsOf<DailyWins> = {
  wins: term('Days won', 'COUNT', 'Days with a return above zero.'),
  losses: term('Days lost', 'COUNT', 'Days with a return below zero.'),
  flats: term('Flat days', 'COUNT', 'Days with a return of exactly zero: neither won nor lost.'),
  winRate: term('Win rate of days', 'PERCENT', 'Days won over days won and lost.'),
  averageWin: term('Average day won', 'PERCENT', 'Mean return of the days won.'),
  averageLoss: term('Average day lost', 'PERCENT', 'Mean return of the days lost.'),
  payoffRatio: term(
    'Payoff ratio of days',
    'RATIO',
    'Average day won over the size of the average day lost.',
  ),
  profitFactorOfReturns: term(
    'Profit factor of days',
    'RATIO',
    'Sum of the gains over the sum of the losses of days.',
  ),
  kelly: term(
    'Kelly fraction of days',
    'PERCENT',
    'Win rate less loss rate over payoff ratio (Kelly 1956), of days.',
  ),
  maxConsecutiveWins: term('Days won in a row', 'COUNT', 'Longest run of days won.'),
  maxConsecutiveLosses: term('Days lost in a row', 'COUNT', 'Longest run of days lost.'),
};

/** The figures of closed trades, in three tables of a kind each. */
export const OUTCOME_TERMS = {
  trades: term(
    'Closed trades',
    'COUNT',
    'Positions from entry to exit. One that is still open is not counted.',
  ),
  wins: term('Won', 'COUNT', 'Trades with a profit after fees.'),
  losses: term('Lost', 'COUNT', 'Trades with a loss after fees.'),
  flats: term('Flat', 'COUNT', 'Trades that ended at exactly nothing.'),
  longs: term('Long trades', 'COUNT', 'Trades that were entered by buying.'),
  shorts: term('Short trades', 'COUNT', 'Trades that were entered by selling.'),
  winRate: term('Win rate', 'PERCENT', 'Trades won over trades won and lost, after fees.'),
  maxConsecutiveWins: term('Wins in a row', 'COUNT', 'Longest run of trades won, in the order of closing.'),
  maxConsecutiveLosses: term(
    'Losses in a row',
    'COUNT',
    'Longest run of trades lost, in the order of closing.',
  ),
};

export const PNL_TERMS = {
  netPnl: term('Net profit of trades', 'MONEY', 'Profits and losses of all closed trades, after fees.'),
  grossProfit: term('Sum of profits', 'MONEY', 'Profit of all trades won, after fees.'),
  grossLoss: term('Sum of losses', 'MONEY', 'Loss of all trades lost, after fees.'),
  fees: term('Fees of trades', 'MONEY', 'Fees of the fills of closed trades.'),
  expectancy: term('Expectancy', 'MONEY', 'Mean profit of a trade after fees, flat ones included.'),
  averageWin: term('Average win', 'MONEY', 'Mean profit of the trades won.'),
  averageLoss: term('Average loss', 'MONEY', 'Mean loss of the trades lost.'),
  largestWin: term('Largest win', 'MONEY', 'Highest profit of a trade.'),
  largestLoss: term('Largest loss', 'MONEY', 'Highest loss of a trade.'),
};

export const TRADE_RATIO_TERMS = {
  profitFactor: term(
    'Profit factor',
    'RATIO',
    'Sum of profits over the size of the sum of losses. Undefined without a loss.',
  ),
  payoffRatio: term('Payoff ratio', 'RATIO', 'Average win over the size of the average loss.'),
  kelly: term(
    'Kelly fraction',
    'PERCENT',
    'Win rate less loss rate over payoff ratio (Kelly 1956), of trades.',
  ),
  averageReturn: term(
    'Average return of a trade',
    'PERCENT',
    'Mean of net profit over the value of the entry.',
  ),
  averageDurationSeconds: term(
    'Average duration',
    'SECONDS',
    'Mean time from entry to exit, nights and weekends included.',
  ),
  medianDurationSeconds: term('Median duration', 'SECONDS', 'Half of the trades lasted less.'),
  longestDurationSeconds: term('Longest trade', 'SECONDS', 'Longest time from entry to exit.'),
  shortestDurationSeconds: term('Shortest trade', 'SECONDS', 'Shortest time from entry to exit.'),
};

export const TRADE_TERMS: TermsOf<TradeStatistics> = { ...OUTCOME_TERMS, ...PNL_TERMS, ...TRADE_RATIO_TERMS };

export const RELATIVE_TERMS: TermsOf<RelativePerformance> = {
  days: term(
    'Days compared',
    'COUNT',
    'Days on which both have a return; the figures below rest on these alone.',
  ),
  benchmarkReturn: term('Benchmark return', 'PERCENT', 'Compounded return of the benchmark over these days.'),
  benchmarkGrowthRate: term(
    'Benchmark growth a year',
    'PERCENT',
    'The constant yearly growth that compounds to it.',
  ),
  correlation: term('Correlation', 'RATIO', 'Pearson correlation of the daily returns.'),
  rSquared: term('R squared', 'RATIO', 'Share of the variance that the benchmark explains.'),
  beta: term('Beta', 'RATIO', 'Covariance with the benchmark over its variance.'),
  alpha: term(
    'Alpha a year',
    'PERCENT',
    'Jensen: mean return above the risk-free rate less beta times the benchmark’s, compounded over a year.',
  ),
  trackingError: term(
    'Tracking error',
    'PERCENT',
    'Standard deviation of the difference of returns, a year.',
  ),
  informationRatio: term(
    'Information ratio',
    'RATIO',
    'Mean difference of returns over its standard deviation, a year.',
  ),
  treynor: term('Treynor ratio', 'RATIO', 'Growth a year above the risk-free rate over beta.'),
  upCapture: term('Up capture', 'RATIO', 'Growth rate over the benchmark’s on the days on which it rose.'),
  downCapture: term('Down capture', 'RATIO', 'The same on the days on which it fell: below one is better.'),
  battingAverage: term('Days ahead', 'PERCENT', 'Share of the days on which the benchmark was beaten.'),
};

export const EXPOSURE_TERMS: TermsOf<Exposure> = {
  timeInMarket: term(
    'Time in the market',
    'PERCENT',
    'Share of the time with an open position, nights and weekends included.',
  ),
  averageGross: term(
    'Average gross exposure',
    'PERCENT',
    'Mean of the sizes of all positions over equity at the ends of days.',
  ),
  highestGross: term('Highest gross exposure', 'PERCENT', 'Highest of these.'),
};

export const COST_TERMS: TermsOf<Costs> = {
  fills: term('Fills', 'COUNT', 'Executions, busted ones left out.'),
  tradedValue: term('Value traded', 'MONEY', 'Sum of the values of all fills, bought and sold.'),
  totalFees: term('Fees', 'MONEY', 'Fees of fills and other charges such as borrowing, funding and data.'),
  feesInBasisPoints: term(
    'Fees of value traded',
    'BASIS_POINTS',
    'Fees of fills over the value traded; one basis point is 0.01%.',
  ),
  feeDrag: term(
    'Fee drag a year',
    'PERCENT',
    'All fees over mean daily equity, a year: what they cost in return.',
  ),
  turnover: term(
    'Turnover a year',
    'RATIO',
    'Half of the value traded over mean daily equity, a year: 1 exchanges the whole portfolio once.',
  ),
};
