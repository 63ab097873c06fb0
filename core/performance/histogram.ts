import { isConstant } from './moments.ts';
import { percentile } from './tail-risk.ts';

/** One bar of a distribution: `from` counts, `to` does not, but for the last bar. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const MAX_BINS = 200;

/**
 * Bars of equal width over all values, 2 IQR / n^(1/3) wide (Freedman and Diaconis 1981), 200 at most; one
 * bar for values that do not vary, none for none.
 */
export const histogramOf = (values: ArrayLike<number>): Bin[] => {
  const ascending = Float64Array.from(values).sort();
  const [lowest, highest] = [ascending[0], ascending.at(-1)];
  if (lowest === undefined || highest === undefined) return [];
  if (isConstant(ascending)) return [{ from: lowest, to: highest, count: ascending.length }];
  const quartiles = percentile(ascending, 0.75)! - percentile(ascending, 0.25)!;
  const width = (2 * quartiles) / Math.cbrt(ascending.length);
  // Without a width (half of the days flat, say) Sturges' number of bars.
  const wanted = width > 0 ? (highest - lowest) / width : Math.log2(ascending.length) + 1;
  const bins = Math.max(1, Math.min(MAX_BINS, Math.ceil(wanted)));
  const step = (highest - lowest) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of ascending) counts[Math.min(bins - 1, Math.floor((value - lowest) / step))]! += 1;
  return counts.map((count, bin) => ({
    from: lowest + bin * step,
    to: bin === bins - 1 ? highest : lowest + (bin + 1) * step,
    count,
  }));
};
