import { atr } from './bar-definitions.ts';
import type { Output } from './definitions.ts';
import type { TestBar } from './series.ts';

/** Wilder's book, by trades: a list of trends, each with its bars, rather than one state. */
export const parabolicSar = (bars: readonly TestBar[], step: number, maximum: number): Output => {
  if (bars.length < 2) return null;
  const [first, second] = [bars[0]!, bars[1]!];
  const fell = first.low - second.low;
  let isLong = !(fell > 0 && fell > second.high - first.high);
  let stop = isLong ? first.low : first.high;
  let extreme = isLong ? second.high : second.low;
  let factor = step;
  for (let now = 1; now < bars.length; now += 1) {
    const bar = bars[now]!;
    // The bar before the first counts as that bar itself: the stop begins at its far end.
    const before = now === 1 ? bar : bars[now - 1]!;
    if (now > 1) {
      stop += factor * (extreme - stop);
      const reach = now === 2 ? [before] : [bars[now - 2]!, before];
      if (isLong) stop = Math.min(stop, ...reach.map(({ low }) => low));
      else stop = Math.max(stop, ...reach.map(({ high }) => high));
    }
    if (isLong ? bar.low <= stop : bar.high >= stop) {
      stop = isLong ? Math.max(extreme, before.high, bar.high) : Math.min(extreme, before.low, bar.low);
      isLong = !isLong;
      extreme = isLong ? bar.high : bar.low;
      factor = step;
    } else if (isLong ? bar.high > extreme : bar.low < extreme) {
      extreme = isLong ? bar.high : bar.low;
      factor = Math.min(maximum, factor + step);
    }
  }
  return [stop, isLong ? 1 : -1];
};

export const supertrend = (bars: readonly TestBar[], n: number, multiplier: number): Output => {
  let band: { upper: number; lower: number; isUp: boolean } | null = null;
  for (let now = n; now < bars.length; now += 1) {
    const bar = bars[now]!;
    const middle = (bar.high + bar.low) / 2;
    const half = multiplier * atr(bars.slice(0, now + 1), n)!;
    if (band === null) {
      band = { upper: middle + half, lower: middle - half, isUp: bar.close >= middle };
    } else {
      const { close } = bars[now - 1]!;
      band = {
        upper: close > band.upper ? middle + half : Math.min(band.upper, middle + half),
        lower: close < band.lower ? middle - half : Math.max(band.lower, middle - half),
        isUp: band.isUp,
      };
    }
    if (band.isUp) band.isUp = bar.close >= band.lower;
    else band.isUp = bar.close > band.upper;
  }
  return band && (band.isUp ? [band.lower, 1] : [band.upper, -1]);
};

/** The side that the value was last seen on, other than the level itself, decides. */
export const crossover = (values: readonly number[], levels: readonly number[]): number | null => {
  if (values.length < 2) return null;
  const sides = values.map((value, index) => Math.sign(value - levels[index]!));
  const now = sides.at(-1)!;
  const before = sides.slice(0, -1).findLast((side) => side !== 0) ?? 0;
  return now !== 0 && before === -now ? now : 0;
};
