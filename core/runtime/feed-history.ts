import type { BarInterval, BarsRequest, Feed, FeedInstrument, VenueBar } from '@omniquant/plugin-sdk';
import { BAR_INTERVALS, FeedError } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../market/bar.ts';
import { barSpan, isCoarserOrSame } from '../market/bar-interval.ts';
import { calendarOf } from '../market/calendars.ts';
import type { Instrument } from '../market/instrument.ts';
import { createRolledUpBars } from '../market/rolled-up-bars.ts';
import type { Clock } from '../ports/clock.ts';
import { barEnd, barProblem } from './feed-checks.ts';
import { createLoopTurns } from './loop-turns.ts';
import { barFromVenue } from './venue-conversion.ts';

/** Of the bars that a feed has, those that bars of `interval` are made of: the coarsest that will do; null for none. */
export function sourceInterval(
  barIntervals: FeedInstrument['barIntervals'],
  interval: BarInterval,
): BarInterval | null {
  const fit = BAR_INTERVALS.filter((own) => barIntervals.includes(own) && isCoarserOrSame(interval, own));
  return fit.at(-1) ?? null;
}

export interface FeedHistoryOptions {
  readonly feed: Feed;
  readonly clock: Clock;
  readonly instrument: Instrument;
  readonly barIntervals: FeedInstrument['barIntervals'];
  /** Market time. */
  readonly now: number;
  /** A replay knows what comes: what is over after `now` has not happened yet. */
  readonly isOwnTime: boolean;
}

/**
 * Bars of the past, oldest first, put together of finer ones where the feed has no others; the last may be open.
 * @throws FeedError UNKNOWN_INTERVAL where it has none to make them of, DATA_INVALID for bars that make no sense.
 */
export async function feedBars(
  options: FeedHistoryOptions,
  request: BarsRequest,
  signal: AbortSignal,
): Promise<readonly VenueBar[]> {
  const { instrument } = options;
  const { from, interval, limit, symbol } = request;
  const calendar = calendarOf(instrument.calendar);
  const source = sourceInterval(options.barIntervals, interval);
  if (source === null) return [];
  const rolled = createRolledUpBars(source, { symbol, interval, calendar });
  const bars = new Map<number, Bar>();
  const add = (changed: readonly Bar[]): void => {
    for (const bar of changed) if (bar.at >= (from ?? bar.at)) bars.set(bar.at, bar);
  };
  const end = endOf(request, interval, instrument);
  for await (const bar of closedBars(options, { ...request, to: end }, source, signal)) {
    if (source === interval) add([barFromVenue(bar)]);
    else add(rolled.add(barFromVenue(bar)));
    // One more than asked for: the last of them is whole then.
    if (bars.size > limit) break;
  }
  if (source !== interval) add(rolled.flush(options.now));
  return [...bars.values()].slice(0, limit).map(barToVenue);
}

/** Finer bars are needed to the end of the last one that begins before `to`. */
function endOf({ to }: BarsRequest, interval: BarInterval, { calendar }: Instrument): number | null {
  if (to === null) return null;
  const { end, start } = barSpan(to, interval, calendarOf(calendar));
  return start === to ? to : end;
}

async function* closedBars(
  { clock, feed, instrument, isOwnTime, now }: FeedHistoryOptions,
  { from, symbol, to }: Pick<BarsRequest, 'from' | 'symbol' | 'to'>,
  interval: BarInterval,
  signal: AbortSignal,
): AsyncGenerator<VenueBar> {
  const turns = createLoopTurns(clock, signal);
  let last = Number.NEGATIVE_INFINITY;
  for await (const bar of feed.history({ symbol, interval, from, to }, signal)) {
    signal.throwIfAborted();
    const isAsked = bar.symbol === symbol && bar.interval === interval && bar.isClosed && bar.at > last;
    const isWithin = bar.at >= (from ?? bar.at) && bar.at < (to ?? Number.POSITIVE_INFINITY);
    const problem =
      isAsked && isWithin ? barProblem(bar, instrument) : 'it was not asked for, or is out of order';
    if (problem !== null) {
      throw new FeedError('DATA_INVALID', `a bar of ${symbol} at ${String(bar.at)} is refused: ${problem}`);
    }
    last = bar.at;
    if (isOwnTime && barEnd(bar, instrument) > now) return;
    yield bar;
    const turn = turns.due();
    if (turn !== null) await turn;
  }
}

const barToVenue = (bar: Bar): VenueBar => ({
  ...{ symbol: bar.symbol, interval: bar.interval, at: bar.at, isClosed: bar.isClosed },
  open: formatDecimal(bar.open),
  high: formatDecimal(bar.high),
  low: formatDecimal(bar.low),
  close: formatDecimal(bar.close),
  volume: bar.volume === null ? null : formatDecimal(bar.volume),
});
