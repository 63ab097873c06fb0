import type { Indicator, Pair } from '../../../../../plugins/sdk/src/indicators.ts';
import * as indicators from '../../../../../plugins/sdk/src/indicators.ts';
import * as barwise from './bar-definitions.ts';
import * as by from './definitions.ts';
import * as path from './path-definitions.ts';
import type { TestBar } from './series.ts';

/** An indicator fed from bars, its parameters all from one number, and the same by definition. */
export interface Case {
  /** The factory's name. */
  readonly name: string;
  /** `n` is 2 or more. */
  make(n: number): Indicator<TestBar, unknown>;
  define(bars: readonly TestBar[], n: number): by.Output;
  /** How many bars back its value still depends on, to double precision; the default is 3,000. */
  readonly memory?: number;
}

/** Feeds an indicator of something else from bars. */
const from = <Input>(
  inner: Indicator<Input, unknown>,
  toInput: (bar: TestBar) => Input,
): Indicator<TestBar, unknown> => ({
  name: inner.name,
  warmup: inner.warmup,
  get isReady() {
    return inner.isReady;
  },
  get value() {
    return inner.value;
  },
  update: (bar) => inner.update(toInput(bar)),
  reset: () => inner.reset(),
  snapshot: () => inner.snapshot(),
  restore: (snapshot) => inner.restore(snapshot),
});

const closeOf = ({ close }: TestBar): number => close;
const closes = (bars: readonly TestBar[]): number[] => bars.map(closeOf);
const opens = (bars: readonly TestBar[]): number[] => bars.map(({ open }) => open);
const pairOf = ({ open, close }: TestBar): Pair => ({ x: open, y: close });

const ofCloses = (
  name: string,
  make: (n: number) => Indicator<number, unknown>,
  define: (xs: readonly number[], n: number) => by.Output,
  memory?: number,
): Case => ({
  name,
  make: (n) => from(make(n), closeOf),
  define: (bars, n) => define(closes(bars), n),
  ...(memory !== undefined && { memory }),
});

const ofPairs = (
  name: string,
  make: (n: number) => Indicator<Pair, unknown>,
  define: (xs: readonly number[], ys: readonly number[], n: number) => by.Output,
): Case => ({
  name,
  make: (n) => from(make(n), pairOf),
  define: (bars, n) => define(opens(bars), closes(bars), n),
});

/** To 14 digits, so that equal ones are equal. */
const returns = (xs: readonly number[]): number[] =>
  xs.slice(1).map((x, index) => Number(((x - xs[index]!) / xs[index]!).toPrecision(14)));

const weighted = (bars: readonly TestBar[]): number | null => {
  const volume = by.sum(bars.map((bar) => bar.volume));
  return volume === 0 ? null : by.sum(bars.map((bar) => barwise.typical(bar) * bar.volume)) / volume;
};

const ENDLESS = Infinity;

export const CASES: readonly Case[] = [
  ofCloses('sma', indicators.sma, by.sma),
  ofCloses('ema', indicators.ema, by.ema),
  ofCloses('wma', indicators.wma, by.wma),
  ofCloses('rma', indicators.rma, by.rma),
  ofCloses('dema', indicators.dema, by.dema),
  ofCloses('tema', indicators.tema, by.tema),
  ofCloses('hma', indicators.hma, by.hma),
  ofCloses(
    'kama',
    (n) => indicators.kama({ period: n, fast: n, slow: 2 * n }),
    (xs, n) => by.kama(xs, n, n, 2 * n),
    20_000,
  ),
  ofCloses(
    'variance',
    (n) => indicators.variance(n, { estimator: 'sample' }),
    (xs, n) => by.variance(xs, n, n - 1),
  ),
  ofCloses('standardDeviation', indicators.standardDeviation, (xs, n) => {
    const squared = by.variance(xs, n, n);
    return squared === null ? null : Math.sqrt(squared);
  }),
  ofCloses('zScore', indicators.zScore, by.zScore),
  ofCloses('rollingMin', indicators.rollingMin, by.rollingMin),
  ofCloses('rollingMax', indicators.rollingMax, by.rollingMax),
  ofCloses('rollingSum', indicators.rollingSum, by.rollingSum),
  ofCloses('median', indicators.median, by.median),
  ofCloses('rsi', indicators.rsi, by.rsi),
  ofCloses(
    'macd',
    (n) => indicators.macd({ fast: n, slow: 2 * n + 1, signal: n - 1 }),
    (xs, n) => by.macd(xs, n, 2 * n + 1, n - 1),
  ),
  ofCloses(
    'bollingerBands',
    (n) => indicators.bollingerBands({ period: n, deviations: 1.5 }),
    (xs, n) => by.bollinger(xs, n, 1.5),
  ),
  ofCloses('momentum', indicators.momentum, (xs, n) => (xs.length > n ? xs.at(-1)! - xs.at(-1 - n)! : null)),
  ofCloses('rateOfChange', indicators.rateOfChange, (xs, n) =>
    xs.length > n ? 100 * (xs.at(-1)! / xs.at(-1 - n)! - 1) : null,
  ),
  ofCloses('linearRegression', indicators.linearRegression, by.linearRegression),
  {
    name: 'trueRange',
    make: indicators.trueRange,
    define: (bars) => barwise.trueRanges(bars).at(-1) ?? null,
  },
  { name: 'atr', make: indicators.atr, define: barwise.atr },
  { name: 'adx', make: indicators.adx, define: barwise.adx },
  {
    name: 'stochastic',
    make: (n) => indicators.stochastic({ period: n, smoothing: n - 1, signal: n + 1 }),
    define: (bars, n) => barwise.stochastic(bars, n, n - 1, n + 1),
  },
  { name: 'williamsR', make: indicators.williamsR, define: barwise.williamsR },
  { name: 'donchianChannel', make: indicators.donchianChannel, define: barwise.donchian },
  {
    name: 'keltnerChannel',
    make: (n) => indicators.keltnerChannel({ period: n, atrPeriod: n + 1, multiplier: 1.5 }),
    define(bars, n) {
      const [middle, range] = [by.ema(closes(bars), n), barwise.atr(bars, n + 1)];
      return middle === null || range === null ? null : [middle + 1.5 * range, middle, middle - 1.5 * range];
    },
  },
  { name: 'cci', make: indicators.cci, define: barwise.cci },
  { name: 'mfi', make: indicators.mfi, define: barwise.mfi },
  {
    name: 'obv',
    make: indicators.obv,
    define: (bars) =>
      by.sum(
        bars.map((bar, now) => bar.volume * (now === 0 ? 1 : Math.sign(bar.close - bars[now - 1]!.close))),
      ),
    memory: ENDLESS,
  },
  { name: 'vwap', make: indicators.vwap, define: weighted, memory: ENDLESS },
  {
    name: 'rollingVwap',
    make: indicators.rollingVwap,
    define: (bars, n) => (bars.length < n ? null : weighted(bars.slice(-n))),
  },
  { name: 'aroon', make: indicators.aroon, define: barwise.aroon },
  {
    name: 'parabolicSar',
    make: (n) => indicators.parabolicSar({ step: 0.1 / n, maximum: 0.3 }),
    define: (bars, n) => path.parabolicSar(bars, 0.1 / n, 0.3),
  },
  {
    name: 'supertrend',
    make: (n) => indicators.supertrend({ period: n, multiplier: 1.5 }),
    define: (bars, n) => path.supertrend(bars, n, 1.5),
    // By definition it takes the square of the time.
    memory: 1000,
  },
  ofPairs(
    'covariance',
    (n) => indicators.covariance(n, { estimator: 'sample' }),
    (xs, ys, n) => by.covariance(xs, ys, n, n - 1),
  ),
  ofPairs('correlation', indicators.correlation, by.correlation),
  ofPairs('hedgeRatio', indicators.hedgeRatio, by.hedge),
  ofPairs('rollingBeta', indicators.rollingBeta, (xs, ys, n) => {
    const result = by.hedge(returns(xs), returns(ys), n);
    return Array.isArray(result) ? (result[1] as number) : null;
  }),
  {
    name: 'crossover',
    make: () => from(indicators.crossover(), ({ open, close }) => ({ value: close, level: open })),
    define: (bars) => path.crossover(closes(bars), opens(bars)),
  },
];
