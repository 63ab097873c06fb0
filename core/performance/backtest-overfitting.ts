import { isConstant } from './moments.ts';
import { PerformanceError, requireFinite } from './performance-error.ts';
import { meanOf, sumOf } from './sums.ts';

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, López
 * de Prado and Zhu, "The Probability of Backtest Overfitting", Journal of Computational Finance 20(4), 2017):
 * time is cut into S blocks, every half of them is in sample once and the rest out of sample, and the
 * strategy that is best in sample is ranked out of sample.
 */
export interface BacktestOverfitting {
  /** Fraction of splits where the best in sample is at or below the median out of sample. */
  readonly probability: number;
  /** Fraction of splits where the best in sample has a Sharpe ratio below zero out of sample. */
  readonly probabilityOfLoss: number;
  /** For each split ln(w / (1 - w)), w the relative rank out of sample of the best in sample. */
  readonly logits: Float64Array;
  /** Sharpe ratios (of one period) of the best in sample, there and out of sample, for each split. */
  readonly inSample: Float64Array;
  readonly outOfSample: Float64Array;
  /** Slope of out of sample on in sample; null where the latter does not vary. */
  readonly degradation: number | null;
}

const MAX_BLOCKS = 20;

const requireBlocks = (strategies: readonly ArrayLike<number>[], blocks: number): number => {
  const days = strategies[0]?.length ?? 0;
  if (strategies.length < 2 || strategies.some(({ length }) => length !== days)) {
    throw new PerformanceError(
      'UNEQUAL_LENGTH',
      'give the returns of two strategies or more over the same days: a split ranks them',
    );
  }
  if (!Number.isInteger(blocks) || blocks < 2 || blocks > MAX_BLOCKS || blocks % 2 === 1) {
    throw new PerformanceError('INVALID_PARAMETER', `blocks is ${blocks}: give an even number of 2 to 20`);
  }
  if (days < 2 * blocks) {
    throw new PerformanceError(
      'INVALID_PARAMETER',
      `${days} days for ${blocks} blocks: give two days a block at least, or fewer blocks`,
    );
  }
  return days;
};

/** Sums over the blocks of each strategy, of distances to its mean: squares then lose no digits. */
const createBlockSums = (strategies: readonly ArrayLike<number>[], blocks: number, days: number) => {
  const count = strategies.length;
  const sums = new Float64Array(blocks * count);
  const squares = new Float64Array(blocks * count);
  const lengths = Array.from(
    { length: blocks },
    (_, block) => Math.floor(((block + 1) * days) / blocks) - Math.floor((block * days) / blocks),
  );
  const means = strategies.map((returns) => meanOf(returns)!);
  strategies.forEach((returns, strategy) => {
    requireFinite(returns, `strategies[${strategy}]`);
    if (isConstant(returns)) return;
    for (let day = 0; day < days; day += 1) {
      const block = Math.min(blocks - 1, Math.floor(((day + 1) * blocks - 1) / days));
      const distance = returns[day]! - means[strategy]!;
      sums[block * count + strategy]! += distance;
      squares[block * count + strategy]! += distance * distance;
    }
  });
  return { sums, squares, lengths, means };
};

/** Every choice of half of the blocks that holds the first, as bits: its complement is the other half. */
const halves = (blocks: number): number[] => {
  const chosen: number[] = [];
  for (let mask = 1; mask < 1 << blocks; mask += 2) {
    let bits = 0;
    for (let rest = mask; rest !== 0; rest &= rest - 1) bits += 1;
    if (bits === blocks / 2) chosen.push(mask);
  }
  return chosen;
};

const best = (sharpes: Float64Array): number => {
  let index = 0;
  for (let other = 1; other < sharpes.length; other += 1) {
    if (sharpes[other]! > sharpes[index]!) index = other;
  }
  return index;
};

/** Rank among all over (count + 1), equals sharing the middle of theirs: strictly between 0 and 1. */
const relativeRank = (sharpes: Float64Array, strategy: number): number => {
  let below = 0;
  let equal = 0;
  for (const sharpe of sharpes) {
    if (sharpe < sharpes[strategy]!) below += 1;
    else if (sharpe === sharpes[strategy]) equal += 1;
  }
  return (below + (equal + 1) / 2) / (sharpes.length + 1);
};

const slopeOf = (x: Float64Array, y: Float64Array): number | null => {
  if (isConstant(x)) return null;
  const [meanX, meanY] = [meanOf(x)!, meanOf(y)!];
  const products = x.map((value, index) => (value - meanX) * (y[index]! - meanY));
  return sumOf(products) / sumOf(x, (value) => (value - meanX) ** 2);
};

/**
 * `strategies[k]` holds the daily returns of the k-th, all over the same days. Ranked by the Sharpe ratio
 * (ddof 1, no risk-free rate); one that does not vary in a half counts as zero there. Cost is the number
 * of splits, C(S, S/2) (12,870 for 16 blocks), times strategies times S; days count once.
 * Throws {@link PerformanceError} for fewer than two strategies, series of unequal length, or blocks that
 * are odd, not 2 to 20, or shorter than two days.
 */
export const backtestOverfitting = (
  strategies: readonly ArrayLike<number>[],
  blocks = 16,
): BacktestOverfitting => {
  const days = requireBlocks(strategies, blocks);
  const { sums, squares, lengths, means } = createBlockSums(strategies, blocks, days);
  const count = strategies.length;
  const totals = new Float64Array(count);
  const totalSquares = new Float64Array(count);
  const sharpesOf = (mask: number, sharpes: Float64Array): Float64Array => {
    totals.fill(0);
    totalSquares.fill(0);
    let length = 0;
    for (let block = 0; block < blocks; block += 1) {
      if ((mask & (1 << block)) === 0) continue;
      length += lengths[block]!;
      for (let strategy = 0; strategy < count; strategy += 1) {
        totals[strategy]! += sums[block * count + strategy]!;
        totalSquares[strategy]! += squares[block * count + strategy]!;
      }
    }
    for (let strategy = 0; strategy < count; strategy += 1) {
      const shift = totals[strategy]! / length;
      const variance = (totalSquares[strategy]! - totals[strategy]! * shift) / (length - 1);
      sharpes[strategy] = variance > 1e-28 ? (means[strategy]! + shift) / Math.sqrt(variance) : 0;
    }
    return sharpes;
  };

  const masks = halves(blocks);
  const logits = new Float64Array(2 * masks.length);
  const inSample = new Float64Array(logits.length);
  const outOfSample = new Float64Array(logits.length);
  const [first, second] = [new Float64Array(count), new Float64Array(count)];
  let split = 0;
  const record = (within: Float64Array, without: Float64Array): void => {
    const chosen = best(within);
    const rank = relativeRank(without, chosen);
    logits[split] = Math.log(rank / (1 - rank));
    inSample[split] = within[chosen]!;
    outOfSample[split] = without[chosen]!;
    split += 1;
  };
  const all = 2 ** blocks - 1;
  for (const mask of masks) {
    sharpesOf(mask, first);
    sharpesOf(all & ~mask, second);
    record(first, second);
    record(second, first);
  }
  return {
    probability: logits.filter((logit) => logit <= 0).length / logits.length,
    probabilityOfLoss: outOfSample.filter((sharpe) => sharpe < 0).length / logits.length,
    logits,
    inSample,
    outOfSample,
    degradation: slopeOf(inSample, outOfSample),
  };
};
