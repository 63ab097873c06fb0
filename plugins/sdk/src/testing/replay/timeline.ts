import type { StrategyInputs, StrategyRun } from '../../strategy.ts';
import type { Bar } from '../../strategy-inputs.ts';
import type { BarInterval } from '../../venue-market.ts';
import { INTERVAL_MS } from '../intervals.ts';
import { ReplayError } from '../replay-error.ts';

/** All bars that are over at one instant, in the order in which the strategy is given them. */
export interface Moment {
  readonly endsAt: number;
  readonly bars: readonly Bar[];
}

export interface Timeline {
  /** Of before the start, in order. */
  readonly warmup: readonly Bar[];
  readonly startsAt: number;
  readonly moments: readonly Moment[];
  /** Of each symbol the finest interval that there is: its bars are what orders trade against. */
  readonly traded: ReadonlyMap<string, BarInterval>;
}

export interface TimelineOptions {
  readonly run: StrategyRun;
  readonly wanted: Required<StrategyInputs>;
  readonly hasWarmup: boolean;
  /** Bars that end together come the other way round. */
  readonly reversesTies: boolean;
}

interface EndedBar {
  readonly bar: Bar;
  readonly endsAt: number;
}

const keyOf = ({ symbol, interval }: Pick<Bar, 'symbol' | 'interval'>): string => `${symbol}/${interval}`;

const seriesOf = (bars: readonly Bar[], run: StrategyRun, intervals: readonly BarInterval[]) => {
  const series = new Map<string, Bar[]>();
  for (const symbol of run.symbols) {
    for (const interval of intervals) series.set(keyOf({ symbol, interval }), []);
  }
  for (const bar of bars) {
    const known = series.get(keyOf(bar));
    if (known === undefined) {
      throw new ReplayError('REPLAY_BARS', `the strategy was not started with bars of ${keyOf(bar)}`);
    }
    checkBar(bar, known.at(-1));
    known.push(bar);
  }
  return series;
};

const checkBar = (bar: Bar, before: Bar | undefined): void => {
  const { at, close, high, low, open, volume } = bar;
  const wrong = (what: string): never => {
    throw new ReplayError('REPLAY_BARS', `bar ${String(at)} of ${keyOf(bar)}: ${what}`);
  };
  if (!Number.isSafeInteger(at)) wrong('its time has to be in whole epoch milliseconds');
  if (before !== undefined && before.at >= at) wrong('bars of a series have to come in order of time');
  if (![open, high, low, close].every((price) => Number.isFinite(price) && price > 0)) {
    wrong('its prices have to be above zero');
  }
  if (low > Math.min(open, close) || high < Math.max(open, close)) {
    wrong('open and close lie beyond its range');
  }
  if (!(volume >= 0 && Number.isFinite(volume))) wrong('its volume has to be at least zero');
};

/** A bar is over after its length, or when the next one begins: trading days are not all 24 hours long. */
const ended = (bars: readonly Bar[]): EndedBar[] =>
  bars.map((bar, index) => ({
    bar,
    endsAt: Math.min(bar.at + INTERVAL_MS[bar.interval], bars[index + 1]?.at ?? Infinity),
  }));

/** The first instant at which every series has had its warm-up. */
const warmAt = (all: readonly (readonly EndedBar[])[], warmup: number): number => {
  let at = Number.NEGATIVE_INFINITY;
  for (const series of all) {
    const last = series[warmup - 1];
    if (last === undefined) {
      const count = `a series has ${String(series.length)} bars, and the strategy's warm-up takes ${String(warmup)}`;
      throw new ReplayError('REPLAY_BARS', count);
    }
    at = Math.max(at, last.endsAt);
  }
  return at;
};

/**
 * Bars of all series merged by their ends, so that nobody sees a bar before it is over. Bars that end together
 * come in the order of the strategy's symbols, and of a symbol those of the strategy's own interval first.
 * Throws {@link ReplayError} REPLAY_BARS.
 */
export function timelineOf(bars: readonly Bar[], options: TimelineOptions): Timeline {
  const { run, wanted, hasWarmup, reversesTies } = options;
  const intervals = [...new Set([run.interval, ...wanted.intervals])];
  const all = [...seriesOf(bars, run, intervals).values()].map(ended);
  const warmup = hasWarmup ? wanted.warmup : 0;
  const warmedAt = warmup === 0 ? Number.NEGATIVE_INFINITY : warmAt(all, warmup);
  const inOrder = (ofSeries: readonly (readonly EndedBar[])[]): EndedBar[] =>
    ofSeries.flat().sort((a, b) => a.endsAt - b.endsAt);
  const before = all.map((series) => series.filter(({ endsAt }) => endsAt <= warmedAt).slice(-warmup));
  const after = inOrder(all.map((series) => series.filter(({ endsAt }) => endsAt > warmedAt)));
  const moments = momentsOf(after);
  const firstAt = Math.min(...after.map(({ bar }) => bar.at));
  return {
    warmup: warmup === 0 ? [] : inOrder(before).map(({ bar }) => bar),
    startsAt: warmup === 0 ? (after.length === 0 ? 0 : firstAt) : warmedAt,
    moments: reversesTies
      ? moments.map((moment) => ({ ...moment, bars: moment.bars.toReversed() }))
      : moments,
    traded: finestOf(all.flat()),
  };
}

const momentsOf = (bars: readonly EndedBar[]): Moment[] => {
  const moments: { endsAt: number; bars: Bar[] }[] = [];
  for (const { bar, endsAt } of bars) {
    const last = moments.at(-1);
    if (last?.endsAt === endsAt) last.bars.push(bar);
    else moments.push({ endsAt, bars: [bar] });
  }
  return moments;
};

const finestOf = (bars: readonly EndedBar[]): Map<string, BarInterval> => {
  const finest = new Map<string, BarInterval>();
  for (const { bar } of bars) {
    const known = finest.get(bar.symbol);
    if (known === undefined || INTERVAL_MS[bar.interval] < INTERVAL_MS[known]) {
      finest.set(bar.symbol, bar.interval);
    }
  }
  return finest;
};
