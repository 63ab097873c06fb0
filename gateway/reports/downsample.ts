import type { PriceBar } from './tear-sheet-input.ts';

const mergeBars = (first: PriceBar, last: PriceBar): PriceBar => ({
  at: first.at,
  open: first.open,
  high: Math.max(first.high, last.high),
  low: Math.min(first.low, last.low),
  close: last.close,
});

/** Neighbours as one bar; their number is even. */
const inPairs = (bars: readonly PriceBar[]): PriceBar[] =>
  Array.from({ length: bars.length / 2 }, (_, pair) => mergeBars(bars[pair * 2]!, bars[pair * 2 + 1]!));

/** Bars of one price chart: more than a wide screen tells apart. */
export const MOST_BARS = 2_000;

interface BarSampler {
  add(bar: PriceBar): void;
  bars(): readonly PriceBar[];
}

/**
 * Keeps at most `limit` + 1 bars of any number, neighbours merged into one of the first's open, the highest
 * high, the lowest low and the last's close: no extreme is lost. All but the last hold equally many. Memory
 * does not grow with their number.
 */
export const barSampler = (limit: number): BarSampler => {
  const most = Math.max(2, limit - (limit % 2));
  let merged: PriceBar[] = [];
  let inEach = 1;
  let unfinished: PriceBar | null = null;
  let count = 0;
  return {
    add: (bar) => {
      unfinished = unfinished === null ? bar : mergeBars(unfinished, bar);
      count += 1;
      if (count < inEach) return;
      if (merged.length === most) {
        // From here on a bar holds twice as many: the unfinished one is half done.
        merged = inPairs(merged);
        inEach *= 2;
        return;
      }
      merged.push(unfinished);
      unfinished = null;
      count = 0;
    },
    bars: () => (unfinished === null ? merged : [...merged, unfinished]),
  };
};

/** {@link barSampler} over a whole series, which is read once. */
export const downsampleBars = (bars: Iterable<PriceBar>, limit: number): readonly PriceBar[] => {
  const sampler = barSampler(limit);
  for (const bar of bars) sampler.add(bar);
  return sampler.bars();
};

type Series = ArrayLike<number | null>;

const markExtremes = (series: Series, from: number, to: number, kept: Set<number>): void => {
  let lowest = -1;
  let highest = -1;
  for (let at = from; at < to; at += 1) {
    const value = series[at];
    if (value === null || value === undefined) continue;
    if (lowest < 0 || value < series[lowest]!) lowest = at;
    if (highest < 0 || value > series[highest]!) highest = at;
  }
  if (lowest >= 0) kept.add(lowest).add(highest);
};

/**
 * The days of a chart: all where they are few, else of each of `buckets` equal spans the first and last day
 * and those of the lowest and highest value of each series (Jugel et al., "M4", VLDB 2014), in order.
 */
export const daysToDraw = (days: number, series: readonly Series[], buckets: number): readonly number[] => {
  if (days <= buckets * 4) return Array.from({ length: days }, (_, day) => day);
  const kept = new Set<number>();
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = Math.floor((bucket * days) / buckets);
    const to = Math.floor(((bucket + 1) * days) / buckets);
    kept.add(from).add(to - 1);
    for (const values of series) markExtremes(values, from, to, kept);
  }
  return [...kept].sort((a, b) => a - b);
};
