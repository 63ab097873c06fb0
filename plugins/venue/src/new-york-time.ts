/**
 * New York's wall clock by the rule in force since 1987, so that a replay does not depend on the time
 * zone data of the machine it runs on. Days are whole numbers, days since 1970-01-01.
 */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const STANDARD_OFFSET = -5 * HOUR_MS;
const DAYLIGHT_OFFSET = -4 * HOUR_MS;

/** `month` counts from 1; a month or day beyond the end runs over into the next. */
export const dayOf = (year: number, month: number, dayOfMonth: number): number =>
  Date.UTC(year, month - 1, dayOfMonth) / DAY_MS;

export const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();

/** 0 is Sunday. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

/** The n-th such weekday of a month, both counted from 1; weekday 0 is Sunday. */
export const nthWeekday = (n: number, weekday: number, year: number, month: number): number => {
  const first = dayOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
};

/** 'YYYY-MM-DD'. */
export const formatDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The day that 'YYYY-MM-DD' names; undefined for a text that names none. */
export const parseDay = (text: string): number | undefined => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const day = Date.parse(`${text}T00:00:00Z`) / DAY_MS;
  return Number.isInteger(day) && formatDay(day) === text ? day : undefined;
};

const daylightStart = (year: number): number =>
  year >= 2007 ? nthWeekday(2, 0, year, 3) : nthWeekday(1, 0, year, 4);

/** Until 2006 daylight time ended on the last Sunday of October, which precedes November's first. */
const daylightEnd = (year: number): number =>
  year >= 2007 ? nthWeekday(1, 0, year, 11) : nthWeekday(1, 0, year, 11) - 7;

const isDaylight = (day: number): boolean => {
  const year = yearOf(day);
  return day >= daylightStart(year) && day < daylightEnd(year);
};

/**
 * The instant at which New York's clock shows a time of day. Clocks change at two on Sunday mornings;
 * the answer is exact from three o'clock on, and all hours of trading are later.
 */
export const fromNewYork = (day: number, timeOfDay: number): number =>
  day * DAY_MS + timeOfDay - (isDaylight(day) ? DAYLIGHT_OFFSET : STANDARD_OFFSET);

/** Midnight in New York at the start of a day. */
export const newYorkMidnight = (day: number): number => {
  // On the two Sundays of change the clock of the day before is still in force at midnight.
  return day * DAY_MS - (isDaylight(day - 1) ? DAYLIGHT_OFFSET : STANDARD_OFFSET);
};

/** The day in New York at an instant. */
export const newYorkDay = (at: number): number => {
  const day = Math.floor((at + STANDARD_OFFSET) / DAY_MS);
  return at >= newYorkMidnight(day + 1) ? day + 1 : day;
};
