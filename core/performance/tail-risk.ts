import { finiteOrNull, meanOf } from './sums.ts';

const TAIL = 0.05;

/**
 * Percentile of ascending values by linear interpolation between the two that enclose it (numpy's default,
 * type 7 of Hyndman and Fan 1996). Null for none.
 */
export const percentile = (ascending: ArrayLike<number>, fraction: number): number | null => {
  if (ascending.length === 0) return null;
  const position = (ascending.length - 1) * fraction;
  const below = Math.floor(position);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (high - low) * (position - below);
};

/** Figures of the tails of daily returns. Losses are negative: these are returns. */
export interface TailRisk {
  /** The 5th percentile of daily returns. */
  readonly valueAtRisk95: number | null;
  /** Mean of the lowest floor((n - 1) x 0.05) + 1 returns, empyrical's definition. */
  readonly conditionalValueAtRisk95: number | null;
  readonly valueAtRisk99: number | null;
  readonly conditionalValueAtRisk99: number | null;
  /** |95th percentile| over |5th percentile|; null where the latter is zero. */
  readonly tailRatio: number | null;
  readonly bestDay: number | null;
  readonly worstDay: number | null;
}

const tailMean = (ascending: Float64Array, tail: number): number | null =>
  ascending.length === 0
    ? null
    : meanOf(ascending.subarray(0, Math.floor((ascending.length - 1) * tail) + 1));

/** All null for an empty series. */
export const tailRiskOf = (returns: ArrayLike<number>): TailRisk => {
  const ascending = Float64Array.from(returns).sort();
  const low = percentile(ascending, TAIL);
  const high = percentile(ascending, 1 - TAIL);
  return {
    valueAtRisk95: low,
    conditionalValueAtRisk95: tailMean(ascending, TAIL),
    valueAtRisk99: percentile(ascending, 0.01),
    conditionalValueAtRisk99: tailMean(ascending, 0.01),
    tailRatio: low === null || high === null ? null : finiteOrNull(Math.abs(high) / Math.abs(low)),
    bestDay: ascending.at(-1) ?? null,
    worstDay: ascending[0] ?? null,
  };
};
