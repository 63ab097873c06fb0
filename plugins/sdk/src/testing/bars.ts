import { Random } from '../random.ts';
import type { Bar } from '../strategy-inputs.ts';
import type { BarInterval } from '../venue-market.ts';
import { INTERVAL_MS } from './intervals.ts';

/** Where bars that say nothing else begin: Tuesday, 2 January 2024, 0:00 UTC. */
const START = Date.UTC(2024, 0, 2);

/**
 * What the bars of {@link barsOf} and {@link randomBars} have in common; nothing has to be given.
 *
 * @see {@link barsOf}
 */
export interface SeriesOptions {
  /** "TEST" when left out. */
  readonly symbol?: string;
  /** DAY_1 when left out. */
  readonly interval?: BarInterval;
  /** Start of the first bar, epoch ms; 2 January 2024 when left out. */
  readonly start?: number;
}

/**
 * One bar as {@link barsOf} takes it: what is left out follows from the close. Prices are in the instrument's
 * currency.
 *
 * @see {@link barsOf}
 */
export interface BarShape {
  /** The close before it when left out; its own close for the first. */
  readonly open?: number;
  /** The higher of open and close when left out. */
  readonly high?: number;
  /** The lower of open and close when left out. */
  readonly low?: number;
  readonly close: number;
  /** Units; those of the options when left out. */
  readonly volume?: number;
}

/**
 * Bars by hand: a number is a close, null a bar that is missing (a halt), and an object says more. Each opens
 * at the close before it, so that there are no gaps but those that are asked for.
 *
 * @example
 * ```ts
 * const bars = barsOf([100, 101, null, { open: 95, close: 96 }], { symbol: 'ACME', interval: 'MINUTE_1' });
 * bars.map(({ open, close: last }) => [open, last]); // [[100, 100], [100, 101], [95, 96]]
 * bars.map(({ at }) => at - Date.UTC(2024, 0, 2)); // [0, 60_000, 180_000]
 * ```
 */
export function barsOf(
  shapes: readonly (number | BarShape | null)[],
  options: SeriesOptions & {
    /** Units of each bar that does not say; 1,000 when left out. */
    readonly volume?: number;
  } = {},
): Bar[] {
  const { symbol = 'TEST', interval = 'DAY_1', start = START, volume = 1_000 } = options;
  const bars: Bar[] = [];
  shapes.forEach((shape, index) => {
    if (shape === null) return;
    const given = typeof shape === 'number' ? { close: shape } : shape;
    const { close } = given;
    const open = given.open ?? bars.at(-1)?.close ?? close;
    bars.push({
      ...{ symbol, interval, open, close },
      at: start + index * INTERVAL_MS[interval],
      high: given.high ?? Math.max(open, close),
      low: given.low ?? Math.min(open, close),
      volume: given.volume ?? volume,
    });
  });
  return bars;
}

/**
 * How the walk of {@link randomBars} goes; nothing has to be given.
 *
 * @see {@link randomBars}
 */
export interface RandomBarsOptions extends SeriesOptions {
  /** Places for bars; those that are missing count too. 250 when left out. */
  readonly count?: number;
  /** The same seed gives the same bars on any machine. */
  readonly seed?: string;
  /** Price that the walk begins at; 100 when left out. */
  readonly price?: number;
  /** Largest move within a bar, as a fraction of the price; 0.01 when left out. */
  readonly volatility?: number;
  /** Chance that a bar opens away from the close before it, by up to five times the volatility; 0.02. */
  readonly gapChance?: number;
  /** Chance that a bar begins a halt: it and up to `longestHalt` - 1 after it are missing; 0 when left out. */
  readonly haltChance?: number;
  /** Bars; 20 when left out. */
  readonly longestHalt?: number;
  /** Digits of prices after the point; 2 when left out. */
  readonly decimals?: number;
}

/**
 * A seeded random walk, for tests that should not depend on one shape of market. Uniform moves, no drift;
 * only basic arithmetic, so that the bars are the same everywhere.
 *
 * @example
 * ```ts
 * const bars = randomBars({ symbol: 'ACME', count: 500, seed: 'rough', volatility: 0.03, haltChance: 0.01 });
 * bars.length < 500; // true: halts leave some out
 * ```
 */
export function randomBars(options: RandomBarsOptions = {}): Bar[] {
  const { symbol = 'TEST', interval = 'DAY_1', start = START, count = 250, seed = 'bars' } = options;
  const { price = 100, volatility = 0.01, gapChance = 0.02, decimals = 2 } = options;
  const { haltChance = 0, longestHalt = 20 } = options;
  const random = Random.fromSeed('bars', symbol, seed);
  const unit = 10 ** decimals;
  const onGrid = (value: number): number => Math.max(1, Math.round(value * unit)) / unit;
  const move = (from: number, most: number): number =>
    onGrid(from * (1 + (random.fraction() * 2 - 1) * most));
  const bars: Bar[] = [];
  let last = onGrid(price);
  let halted = 0;
  for (let index = 0; index < count; index += 1) {
    if (halted === 0 && random.chance(haltChance)) halted = random.integer(1, longestHalt);
    if (halted > 0) {
      halted -= 1;
      continue;
    }
    const open = random.chance(gapChance) ? move(last, 5 * volatility) : last;
    const close = move(open, volatility);
    const high = onGrid(Math.max(open, close) * (1 + random.fraction() * volatility * 0.5));
    const low = onGrid(Math.min(open, close) * (1 - random.fraction() * volatility * 0.5));
    const at = start + index * INTERVAL_MS[interval];
    const volume = random.integer(100, 10_000);
    bars.push({ ...{ symbol, interval, at, open, close, volume }, high, low });
    last = close;
  }
  return bars;
}
