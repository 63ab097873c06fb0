import { divide, type Fixed, fromInteger, sign, toNumber } from '@omniquant/plugin-sdk/decimal';

import { kellyFraction, longestRuns } from './daily-wins.ts';
import type { RoundTrip } from './round-trips.ts';
import { meanOf, ratio } from './sums.ts';
import { percentile } from './tail-risk.ts';

/**
 * Statistics of closed trades, each counted by its PnL after fees. Money is exact, its averages rounded
 * half-even to 18 decimals.
 */
export interface TradeStatistics {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  /** Trades that ended at exactly nothing: neither won nor lost. */
  readonly flats: number;
  /** wins / (wins + losses). */
  readonly winRate: number | null;
  readonly grossProfit: Fixed;
  /** Zero or below. */
  readonly grossLoss: Fixed;
  readonly netPnl: Fixed;
  readonly fees: Fixed;
  /** Gross profit over |gross loss|; null without a loss. */
  readonly profitFactor: number | null;
  /** Mean PnL of a trade, flat ones included; null without a trade. */
  readonly expectancy: Fixed | null;
  readonly averageWin: Fixed | null;
  /** Below zero. */
  readonly averageLoss: Fixed | null;
  readonly largestWin: Fixed | null;
  readonly largestLoss: Fixed | null;
  /** Average win over |average loss|; null without one of them. */
  readonly payoffRatio: number | null;
  /** Kelly's fraction of the trades: winRate - (1 - winRate) / payoffRatio. */
  readonly kelly: number | null;
  /** Mean return on the value of the entries. */
  readonly averageReturn: number | null;
  /** In the order of closing; a flat trade ends both kinds. */
  readonly maxConsecutiveWins: number;
  readonly maxConsecutiveLosses: number;
  readonly averageDurationSeconds: number | null;
  readonly medianDurationSeconds: number | null;
  readonly longestDurationSeconds: number | null;
  readonly shortestDurationSeconds: number | null;
  readonly longs: number;
  readonly shorts: number;
}

const total = (amounts: readonly Fixed[]): Fixed => amounts.reduce((sum, amount) => sum + amount, 0n);

const average = (amounts: readonly Fixed[]): Fixed | null =>
  amounts.length === 0 ? null : divide(total(amounts), fromInteger(amounts.length));

const extreme = (amounts: readonly Fixed[], outdoes: (a: Fixed, b: Fixed) => boolean): Fixed | null =>
  amounts.reduce<Fixed | null>(
    (best, amount) => (best === null || outdoes(amount, best) ? amount : best),
    null,
  );

/** The quotient of two exact amounts as a statistic; null without one of them, or by zero. */
const quotient = (a: Fixed | null, b: Fixed | null): number | null =>
  a === null || b === null ? null : ratio(toNumber(a), toNumber(b));

export const tradeStatisticsOf = (closed: readonly RoundTrip[]): TradeStatistics => {
  const pnls = closed.map(({ netPnl }) => netPnl);
  const won = pnls.filter((pnl) => pnl > 0n);
  const lost = pnls.filter((pnl) => pnl < 0n);
  const grossProfit = total(won);
  const grossLoss = total(lost);
  const averageWin = average(won);
  const averageLoss = average(lost);
  const winRate = ratio(won.length, won.length + lost.length);
  const payoffRatio = averageLoss === null ? null : quotient(averageWin, -averageLoss);
  const runs = longestRuns(pnls.map(sign));
  const durations = Float64Array.from(
    closed,
    ({ openedAt, closedAt }) => (closedAt - openedAt) / 1000,
  ).sort();
  return {
    trades: closed.length,
    wins: won.length,
    losses: lost.length,
    flats: closed.length - won.length - lost.length,
    winRate,
    grossProfit,
    grossLoss,
    netPnl: grossProfit + grossLoss,
    fees: total(closed.map(({ fees }) => fees)),
    profitFactor: quotient(grossProfit, -grossLoss),
    expectancy: average(pnls),
    averageWin,
    averageLoss,
    largestWin: extreme(won, (a, b) => a > b),
    largestLoss: extreme(lost, (a, b) => a < b),
    payoffRatio,
    kelly: kellyFraction(winRate, payoffRatio),
    averageReturn: meanOf(closed.map((trade) => trade.return).filter((value) => value !== null)),
    maxConsecutiveWins: runs.wins,
    maxConsecutiveLosses: runs.losses,
    averageDurationSeconds: meanOf(durations),
    medianDurationSeconds: percentile(durations, 0.5),
    longestDurationSeconds: durations.at(-1) ?? null,
    shortestDurationSeconds: durations[0] ?? null,
    longs: closed.filter(({ direction }) => direction === 'LONG').length,
    shorts: closed.filter(({ direction }) => direction === 'SHORT').length,
  };
};
