import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from './bar.ts';
import { type BarContent, joinContents } from './bar-content.ts';
import { BarError } from './bar-error.ts';
import { type BarSpan, barSpan, isCoarserOrSame } from './bar-interval.ts';
import type { TradingCalendar } from './calendar.ts';

/** A coarse bar while the fine bars that make it up are still coming. */
interface Gathering {
  readonly span: BarSpan;
  readonly content: BarContent;
  /** The last bar gathered. */
  readonly last: Bar;
  readonly areAllClosed: boolean;
}

const begin = (bar: Bar, span: BarSpan): Gathering => ({
  span,
  content: bar,
  last: bar,
  areAllClosed: bar.isClosed,
});

const extend = (gathering: Gathering, bar: Bar): Gathering => ({
  span: gathering.span,
  content: joinContents(gathering.content, bar),
  last: bar,
  areAllClosed: gathering.areAllClosed && bar.isClosed,
});

const finish = ({ span, content, last }: Gathering, interval: BarInterval, isClosed: boolean): Bar => ({
  symbol: last.symbol,
  interval,
  at: span.start,
  open: content.open,
  high: content.high,
  low: content.low,
  close: content.close,
  volume: content.volume,
  isClosed,
  revision: 0,
});

const checkFollows = (previous: Bar | undefined, bar: Bar, from: BarInterval): void => {
  if (bar.interval !== from) {
    throw new BarError('BAR_MISMATCH', `expected bars of ${from}, got one of ${bar.interval}`);
  }
  if (previous === undefined) return;
  if (bar.symbol !== previous.symbol) {
    throw new BarError('BAR_MISMATCH', `expected bars of ${previous.symbol}, got one of ${bar.symbol}`);
  }
  if (bar.at <= previous.at) {
    throw new BarError(
      'BARS_OUT_OF_ORDER',
      `the bar at ${bar.at} follows the one at ${previous.at}: sort them`,
    );
  }
};

const isIn = (span: BarSpan, at: number): boolean => at >= span.start && at < span.end;

/**
 * Puts the bars of one symbol together to coarser ones, each yielded as soon as a bar of the next one
 * is read: nothing is taken from later bars. A span in which nothing traded has no bar.
 *
 * The last bar is closed if the input reaches its end, or if it ends by `until`, the time up to which
 * the input is known to be complete; otherwise it is yielded open.
 *
 * Throws BarError for a mix of symbols or intervals (BAR_MISMATCH), bars that do not ascend
 * (BARS_OUT_OF_ORDER) and a finer `to` (INTERVAL_TOO_FINE).
 */
export function* aggregate(
  bars: Iterable<Bar>,
  from: BarInterval,
  to: BarInterval,
  calendar: TradingCalendar,
  until = Number.NEGATIVE_INFINITY,
): Generator<Bar, void, undefined> {
  if (!isCoarserOrSame(to, from)) {
    throw new BarError('INTERVAL_TOO_FINE', `bars of ${from} cannot be divided into bars of ${to}`);
  }
  let gathering: Gathering | undefined;
  for (const bar of bars) {
    checkFollows(gathering?.last, bar, from);
    // Asking the calendar costs more than all the rest, and most bars lie in the span of the last one.
    const span =
      gathering !== undefined && isIn(gathering.span, bar.at)
        ? gathering.span
        : barSpan(bar.at, to, calendar);
    if (gathering === undefined) {
      gathering = begin(bar, span);
    } else if (span.start === gathering.span.start) {
      gathering = extend(gathering, bar);
    } else {
      yield finish(gathering, to, gathering.areAllClosed);
      gathering = begin(bar, span);
    }
  }
  if (gathering === undefined) return;
  const reached = Math.max(until, barSpan(gathering.last.at, from, calendar).end);
  yield finish(gathering, to, gathering.areAllClosed && reached >= gathering.span.end);
}
