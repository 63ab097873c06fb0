import type { Decimal } from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Costs } from './costs.ts';
import type { DrawdownRisk } from './drawdowns.ts';
import type { Exposure } from './exposure.ts';
import type { Moments } from './moments.ts';
import type { RatioFigures } from './ratios.ts';
import type { RelativePerformance } from './relative.ts';
import type { TailRisk } from './tail-risk.ts';
import type { TradeStatistics } from './trade-statistics.ts';

/** Fewer days or trades than these say nothing about a ratio: the summary leaves it out. */
export interface MinimumSample {
  readonly days: number;
  readonly trades: number;
}

/** The API's type `Performance`, field by field: fractions (0.1 is 10 %), money as decimal strings. */
export interface PerformanceSummary {
  readonly startEquity: Decimal;
  readonly endEquity: Decimal;
  /** Change of equity less what flowed in, plus what flowed out. */
  readonly netProfit: Decimal;
  readonly totalFees: Decimal;
  readonly totalReturn: number | null;
  readonly cagr: number | null;
  readonly volatility: number | null;
  readonly sharpe: number | null;
  readonly probabilisticSharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  readonly omega: number | null;
  readonly maxDrawdown: number | null;
  readonly maxDrawdownDays: number | null;
  readonly ulcerIndex: number | null;
  readonly valueAtRisk95: number | null;
  readonly conditionalValueAtRisk95: number | null;
  readonly skewness: number | null;
  readonly kurtosis: number | null;
  readonly tailRatio: number | null;
  readonly bestDay: number | null;
  readonly worstDay: number | null;
  readonly alpha: number | null;
  readonly beta: number | null;
  readonly informationRatio: number | null;
  readonly trackingError: number | null;
  readonly treynor: number | null;
  readonly trades: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  readonly expectancy: Decimal | null;
  readonly averageWin: Decimal | null;
  readonly averageLoss: Decimal | null;
  readonly payoffRatio: number | null;
  readonly maxConsecutiveWins: number;
  readonly maxConsecutiveLosses: number;
  readonly averageTradeDurationSeconds: number | null;
  readonly exposure: number | null;
  readonly turnover: number | null;
}

/** The families that a summary is drawn from. */
export interface SummaryParts {
  readonly startEquity: Fixed;
  readonly endEquity: Fixed;
  readonly netFlows: Fixed;
  readonly ratios: RatioFigures;
  readonly moments: Moments;
  readonly tails: TailRisk;
  readonly drawdowns: DrawdownRisk;
  readonly relative: RelativePerformance | null;
  readonly trades: TradeStatistics;
  readonly exposure: Exposure;
  readonly costs: Costs;
}

const RATIOS_OF_DAYS = [
  'sharpe',
  'probabilisticSharpe',
  'sortino',
  'calmar',
  'omega',
  'tailRatio',
  'informationRatio',
  'treynor',
] as const satisfies readonly (keyof PerformanceSummary)[];
const RATIOS_OF_TRADES = [
  'winRate',
  'profitFactor',
  'payoffRatio',
] as const satisfies readonly (keyof PerformanceSummary)[];

const money = (amount: Fixed | null): Decimal | null => (amount === null ? null : formatDecimal(amount));

const complete = (parts: SummaryParts): PerformanceSummary => {
  const { ratios, moments, tails, drawdowns, relative, trades, exposure, costs } = parts;
  return {
    startEquity: formatDecimal(parts.startEquity),
    endEquity: formatDecimal(parts.endEquity),
    netProfit: formatDecimal(parts.endEquity - parts.startEquity - parts.netFlows),
    totalFees: formatDecimal(costs.totalFees),
    totalReturn: ratios.totalReturn,
    cagr: ratios.cagr,
    volatility: ratios.volatility,
    sharpe: ratios.sharpe,
    probabilisticSharpe: ratios.probabilisticSharpe,
    sortino: ratios.sortino,
    calmar: ratios.calmar,
    omega: ratios.omega,
    maxDrawdown: drawdowns.maxDrawdown,
    maxDrawdownDays: drawdowns.maxDrawdownDays,
    ulcerIndex: drawdowns.ulcerIndex,
    valueAtRisk95: tails.valueAtRisk95,
    conditionalValueAtRisk95: tails.conditionalValueAtRisk95,
    skewness: moments.skewness,
    kurtosis: moments.kurtosis,
    tailRatio: tails.tailRatio,
    bestDay: tails.bestDay,
    worstDay: tails.worstDay,
    alpha: relative?.alpha ?? null,
    beta: relative?.beta ?? null,
    informationRatio: relative?.informationRatio ?? null,
    trackingError: relative?.trackingError ?? null,
    treynor: relative?.treynor ?? null,
    trades: trades.trades,
    winRate: trades.winRate,
    profitFactor: trades.profitFactor,
    expectancy: money(trades.expectancy),
    averageWin: money(trades.averageWin),
    averageLoss: money(trades.averageLoss),
    payoffRatio: trades.payoffRatio,
    maxConsecutiveWins: trades.maxConsecutiveWins,
    maxConsecutiveLosses: trades.maxConsecutiveLosses,
    averageTradeDurationSeconds: trades.averageDurationSeconds,
    exposure: exposure.timeInMarket,
    turnover: costs.turnover,
  };
};

/** The summary, without the ratios that its sample is too small for; `withheld` names those that there were. */
export const summaryOf = (
  parts: SummaryParts,
  minimum: MinimumSample,
): { readonly summary: PerformanceSummary; readonly withheld: (keyof PerformanceSummary)[] } => {
  const summary = complete(parts);
  const withheld = [
    ...(parts.moments.count < minimum.days ? RATIOS_OF_DAYS : []),
    ...(parts.trades.trades < minimum.trades ? RATIOS_OF_TRADES : []),
  ].filter((field) => summary[field] !== null);
  return {
    summary: { ...summary, ...Object.fromEntries(withheld.map((field) => [field, null])) },
    withheld,
  };
};
