import type { Config } from './config.ts';

/** What weights are computed from. */
export interface WeightInput {
  readonly symbols: readonly string[];
  /**
   * Closes of each symbol at the same times, oldest first: at least `bars` of them. The series are in the
   * order of `symbols`.
   */
  readonly closes: readonly (readonly number[])[];
}

/**
 * A way to share a portfolio out. Pure: the same closes give the same weights.
 */
export interface WeightMethod {
  /** Closes of each symbol that it needs. */
  readonly bars: number;
  /** One weight from 0 for each symbol, 1 in all at most; null where the closes leave it undefined. */
  weigh(input: WeightInput): readonly number[] | null;
}

const fixed = (weights: Readonly<Record<string, number>>): WeightMethod => ({
  bars: 1,
  weigh: ({ symbols }) => symbols.map((symbol) => weights[symbol] ?? 0),
});

const equal: WeightMethod = {
  bars: 1,
  weigh: ({ symbols }) => symbols.map(() => 1 / symbols.length),
};

/** Sample standard deviation of the simple returns. */
const volatility = (closes: readonly number[]): number => {
  const returns = closes.slice(1).map((close, index) => close / closes[index]! - 1);
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (returns.length - 1));
};

/**
 * Weights in proportion to 1 / volatility ("equal-risk budget"; Leote de Carvalho, Lu and Moulin 2012). Null
 * while a symbol has not moved: its weight would be unbounded.
 */
const inverseVolatility = (period: number): WeightMethod => ({
  bars: period + 1,
  weigh({ closes }) {
    const inverse = closes.map((series) => 1 / volatility(series));
    const sum = inverse.reduce((total, value) => total + value, 0);
    return Number.isFinite(sum) && sum > 0 ? inverse.map((value) => value / sum) : null;
  },
});

export function weightMethod({ method, period, weights }: Config): WeightMethod {
  switch (method) {
    case 'fixed':
      return fixed(weights);
    case 'equal':
      return equal;
    case 'inverse-volatility':
      return inverseVolatility(period);
  }
}
