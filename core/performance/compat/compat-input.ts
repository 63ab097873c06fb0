import type { Annualisation } from '../annualisation.ts';
import type { Moments } from '../moments.ts';
import { normalCdf } from '../normal.ts';

/** What the figures of other libraries are computed of. */
export interface CompatInput {
  readonly returns: Float64Array;
  /** The returns of the days on which a benchmark has one, too, and the benchmark's; null without one. */
  readonly paired: { readonly returns: Float64Array; readonly benchmark: Float64Array } | null;
  readonly terms: Annualisation;
}

/**
 * The probabilistic Sharpe ratio as Lean and quantstats up to 0.0.62 code it: excess kurtosis put where the
 * formula has the raw one, (g2 - 1)/4 for (g2 + 2)/4. Null without a Sharpe ratio and its higher moments.
 */
export const probabilisticSharpeOfExcess = (
  { count, skewness, kurtosis }: Moments,
  sharpeOfDay: number | null,
  benchmark = 0,
): number | null => {
  if (sharpeOfDay === null || skewness === null || kurtosis === null) return null;
  const factor = 1 - skewness * sharpeOfDay + ((kurtosis - 1) / 4) * sharpeOfDay ** 2;
  return factor > 0
    ? normalCdf(((sharpeOfDay - benchmark) * Math.sqrt(count - 1)) / Math.sqrt(factor))
    : null;
};
