/**
 * Calendar days without a time zone. A day is a whole number, the days since 1970-01-01, so that the
 * arithmetic of calendars is addition; at the edges it is the text 'YYYY-MM-DD'.
 */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const SUNDAY = 0;
export const MONDAY = 1;
export const TUESDAY = 2;
export const WEDNESDAY = 3;
export const THURSDAY = 4;
export const FRIDAY = 5;
export const SATURDAY = 6;
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** A day or an instant that no calendar can answer for: malformed, or outside the years 1900 to 9999. */
export class CivilDateError extends Error {
  readonly code: 'INVALID_DAY' | 'INVALID_INSTANT';

  constructor(code: 'INVALID_DAY' | 'INVALID_INSTANT', message: string) {
    super(message);
    this.name = 'CivilDateError';
    this.code = code;
  }
}

const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

/** `month` counts from 1. */
export const dayOf = (year: number, month: number, dayOfMonth: number): number =>
  Date.UTC(year, month - 1, dayOfMonth) / DAY_MS;

/** The day on which an instant lies in UTC, or a wall clock kept as if it were UTC. */
export const dayAt = (at: number): number => Math.floor(at / DAY_MS);

export const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();

/** 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): Weekday => ((((day + THURSDAY) % 7) + 7) % 7) as Weekday;

export const isWeekend = (day: number): boolean => {
  const weekday = weekdayOf(day);
  return weekday === SATURDAY || weekday === SUNDAY;
};

/** The n-th such weekday of a month; `n` and `month` count from 1. */
export const nthWeekday = (n: number, weekday: Weekday, year: number, month: number): number => {
  const first = dayOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
};

export const lastWeekday = (weekday: Weekday, year: number, month: number): number => {
  const last = dayOf(year, month + 1, 1) - 1;
  return last - ((weekdayOf(last) - weekday + 7) % 7);
};

/** Easter of the Gregorian calendar, by the method of Butcher (Nature, 20 April 1876). */
export const easterSunday = (year: number): number => {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const skippedLeapDays = century - Math.floor(century / 4);
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + skippedLeapDays - moonCorrection + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const lateMoon = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const fromMarch = epact + toSunday - 7 * lateMoon + 114;
  return dayOf(year, Math.floor(fromMarch / 31), (fromMarch % 31) + 1);
};

/** Runs and orders ask for the same days again and again; more than those of a century begin anew. */
const MOST_KEPT = 36_525;
const textsOfDays = new Map<number, string>();
const daysOfTexts = new Map<string, number>();

function keep<K, V>(kept: Map<K, V>, key: K, value: V): V {
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, value);
  return value;
}

const twoDigits = (n: number): string => (n < 10 ? `0${n}` : String(n));

const writeDay = (day: number): string => {
  const date = new Date(day * DAY_MS);
  return `${date.getUTCFullYear()}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
};

/** 'YYYY-MM-DD'. */
export const formatDay = (day: number): string =>
  textsOfDays.get(day) ?? keep(textsOfDays, day, writeDay(day));

/** Throws {@link CivilDateError} INVALID_DAY for a text that is no day of the years 1900 to 9999. */
export const parseDay = (text: string): number =>
  daysOfTexts.get(text) ?? keep(daysOfTexts, text, readDay(text));

const readDay = (text: string): number => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (at >= EARLIEST && at <= LATEST && writeDay(at / DAY_MS) === text) return at / DAY_MS;
  throw new CivilDateError(
    'INVALID_DAY',
    `day ${JSON.stringify(text)} does not exist: give YYYY-MM-DD, year 1900 or later`,
  );
};

/** Throws {@link CivilDateError} INVALID_INSTANT for NaN and for times outside the years 1900 to 9999. */
export const checkInstant = (at: number): void => {
  if (at >= EARLIEST && at < LATEST) return;
  throw new CivilDateError(
    'INVALID_INSTANT',
    `instant ${String(at)} is not in the years 1900 to 9999: give milliseconds since 1970-01-01 UTC`,
  );
};
