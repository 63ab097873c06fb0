import type { BarInterval } from '@omniquant/plugin-sdk';

import { barSpan } from '../market/bar-interval.ts';
import type { TradingCalendar } from '../market/calendar.ts';

const LENGTH_MS: Readonly<Partial<Record<BarInterval, number>>> = {
  SECOND_1: 1_000,
  MINUTE_1: 60_000,
  MINUTE_5: 300_000,
  MINUTE_15: 900_000,
  HOUR_1: 3_600_000,
};

/** End of a bar by its start. */
export type BarEnds = (at: number) => number;

/** Gives every series of an interval and calendar the same {@link barEnds}, so that they share what it keeps. */
export function sharedBarEnds(): (interval: BarInterval, calendar: TradingCalendar) => BarEnds {
  const known = new Map<string, BarEnds>();
  return (interval, calendar) => {
    const key = `${interval}/${calendar.id}`;
    const ends = known.get(key) ?? barEnds(interval, calendar);
    known.set(key, ends);
    return ends;
  };
}

/**
 * {@link barSpan}, without its arithmetic where all bars are of one length, and with the last answer kept elsewhere, as
 * many symbols have a bar of the same day.
 */
function barEnds(interval: BarInterval, calendar: TradingCalendar): BarEnds {
  const length = LENGTH_MS[interval];
  if (length !== undefined) return (at) => at + length;
  let known = NaN;
  let end = NaN;
  return (at) => {
    if (at !== known) {
      end = barSpan(at, interval, calendar).end;
      known = at;
    }
    return end;
  };
}
