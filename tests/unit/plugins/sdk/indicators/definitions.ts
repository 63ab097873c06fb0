/*
 * The indicators of numbers as their authors define them, over all there were and with no thought for time:
 * what the streaming ones have to agree with. Those of bars are in bar-definitions.ts.
 */

export type Output = number | null | readonly (number | null)[];

export const last = <T>(items: readonly T[], count: number): T[] | null =>
  items.length < count ? null : items.slice(items.length - count);

export const sum = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0);
export const mean = (xs: readonly number[]): number => sum(xs) / xs.length;
export const isConstant = (xs: readonly number[]): boolean => xs.every((x) => x === xs[0]);

/** Sum of products of deviations from the mean. */
const products = (xs: readonly number[], ys: readonly number[]): number => {
  if (isConstant(xs) || isConstant(ys)) return 0;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  return sum(xs.map((x, index) => (x - meanX) * (ys[index]! - meanY)));
};

/** The mean of the first n and all later numbers, each weighted by k and its age: no recursion. */
const exponential = (xs: readonly number[], n: number, k: number): number | null => {
  if (xs.length < n) return null;
  const later = xs.slice(n);
  const decay = 1 - k;
  const recent = sum(later.map((x, index) => k * decay ** (later.length - 1 - index) * x));
  return mean(xs.slice(0, n)) * decay ** later.length + recent;
};

/** The same at every point from the first value on; by recursion, as it would take the square of the time. */
const smoothedSeries = (xs: readonly number[], n: number, k: number): number[] => {
  if (xs.length < n) return [];
  const series = [mean(xs.slice(0, n))];
  for (const x of xs.slice(n)) series.push(series.at(-1)! * (1 - k) + x * k);
  return series;
};

const emaWeight = (n: number): number => 2 / (n + 1);
const emas = (xs: readonly number[], n: number): number[] => smoothedSeries(xs, n, emaWeight(n));

export const ema = (xs: readonly number[], n: number): number | null => exponential(xs, n, emaWeight(n));
export const rma = (xs: readonly number[], n: number): number | null => exponential(xs, n, 1 / n);

export const sma = (xs: readonly number[], n: number): number | null => {
  const window = last(xs, n);
  return window && mean(window);
};

export const wma = (xs: readonly number[], n: number): number | null => {
  const window = last(xs, n);
  return window && sum(window.map((x, index) => x * (index + 1))) / ((n * (n + 1)) / 2);
};

export const dema = (xs: readonly number[], n: number): number | null => {
  const first = emas(xs, n);
  const second = emas(first, n).at(-1);
  return second === undefined ? null : 2 * first.at(-1)! - second;
};

export const tema = (xs: readonly number[], n: number): number | null => {
  const first = emas(xs, n);
  const second = emas(first, n);
  const third = emas(second, n).at(-1);
  return third === undefined ? null : 3 * first.at(-1)! - 3 * second.at(-1)! + third;
};

export const hma = (xs: readonly number[], n: number): number | null => {
  const root = Math.floor(Math.sqrt(n));
  if (xs.length < n + root - 1) return null;
  const raw = Array.from({ length: root }, (_, index) => {
    const past = xs.slice(0, xs.length - root + 1 + index);
    return 2 * wma(past, Math.floor(n / 2))! - wma(past, n)!;
  });
  return wma(raw, root);
};

export const kama = (xs: readonly number[], n: number, fast: number, slow: number): number | null => {
  if (xs.length <= n) return null;
  let value = xs[n - 1]!;
  for (let now = n; now < xs.length; now += 1) {
    const window = xs.slice(now - n, now + 1);
    const walked = sum(window.slice(1).map((x, index) => Math.abs(x - window[index]!)));
    const efficiency = isConstant(window) ? 1 : Math.abs(window[n]! - window[0]!) / walked;
    const constant = efficiency * (emaWeight(fast) - emaWeight(slow)) + emaWeight(slow);
    value += constant ** 2 * (xs[now]! - value);
  }
  return value;
};

export const variance = (xs: readonly number[], n: number, divisor: number): number | null => {
  const window = last(xs, n);
  return window && products(window, window) / divisor;
};

export const zScore = (xs: readonly number[], n: number): number | null => {
  const window = last(xs, n);
  if (window === null) return null;
  return isConstant(window) ? 0 : (xs.at(-1)! - mean(window)) / Math.sqrt(variance(window, n, n)!);
};

export const bollinger = (xs: readonly number[], n: number, width: number): Output => {
  const window = last(xs, n);
  if (window === null) return null;
  const middle = mean(window);
  const half = width * Math.sqrt(variance(window, n, n)!);
  const [upper, lower] = [middle + half, middle - half];
  return [
    upper,
    middle,
    lower,
    half === 0 ? 0.5 : (xs.at(-1)! - lower) / (upper - lower),
    (upper - lower) / middle,
  ];
};

export const rollingMin = (xs: readonly number[], n: number): number | null => {
  const window = last(xs, n);
  return window && Math.min(...window);
};

export const rollingMax = (xs: readonly number[], n: number): number | null => {
  const window = last(xs, n);
  return window && Math.max(...window);
};

export const rollingSum = (xs: readonly number[], n: number): number | null => {
  const window = last(xs, n);
  return window && sum(window);
};

export const median = (xs: readonly number[], n: number): number | null => {
  const window = last(xs, n)?.sort((a, b) => a - b);
  if (window === undefined) return null;
  return (window[Math.floor((n - 1) / 2)]! + window[Math.floor(n / 2)]!) / 2;
};

export const rsi = (xs: readonly number[], n: number): number | null => {
  const changes = xs.slice(1).map((x, index) => x - xs[index]!);
  const gain = rma(
    changes.map((change) => Math.max(0, change)),
    n,
  );
  const loss = rma(
    changes.map((change) => Math.max(0, -change)),
    n,
  );
  if (gain === null || loss === null) return null;
  return gain + loss === 0 ? 50 : 100 - 100 / (1 + gain / loss);
};

export const macd = (xs: readonly number[], fast: number, slow: number, signal: number): Output => {
  const slows = emas(xs, slow);
  const fasts = emas(xs.slice(slow - fast), fast);
  const lines = slows.map((value, index) => fasts[index]! - value);
  const average = ema(lines, signal);
  return average === null ? null : [lines.at(-1)!, average, lines.at(-1)! - average];
};

export const linearRegression = (xs: readonly number[], n: number): Output => {
  const window = last(xs, n);
  if (window === null) return null;
  const places = window.map((_, index) => index);
  const slope = products(places, window) / products(places, places);
  const intercept = mean(window) - slope * mean(places);
  const errors = sum(window.map((x, index) => (x - intercept - slope * index) ** 2));
  return [
    slope,
    intercept,
    intercept + slope * (n - 1),
    isConstant(window) ? null : 1 - errors / products(window, window),
  ];
};

export const covariance = (
  xs: readonly number[],
  ys: readonly number[],
  n: number,
  divisor: number,
): number | null => {
  const [x, y] = [last(xs, n), last(ys, n)];
  return x && y && products(x, y) / divisor;
};

export const correlation = (xs: readonly number[], ys: readonly number[], n: number): number | null => {
  const [x, y] = [last(xs, n), last(ys, n)];
  if (x === null || y === null || isConstant(x) || isConstant(y)) return null;
  return products(x, y) / Math.sqrt(products(x, x) * products(y, y));
};

export const hedge = (xs: readonly number[], ys: readonly number[], n: number): Output => {
  const [x, y] = [last(xs, n), last(ys, n)];
  if (x === null || y === null || isConstant(x)) return null;
  const beta = products(x, y) / products(x, x);
  const alpha = mean(y) - beta * mean(x);
  return [alpha, beta, y.at(-1)! - alpha - beta * x.at(-1)!];
};
