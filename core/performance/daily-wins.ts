import { meanOf, ratio } from './sums.ts';

/** Days by the sign of their return. Trades have statistics of their own, in trade-statistics.ts. */
export interface DailyWins {
  readonly wins: number;
  readonly losses: number;
  readonly flats: number;
  /** wins / (wins + losses); null where every day is flat. */
  readonly winRate: number | null;
  readonly averageWin: number | null;
  /** Negative. */
  readonly averageLoss: number | null;
  /** Average win over |average loss|; null without one of them. */
  readonly payoffRatio: number | null;
  /** Sum of gains over sum of losses, on daily returns; null without a loss. The same as omega at zero. */
  readonly profitFactorOfReturns: number | null;
  /** Kelly's fraction of two outcomes: winRate - (1 - winRate) / payoffRatio (Kelly 1956); null without it. */
  readonly kelly: number | null;
  readonly maxConsecutiveWins: number;
  readonly maxConsecutiveLosses: number;
}

/** Longest run of entries of a sign; an entry of zero ends both kinds. */
export const longestRuns = (signs: Iterable<number>): { readonly wins: number; readonly losses: number } => {
  let run = 0;
  let wins = 0;
  let losses = 0;
  for (const sign of signs) {
    if (sign === 0) run = 0;
    else if (sign > 0) run = run > 0 ? run + 1 : 1;
    else run = run < 0 ? run - 1 : -1;
    wins = Math.max(wins, run);
    losses = Math.max(losses, -run);
  }
  return { wins, losses };
};

/** winRate - (1 - winRate) / payoffRatio; null without both. */
export const kellyFraction = (winRate: number | null, payoffRatio: number | null): number | null => {
  if (winRate === null) return null;
  const cost = ratio(1 - winRate, payoffRatio);
  return cost === null ? null : winRate - cost;
};

export const dailyWinsOf = (returns: ArrayLike<number>): DailyWins => {
  const all = Array.from(returns);
  const won = all.filter((value) => value > 0);
  const lost = all.filter((value) => value < 0);
  const averageWin = meanOf(won);
  const averageLoss = meanOf(lost);
  const winRate = ratio(won.length, won.length + lost.length);
  const payoffRatio = averageLoss === null ? null : ratio(averageWin, -averageLoss);
  const runs = longestRuns(all.map(Math.sign));
  return {
    wins: won.length,
    losses: lost.length,
    flats: all.length - won.length - lost.length,
    winRate,
    averageWin,
    averageLoss,
    payoffRatio,
    profitFactorOfReturns:
      averageLoss === null ? null : ratio((averageWin ?? 0) * won.length, -averageLoss * lost.length),
    kelly: kellyFraction(winRate, payoffRatio),
    maxConsecutiveWins: runs.wins,
    maxConsecutiveLosses: runs.losses,
  };
};
