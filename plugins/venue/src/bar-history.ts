import type { BarInterval, VenueBar } from '@omniquant/plugin-sdk';

import type { InstrumentGrid } from './instrument-grid.ts';
import { type MarketReplay, STEP_MS } from './market-replay.ts';
import { newYorkDay } from './new-york-time.ts';
import { type BarBounds, barBounds, isWholeDays } from './replay-bars.ts';
import type { Session } from './trading-days.ts';

interface OpenBar extends BarBounds {
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export interface BarHistoryRequest {
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the first bar; null is the beginning of the recording. */
  readonly from: number | null;
  /** Bars that start here or later are left out; null is `now`. */
  readonly to: number | null;
  /** Market time: nothing after it has happened yet. */
  readonly now: number;
}

/**
 * A symbol's bars, oldest first, one array for each session so that a caller may pause in between.
 * Days come from the recording, shorter bars from the path that was or will be replayed; the last bar
 * may be open. An unknown symbol has none.
 */
export function* barHistory(replay: MarketReplay, request: BarHistoryRequest): Generator<VenueBar[]> {
  const { symbol, interval, now } = request;
  const series = replay.seriesOf(symbol);
  if (series === undefined) return;
  const from = request.from ?? -Infinity;
  const to = request.to ?? Infinity;
  const firstDay =
    request.from === null ? series.firstDay : Math.max(series.firstDay, newYorkDay(request.from));
  let pending: OpenBar | undefined;
  for (let index = replay.days.indexFrom(firstDay); ; index += 1) {
    const session = replay.days.session(index);
    if (session.open > now || barBounds(session.open, interval).start >= to) break;
    const ready: OpenBar[] = [];
    for (const piece of piecesOf(replay, symbol, interval, session, now)) {
      if (pending !== undefined && pending.start !== piece.start) ready.push(pending);
      pending = pending?.start === piece.start ? joined(pending, piece) : piece;
    }
    yield ready
      .filter(({ start }) => start >= from && start < to)
      .map((bar) => toBar(series.grid, request, bar, true));
  }
  if (pending !== undefined && pending.start >= from && pending.start < to) {
    yield [toBar(series.grid, request, pending, isClosed(replay, pending, now))];
  }
}

/** Whether nothing more can trade before a bar's end. */
const isClosed = (replay: MarketReplay, bar: OpenBar, now: number): boolean =>
  now >= bar.end || replay.days.sessionFrom(now).open >= bar.end;

const piecesOf = (
  replay: MarketReplay,
  symbol: string,
  interval: BarInterval,
  session: Session,
  now: number,
): OpenBar[] => {
  if (isWholeDays(interval) && session.close <= now) return wholeDay(replay, symbol, interval, session);
  const path = replay.path(symbol, session);
  if (path === undefined) return [];
  const last = replay.stepAt(session, now);
  const bars: OpenBar[] = [];
  let current: OpenBar | undefined;
  for (let step = 0; step <= last; step += 1) {
    const price = path.prices[step] ?? 1;
    const volume = path.volumes[step] ?? 0;
    const at = session.open + step * STEP_MS;
    if (current === undefined || at >= current.end) {
      current = { ...barBounds(at, interval), open: price, high: price, low: price, close: price, volume };
      bars.push(current);
      continue;
    }
    if (price > current.high) current.high = price;
    else if (price < current.low) current.low = price;
    current.close = price;
    current.volume += volume;
  }
  return bars;
};

const wholeDay = (
  replay: MarketReplay,
  symbol: string,
  interval: BarInterval,
  session: Session,
): OpenBar[] => {
  const number = replay.barNumber(symbol, session);
  const bar = number === undefined ? undefined : replay.seriesOf(symbol)?.bar(number);
  return bar === undefined ? [] : [{ ...barBounds(session.open, interval), ...bar, volume: bar.volume ?? 0 }];
};

const joined = (earlier: OpenBar, later: OpenBar): OpenBar => ({
  ...earlier,
  high: Math.max(earlier.high, later.high),
  low: Math.min(earlier.low, later.low),
  close: later.close,
  volume: earlier.volume + later.volume,
});

const toBar = (
  grid: InstrumentGrid,
  { symbol, interval }: BarHistoryRequest,
  bar: OpenBar,
  closed: boolean,
): VenueBar => ({
  symbol,
  interval,
  at: bar.start,
  open: grid.price(bar.open),
  high: grid.price(bar.high),
  low: grid.price(bar.low),
  close: grid.price(bar.close),
  volume: grid.quantity(bar.volume),
  isClosed: closed,
});
