/** Of simple returns, a row an asset. */
export type Matrix = readonly (readonly number[])[];

const returnsOf = (closes: readonly number[]): readonly number[] =>
  closes.slice(1).map((close, index) => close / closes[index]! - 1);

/**
 * Sample covariance of the simple returns of aligned closes, (1 - shrinkage) of it, and shrinkage of the identity
 * times the mean variance (the target of O. Ledoit and M. Wolf, "A Well-Conditioned Estimator for
 * Large-Dimensional Covariance Matrices", Journal of Multivariate Analysis 88, 2004). Divided by the mean variance,
 * as only proportions matter; null when nothing has moved.
 */
export function relativeCovariance(series: Matrix, shrinkage: number): Matrix | null {
  const centred = series.map((closes) => {
    const returns = returnsOf(closes);
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    return returns.map((value) => value - mean);
  });
  const raw = centred.map((one) =>
    centred.map((other) => one.reduce((sum, value, at) => sum + value * other[at]!, 0) / (one.length - 1)),
  );
  const meanVariance = raw.reduce((sum, row, index) => sum + row[index]!, 0) / raw.length;
  if (!(meanVariance > STILL)) return null;
  return raw.map((row, index) =>
    row.map((value, at) => (1 - shrinkage) * (value / meanVariance) + (index === at ? shrinkage : 0)),
  );
}

/** Below this a variance is the rounding of the floats that it is computed with. */
const STILL = 1e-24;
