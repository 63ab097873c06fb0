import { isConstant, last, mean, type Output, rma, sma, sum } from './definitions.ts';
import type { TestBar } from './series.ts';

/* The indicators of bars as their authors define them: highs, lows, closes and volumes. */

export const trueRanges = (bars: readonly TestBar[]): number[] =>
  bars.slice(1).map(({ high, low }, index) => {
    const { close } = bars[index]!;
    return Math.max(high - low, Math.abs(high - close), Math.abs(low - close));
  });

export const atr = (bars: readonly TestBar[], n: number): number | null => rma(trueRanges(bars), n);

/** S(t) = S(t-1) - S(t-1) / n + x(t), from the sum of the first n - 1. */
const wilderSums = (xs: readonly number[], n: number): number[] => {
  const sums: number[] = [];
  let value = sum(xs.slice(0, n - 1));
  for (const x of xs.slice(n - 1)) {
    value = value - value / n + x;
    sums.push(value);
  }
  return sums;
};

export const adx = (bars: readonly TestBar[], n: number): Output => {
  const moves = bars.slice(1).map(({ high, low }, index) => {
    const up = high - bars[index]!.high;
    const down = bars[index]!.low - low;
    return { up: up > Math.max(0, down) ? up : 0, down: down > Math.max(0, up) ? down : 0 };
  });
  const ranges = wilderSums(trueRanges(bars), n);
  const share = (sums: number[]): number[] =>
    sums.map((x, index) => (ranges[index] === 0 ? 0 : (100 * x) / ranges[index]!));
  const plus = share(
    wilderSums(
      moves.map(({ up }) => up),
      n,
    ),
  );
  const minus = share(
    wilderSums(
      moves.map(({ down }) => down),
      n,
    ),
  );
  const dx = plus.map((p, index) =>
    p + minus[index]! === 0 ? 0 : (100 * Math.abs(p - minus[index]!)) / (p + minus[index]!),
  );
  const strength = rma(dx, n);
  return strength === null ? null : [strength, plus.at(-1)!, minus.at(-1)!];
};

const positions = (bars: readonly TestBar[], n: number): number[] =>
  bars.slice(n - 1).map(({ close }, index) => {
    const window = bars.slice(index, index + n);
    const high = Math.max(...window.map((bar) => bar.high));
    const low = Math.min(...window.map((bar) => bar.low));
    return high === low ? 0.5 : (close - low) / (high - low);
  });

export const stochastic = (
  bars: readonly TestBar[],
  n: number,
  smoothing: number,
  signal: number,
): Output => {
  const fast = positions(bars, n).map((position) => 100 * position);
  const slow = fast.slice(smoothing - 1).map((_, index) => mean(fast.slice(index, index + smoothing)));
  const average = sma(slow, signal);
  return average === null ? null : [fast.at(-1)!, slow.at(-1)!, average];
};

export const williamsR = (bars: readonly TestBar[], n: number): number | null => {
  const position = positions(bars, n).at(-1);
  return position === undefined ? null : -100 * (1 - position);
};

export const donchian = (bars: readonly TestBar[], n: number): Output => {
  const window = last(bars, n);
  if (window === null) return null;
  const upper = Math.max(...window.map(({ high }) => high));
  const lower = Math.min(...window.map(({ low }) => low));
  return [upper, (upper + lower) / 2, lower];
};

export const typical = ({ high, low, close }: TestBar): number => (high + low + close) / 3;

/** Three times the typical price in cents, which is exact. */
const centsOf = ({ high, low, close }: TestBar): number => Math.round(100 * (high + low + close));

export const cci = (bars: readonly TestBar[], n: number): number | null => {
  const window = last(bars, n)?.map((bar) => centsOf(bar) / 300);
  if (window === undefined) return null;
  if (isConstant(window)) return 0;
  const average = mean(window);
  return (window.at(-1)! - average) / (0.015 * mean(window.map((price) => Math.abs(price - average))));
};

export const mfi = (bars: readonly TestBar[], n: number): number | null => {
  const window = last(bars, n + 1);
  if (window === null) return null;
  const flow = (sign: number): number =>
    sum(
      window
        .slice(1)
        .map((bar, index) =>
          Math.sign(centsOf(bar) - centsOf(window[index]!)) === sign ? typical(bar) * bar.volume : 0,
        ),
    );
  const [positive, negative] = [flow(1), flow(-1)];
  return positive + negative === 0 ? 50 : (100 * positive) / (positive + negative);
};

export const aroon = (bars: readonly TestBar[], n: number): Output => {
  const window = last(bars, n + 1);
  if (window === null) return null;
  const highs = window.map(({ high }) => high);
  const lows = window.map(({ low }) => low);
  const up = (100 * highs.lastIndexOf(Math.max(...highs))) / n;
  const down = (100 * lows.lastIndexOf(Math.min(...lows))) / n;
  return [up, down, up - down];
};
