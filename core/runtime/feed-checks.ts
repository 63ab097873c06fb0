import type { FeedEvent, VenueBar } from '@omniquant/plugin-sdk';
import { type Fixed, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import { barSpan } from '../market/bar-interval.ts';
import { calendarOf } from '../market/calendars.ts';
import type { Instrument } from '../market/instrument.ts';

/** What a feed says is checked where it enters: a wrong price would mark accounts, a wrong time stop the clock. */

/** How much later than the time of day an event may be, ms: clocks differ. */
const FUTURE_MS = 60_000;
const LATEST = Date.UTC(9999, 0, 1);

/** The calendar of an instrument that is known, for where its bars end. */
const calendarOfInstrument = ({ calendar }: Instrument) => calendarOf(calendar);

/** The end of a bar: when it is over and may be known. Throws CivilDateError for an instant that is no date. */
export const barEnd = ({ at, interval }: Pick<VenueBar, 'at' | 'interval'>, instrument: Instrument): number =>
  barSpan(at, interval, calendarOfInstrument(instrument)).end;

const price = (text: string): Fixed | null => {
  const value = tryParseDecimal(text);
  return value === undefined || value <= 0n ? null : value;
};

/** What is wrong with a bar, in words; null when nothing is. */
export function barProblem(bar: VenueBar, instrument: Instrument): string | null {
  const { start } = barSpan(bar.at, bar.interval, calendarOfInstrument(instrument));
  if (start !== bar.at) return `the bar at ${String(bar.at)} does not begin where bars of ${bar.interval} do`;
  const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(price);
  if (!open || !high || !low || !close) return 'a price is no decimal above zero';
  if (low > open || low > close || high < open || high < close) {
    return 'open or close is outside of low and high';
  }
  const volume = bar.volume === null ? 0n : tryParseDecimal(bar.volume);
  return volume === undefined || volume < 0n ? 'the volume is no decimal from zero' : null;
}

const sideProblem = (text: string | null): string | null =>
  text !== null && price(text) === null ? 'a price is no decimal above zero' : null;

const sizeProblem = (text: string | null): string | null => {
  const size = text === null ? 0n : tryParseDecimal(text);
  return size === undefined || size < 0n ? 'a size is no decimal from zero' : null;
};

/**
 * What is wrong with an event, in words; null when nothing is.
 * @param wall Time of day, where that is the market's time; null for a feed with a time of its own.
 */
export function eventProblem(
  event: FeedEvent,
  instrument: (symbol: string) => Instrument | undefined,
  wall: number | null,
): string | null {
  const { at } = event;
  if (!Number.isSafeInteger(at) || at <= 0 || at > LATEST) return `${String(at)} is no time`;
  if (wall !== null && at > wall + FUTURE_MS) return `${String(at)} is in the future`;
  if (event.kind === 'clock') {
    return Number.isFinite(event.speed) && event.speed >= 0 ? null : `${String(event.speed)} is no speed`;
  }
  if (event.kind === 'gap') return null;
  const known = instrument(event.symbol);
  if (known === undefined) return `${event.symbol} was not asked for`;
  switch (event.kind) {
    case 'bar':
      return barProblem(event, known);
    case 'quote':
      return (
        [event.bid, event.ask, event.last].map(sideProblem).find((problem) => problem !== null) ??
        [event.bidSize, event.askSize].map(sizeProblem).find((problem) => problem !== null) ??
        null
      );
    case 'trade':
      return sideProblem(event.price) ?? sizeProblem(event.size);
  }
}
