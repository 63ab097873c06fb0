import { type OptimizerAsset, WEIGHT_TOLERANCE, type Weights } from './optimizer.ts';
import { OptimizerError } from './optimizer-error.ts';

type Bounded = Pick<OptimizerAsset, 'symbol' | 'min' | 'max'>;

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * How much of the portfolio can be invested, as a fraction: 1, or the sum of the maxima where that is less.
 * @throws {@link OptimizerError} INFEASIBLE when the minima sum to more than 1.
 * @example
 * ```ts
 * investable([{ symbol: 'AAPL', min: 0, max: 0.3 }, { symbol: 'MSFT', min: 0.1, max: 0.4 }]); // 0.7
 * ```
 */
export function investable(assets: readonly Bounded[]): number {
  const least = sumOf(assets.map(({ min }) => min));
  if (least > 1 + WEIGHT_TOLERANCE) {
    throw new OptimizerError('INFEASIBLE', `the minima sum to ${String(least)}: lower them to 1 in all`);
  }
  return Math.min(1, sumOf(assets.map(({ max }) => max)));
}

/**
 * Weights in proportion to shares, within the bounds of the assets: each is max(min, min(max, f x share)), with the
 * one factor f at which all that is investable is invested. An asset with a share of 0 gets its minimum; the rest
 * stays in cash when all others are at their maxima.
 * @param shares In the order of `assets`, on any scale.
 * @throws {@link OptimizerError} INFEASIBLE when the minima sum to more than 1, BAD_INPUT for shares that are below zero,
 * no numbers, or not as many as there are assets.
 * @example
 * ```ts
 * const assets = [{ symbol: 'AAPL', min: 0, max: 1 }, { symbol: 'MSFT', min: 0, max: 1 }];
 * proportionalWeights(assets, [3, 1]); // { AAPL: 0.75, MSFT: 0.25 }
 * ```
 */
export function proportionalWeights(assets: readonly Bounded[], shares: readonly number[]): Weights {
  const largest = Math.max(...shares);
  if (shares.length !== assets.length || !shares.every((share) => share >= 0 && Number.isFinite(share))) {
    throw new OptimizerError('BAD_INPUT', 'there has to be one finite share from 0 for each asset');
  }
  const wanted = investable(assets);
  // On a scale of 1, so that no quotient of a bound and a share leaves the range of floats.
  const parts = assets.map(({ max, min }, index) => ({
    min,
    max,
    share: largest > 0 ? shares[index]! / largest : 0,
  }));
  const weightsAt = (factor: number): number[] =>
    parts.map(({ max, min, share }) => Math.max(min, Math.min(max, factor * share)));
  const weights = weightsAt(factorFor(parts, wanted, weightsAt));
  return Object.fromEntries(assets.map(({ symbol }, index) => [symbol, weights[index]!]));
}

/** The sum of the weights grows with the factor, linearly between the factors at which one reaches a bound. */
function factorFor(
  parts: readonly { readonly min: number; readonly max: number; readonly share: number }[],
  wanted: number,
  weightsAt: (factor: number) => readonly number[],
): number {
  const corners = parts
    .filter(({ share }) => share > 0)
    .flatMap(({ max, min, share }) => [min / share, max / share])
    .filter((corner) => Number.isFinite(corner))
    .sort((a, b) => a - b);
  let before = 0;
  let sumBefore = sumOf(weightsAt(0));
  for (const corner of corners) {
    const sum = sumOf(weightsAt(corner));
    if (sum >= wanted) {
      const share = sum > sumBefore ? (wanted - sumBefore) / (sum - sumBefore) : 0;
      return before + Math.max(0, share) * (corner - before);
    }
    before = corner;
    sumBefore = sum;
  }
  return before;
}
