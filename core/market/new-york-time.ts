/**
 * The wall clock of New York by rule, so that a replay does not depend on the time zone data of the
 * machine it runs on. Sources: Uniform Time Act of 1966 (15 U.S.C. 260a) with its amendments of 1973
 * and 1974 (energy crisis), 1986 (Public Law 99-359) and 2005 (Public Law 109-58), as collected in
 * the tz database, file "northamerica", rules "US". Exact from 1967 on; earlier years follow 1967.
 */
import { DAY_MS, dayOf, HOUR_MS, lastWeekday, nthWeekday, SUNDAY } from './civil-date.ts';

const STANDARD_OFFSET = -5 * HOUR_MS;
const DAYLIGHT_OFFSET = -4 * HOUR_MS;
/** Clocks change at two in the morning, on the clock that is about to be left. */
const CHANGE_HOUR = 2 * HOUR_MS;

interface DaylightTime {
  readonly from: number;
  readonly until: number;
}

const firstDay = (year: number): number => {
  if (year >= 2007) return nthWeekday(2, SUNDAY, year, 3);
  if (year >= 1987) return nthWeekday(1, SUNDAY, year, 4);
  if (year === 1974) return dayOf(1974, 1, 6);
  if (year === 1975) return dayOf(1975, 2, 23);
  return lastWeekday(SUNDAY, year, 4);
};

const lastDay = (year: number): number =>
  year >= 2007 ? nthWeekday(1, SUNDAY, year, 11) : lastWeekday(SUNDAY, year, 10);

const byYear = new Map<number, DaylightTime>();

const daylightTime = (year: number): DaylightTime => {
  const known = byYear.get(year);
  if (known !== undefined) return known;
  const computed = {
    from: firstDay(year) * DAY_MS + CHANGE_HOUR - STANDARD_OFFSET,
    until: lastDay(year) * DAY_MS + CHANGE_HOUR - DAYLIGHT_OFFSET,
  };
  byYear.set(year, computed);
  return computed;
};

/** What to add to an instant to get New York's wall clock: -5 or -4 hours, in milliseconds. */
export const newYorkOffset = (at: number): number => {
  const { from, until } = daylightTime(new Date(at).getUTCFullYear());
  return at >= from && at < until ? DAYLIGHT_OFFSET : STANDARD_OFFSET;
};

/** New York's wall clock at an instant, as milliseconds since 1970-01-01 00:00 of that clock. */
export const toNewYork = (at: number): number => at + newYorkOffset(at);

/**
 * The instant at which New York's wall clock shows `wall`. Of the hour that comes twice in autumn the
 * first is meant; of the hour that spring skips, the one after it.
 */
export const fromNewYork = (wall: number): number => {
  const daylight = wall - DAYLIGHT_OFFSET;
  return newYorkOffset(daylight) === DAYLIGHT_OFFSET ? daylight : wall - STANDARD_OFFSET;
};
