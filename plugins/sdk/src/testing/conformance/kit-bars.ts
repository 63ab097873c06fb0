import type { Random } from '../../random.ts';
import type { StrategyRun } from '../../strategy.ts';
import type { Bar } from '../../strategy-inputs.ts';
import type { BarInterval } from '../../venue-market.ts';
import { randomBars } from '../bars.ts';
import { INTERVAL_MS } from '../intervals.ts';

/** A Monday, 0:00 UTC: bars of all intervals begin there. */
const START = Date.UTC(2024, 0, 1);
/** More bars of one series would keep a test waiting. */
const MOST_BARS = 100_000;

export interface KitBarsOptions {
  readonly run: StrategyRun;
  readonly intervals: readonly BarInterval[];
  readonly warmup: number;
  /** Bars of the run's interval after the warm-up. */
  readonly count: number;
  readonly seed: string;
}

/** Bars of a coarser interval out of finer ones; the last only when it is whole. */
const coarser = (bars: readonly Bar[], interval: BarInterval, end: number): Bar[] => {
  const length = INTERVAL_MS[interval];
  const made: Bar[] = [];
  for (const bar of bars) {
    const at = START + Math.floor((bar.at - START) / length) * length;
    const last = made.at(-1);
    if (at + length > end) break;
    if (last?.at === at) {
      made[made.length - 1] = {
        ...last,
        high: Math.max(last.high, bar.high),
        low: Math.min(last.low, bar.low),
        close: bar.close,
        volume: last.volume + bar.volume,
      };
    } else made.push({ ...bar, interval, at });
  }
  return made;
};

/** Random walks of all symbols, with gaps and no bar missing; coarser intervals are made of the finest. */
export function kitBars({ run, intervals, warmup, count, seed }: KitBarsOptions): Bar[] {
  const lengths = intervals.map((interval) => INTERVAL_MS[interval]);
  const span = warmup * Math.max(...lengths) + count * INTERVAL_MS[run.interval];
  const finest = intervals.find((interval) => INTERVAL_MS[interval] === Math.min(...lengths)) ?? run.interval;
  const places = Math.ceil(span / INTERVAL_MS[finest]);
  if (places > MOST_BARS) {
    throw new Error(`${String(places)} bars of ${finest} would be needed: give makeBars, or fewer bars`);
  }
  return run.symbols.flatMap((symbol) => {
    const bars = randomBars({
      symbol,
      interval: finest,
      start: START,
      count: places,
      seed,
      volatility: 0.02,
    });
    return intervals.flatMap((interval) =>
      interval === finest ? bars : coarser(bars, interval, START + span),
    );
  });
}

/** The bars with holes from an instant on: single ones missing, and one symbol halted for a quarter of the rest. */
export function withHoles(bars: readonly Bar[], from: number, halted: string, random: Random): Bar[] {
  const until = Math.max(...bars.map(({ at }) => at));
  const haltFrom = from + (until - from) / 4;
  const haltUntil = haltFrom + (until - from) / 4;
  return bars.filter(({ at, symbol }) => {
    if (at < from) return true;
    if (symbol === halted && at >= haltFrom && at < haltUntil) return false;
    return !random.chance(0.1);
  });
}
