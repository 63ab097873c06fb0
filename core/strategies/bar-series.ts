import type { Bar as StrategyBar, BarInterval } from '@omniquant/plugin-sdk';
import { toNumber } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../market/bar.ts';
import { barSpan } from '../market/bar-interval.ts';
import { calendarOf } from '../market/calendars.ts';
import type { MarketData } from '../runtime/market-data.ts';

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
 * The last `count` closed bars of each series up to and including those in `upTo`, or up to now; merged in
 * order. Throws UnavailableError when the source does not answer.
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
      const to = last === undefined ? null : last + 1;
      // One more: the newest may still be open.
      const bars = await market.bars(series.symbol, series.interval, null, to, count + 1, signal);
      return bars.filter(({ isClosed }) => isClosed).slice(-count);
    }),
  );
  return inOrder(found.flat().map((bar) => closedBar(market, bar)));
}

/** The closed bars after those in `position`; of a series that is not in it, none. */
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
      const { symbol, interval } = series;
      const bars = await market.bars(symbol, interval, last + 1, null, MOST_MISSED, signal);
      return bars.filter(({ isClosed, at }) => isClosed && at > last);
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
