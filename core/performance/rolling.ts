import { type Annualisation, riskFreeOfDay } from './annualisation.ts';
import { ROUNDING_SPREAD } from './moments.ts';
import { PerformanceError, requireSameLength } from './performance-error.ts';
import { ratio } from './sums.ts';

/**
 * Figures of the last `window` values at each position, null until there are as many. One pass: a value
 * comes in as one goes out, and the sums are made anew once a window, so that the rounding of a long
 * series does not pile up. Cost grows with the length alone, whatever the window.
 */
interface WindowSums {
  readonly meanA: number;
  readonly meanB: number;
  /** Sums of squares and products of the distances to the means. */
  readonly squaresA: number;
  readonly squaresB: number;
  readonly products: number;
  readonly spreadA: boolean;
  readonly spreadB: boolean;
}

const requireWindow = (window: number): void => {
  if (Number.isInteger(window) && window >= 2) return;
  throw new PerformanceError('INVALID_PARAMETER', `window is ${window}: give a whole number of days from 2`);
};

/** Length of the run of equal values (up to rounding) that ends at a position. */
const runLength = (values: ArrayLike<number>, at: number, before: number): number =>
  at > 0 && Math.abs(values[at]! - values[at - 1]!) <= ROUNDING_SPREAD ? before + 1 : 1;

const overWindows = <T>(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  window: number,
  figure: (sums: WindowSums) => T | null,
): (T | null)[] => {
  requireWindow(window);
  const figures: (T | null)[] = [];
  // Distances are taken to a value of the window itself: sums of squares then lose no digits to the mean.
  let originA = 0;
  let originB = 0;
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  let [runA, runB] = [0, 0];
  const add = (index: number, sign: 1 | -1): void => {
    const x = a[index]! - originA;
    const y = b[index]! - originB;
    sumA += sign * x;
    sumB += sign * y;
    squaresA += sign * x * x;
    squaresB += sign * y * y;
    products += sign * x * y;
  };
  for (let last = 0; last < a.length; last += 1) {
    runA = runLength(a, last, runA);
    runB = runLength(b, last, runB);
    const first = last - window + 1;
    if (first < 0) {
      figures.push(null);
      continue;
    }
    if (first % window === 0) {
      [originA, originB] = [a[first]!, b[first]!];
      [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
      for (let index = first; index <= last; index += 1) add(index, 1);
    } else {
      add(last, 1);
      add(first - 1, -1);
    }
    figures.push(
      figure({
        meanA: originA + sumA / window,
        meanB: originB + sumB / window,
        squaresA: Math.max(0, squaresA - (sumA * sumA) / window),
        squaresB: Math.max(0, squaresB - (sumB * sumB) / window),
        products: products - (sumA * sumB) / window,
        spreadA: runA < window,
        spreadB: runB < window,
      }),
    );
  }
  return figures;
};

/** Volatility a year of the last `window` returns. Throws PerformanceError for a window under 2 days. */
export const rollingVolatility = (
  returns: ArrayLike<number>,
  window: number,
  periodsPerYear: number,
): (number | null)[] =>
  overWindows(returns, returns, window, ({ squaresA, spreadA }) =>
    spreadA ? Math.sqrt((squaresA / (window - 1)) * periodsPerYear) : 0,
  );

/** Sharpe ratio a year of the last `window` returns; null also where they do not vary. */
export const rollingSharpe = (
  returns: ArrayLike<number>,
  window: number,
  terms: Annualisation,
): (number | null)[] => {
  const riskFree = riskFreeOfDay(terms);
  return overWindows(returns, returns, window, ({ meanA, squaresA, spreadA }) =>
    spreadA
      ? ratio((meanA - riskFree) * Math.sqrt(terms.periodsPerYear), Math.sqrt(squaresA / (window - 1)))
      : null,
  );
};

/** Beta against a benchmark of the same days over the last `window`; null also where that does not vary. */
export const rollingBeta = (
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  window: number,
): (number | null)[] => {
  requireSameLength(returns, benchmark);
  return overWindows(returns, benchmark, window, ({ products, squaresB, spreadB }) =>
    spreadB ? ratio(products, squaresB) : null,
  );
};
