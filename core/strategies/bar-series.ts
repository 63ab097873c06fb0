import type { Bar as StrategyBar, BarInterval } from '@omniquant/plugin-sdk';
import { toNumber } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../market/bar.ts';
import { barSpan } from '../market/bar-interval.ts';
import { calendarOf } from '../market/calendars.ts';
import type { MarketData } from '../runtime/market-data.ts';
import { orAbsent } from './absent-data.ts';

/** A series of bars that a strategy is given. */
export interface Series {
  readonly symbol: string;
  readonly interval: BarInterval;
}

export const seriesKey = ({ symbol, interval }: Series): string => `${symbol}/${interval}`;

/** A closed bar with the instant at which it was over: no strategy may see it before. */
export interface ClosedBar {
  readonly series: string;
  readonly endsAt: number;
  readonly bar: StrategyBar;
}

/** More missed bars than this are not caught up with: the strategy goes on with the newest. */
const MOST_MISSED = 5_000;
const PAGE = 5_000;
/** No recording goes back further. */
const LONGEST_BACK_MS = 50 * 365 * 86_400_000;

const closedBar = (market: MarketData, bar: Bar): ClosedBar => {
  const { symbol, interval, at } = bar;
  const calendar = calendarOf(market.instrument(symbol)?.calendar ?? 'ALWAYS');
  return {
    series: seriesKey(bar),
    endsAt: barSpan(at, interval, calendar).end,
    bar: {
      symbol,
      interval,
      at,
      open: toNumber(bar.open),
      high: toNumber(bar.high),
      low: toNumber(bar.low),
      close: toNumber(bar.close),
      volume: bar.volume === null ? 0 : toNumber(bar.volume),
    },
  };
};

/** By their ends; bars that end together in the order of the series. */
const inOrder = (bars: readonly ClosedBar[]): readonly ClosedBar[] =>
  [...bars].sort((a, b) => a.endsAt - b.endsAt);

/**
 * The last closed bars that begin before an instant. A source counts from the beginning, so the question goes
 * back further and further until there are enough: nights, holidays and halts have no bars.
 */
async function lastBars(
  market: MarketData,
  { interval, symbol }: Series,
  count: number,
  before: number,
  signal: AbortSignal,
): Promise<readonly Bar[]> {
  const { end, start } = barSpan(before, interval, calendarOf('ALWAYS'));
  const length = end - start;
  for (let span = (count + 1) * length; ; span *= 4) {
    const limit = Math.ceil(span / length) + 1;
    const bars = await orAbsent(market.bars(symbol, interval, before - span, before, limit, signal));
    const closed = bars.filter(({ isClosed }) => isClosed);
    if (closed.length >= count || span > LONGEST_BACK_MS || before - span < 0) return closed.slice(-count);
  }
}

/**
 * The last `count` closed bars of each series up to and including those in `upTo`, or up to now; merged in
 * order. Throws DataAbsentError when the source does not answer.
 */
export async function barsBefore(
  market: MarketData,
  all: readonly Series[],
  count: number,
  upTo: Readonly<Record<string, number>>,
  signal: AbortSignal,
): Promise<readonly ClosedBar[]> {
  if (count === 0) return [];
  const found = await Promise.all(
    all.map(async (series) => {
      const last = upTo[seriesKey(series)];
      const before = last === undefined ? market.clock().at : last + 1;
      return await lastBars(market, series, count, before, signal);
    }),
  );
  return inOrder(found.flat().map((bar) => closedBar(market, bar)));
}

/**
 * The closed bars after those in `position`; of a series that is not in it, none. Throws DataAbsentError when the
 * source does not answer.
 */
export async function barsSince(
  market: MarketData,
  all: readonly Series[],
  position: Readonly<Record<string, number>>,
  signal: AbortSignal,
): Promise<readonly ClosedBar[]> {
  const found = await Promise.all(
    all.map(async (series) => {
      const last = position[seriesKey(series)];
      if (last === undefined) return [];
      const missed: Bar[] = [];
      for (let from = last + 1; ;) {
        const page = await orAbsent(market.bars(series.symbol, series.interval, from, null, PAGE, signal));
        missed.push(...page.filter(({ isClosed, at }) => isClosed && at > last));
        const end = page.at(-1);
        if (end === undefined || page.length < PAGE) return missed.slice(-MOST_MISSED);
        from = end.at + 1;
      }
    }),
  );
  return inOrder(found.flat().map((bar) => closedBar(market, bar)));
}

/** Calls for each bar as it closes, once; answers with how to stop. */
export function followBars(
  market: MarketData,
  all: readonly Series[],
  listener: (bar: ClosedBar) => void,
): () => void {
  const told = new Map<string, number>();
  const stops = all.map(({ symbol, interval }) =>
    market.onBar(symbol, interval, (bar) => {
      const key = seriesKey(bar);
      if (!bar.isClosed || bar.at <= (told.get(key) ?? Number.NEGATIVE_INFINITY)) return;
      told.set(key, bar.at);
      listener(closedBar(market, bar));
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}
