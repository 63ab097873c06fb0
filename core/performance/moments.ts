import { sumOf } from './sums.ts';

/**
 * Returns are quotients of money less one, so that rounding alone moves each by some 1e-16. What spreads
 * less than this does not spread: a constant growth has no Sharpe ratio, not one of 1e15.
 */
export const ROUNDING_SPREAD = 1e-14;

/** Whether a series of returns has one value only, up to rounding. */
export const isConstant = (values: ArrayLike<number>): boolean => {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return !(highest - lowest > ROUNDING_SPREAD);
};

/** Sample moments of a series of returns. */
export interface Moments {
  readonly count: number;
  /** Null for an empty series. */
  readonly mean: number | null;
  /** Sample standard deviation (ddof 1); null for fewer than two values, 0 for constant ones. */
  readonly deviation: number | null;
  /** Adjusted Fisher-Pearson G1 (Joanes and Gill 1998; pandas `skew`); null under 3 values or without spread. */
  readonly skewness: number | null;
  /**
   * Excess kurtosis G2, 0 for a normal distribution (Joanes and Gill 1998; pandas `kurtosis`); null under
   * 4 values or without spread.
   */
  readonly kurtosis: number | null;
}

/** Two passes: the mean first, then powers of the distance to it, so that nothing large cancels. */
export const momentsOf = (values: ArrayLike<number>): Moments => {
  const n = values.length;
  if (n === 0) return { count: 0, mean: null, deviation: null, skewness: null, kurtosis: null };
  const mean = sumOf(values) / n;
  if (isConstant(values)) {
    return { count: n, mean, deviation: n < 2 ? null : 0, skewness: null, kurtosis: null };
  }
  const second = sumOf(values, (value) => (value - mean) ** 2) / n;
  const third = sumOf(values, (value) => (value - mean) ** 3) / n;
  const fourth = sumOf(values, (value) => (value - mean) ** 4) / n;
  return {
    count: n,
    mean,
    deviation: Math.sqrt((second * n) / (n - 1)),
    skewness: n < 3 ? null : ((Math.sqrt(n * (n - 1)) / (n - 2)) * third) / second ** 1.5,
    kurtosis:
      n < 4 ? null : ((n - 1) / ((n - 2) * (n - 3))) * (((n + 1) * fourth) / (second * second) - 3 * (n - 1)),
  };
};

/** Sample covariance (ddof 1) of two series of one length; null for fewer than two pairs. */
export const covarianceOf = (a: ArrayLike<number>, b: ArrayLike<number>): number | null => {
  const n = a.length;
  if (n < 2) return null;
  const meanA = sumOf(a) / n;
  const meanB = sumOf(b) / n;
  let index = 0;
  const total = sumOf(a, (value) => {
    const product = (value - meanA) * (b[index]! - meanB);
    index += 1;
    return product;
  });
  return total / (n - 1);
};
