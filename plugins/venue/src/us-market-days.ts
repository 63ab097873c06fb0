/**
 * The days on which US equity exchanges trade, by NYSE Rule 7.2, for years that a recording does not
 * cover, and the days on which they close at one o'clock.
 */
import { dayOf, nthWeekday, parseDay, weekdayOf, yearOf } from './new-york-time.ts';

const SUNDAY = 0;
const MONDAY = 1;
const WEDNESDAY = 3;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;

/** Closings that no rule foresees: mourning for President Carter. */
const SPECIAL_CLOSINGS: readonly (number | undefined)[] = [parseDay('2025-01-09')];

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
const observed = (day: number): number => {
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return day - 1;
  return weekday === SUNDAY ? day + 1 : day;
};

/** Easter of the Gregorian calendar, by the method of Butcher (Nature, 20 April 1876). */
const easterSunday = (year: number): number => {
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

const thanksgiving = (year: number): number => nthWeekday(4, THURSDAY, year, 11);

const lastMondayOfMay = (year: number): number => {
  const lastDay = dayOf(year, 5, 31);
  return lastDay - ((weekdayOf(lastDay) - MONDAY + 7) % 7);
};

const holidaysOf = (year: number): ReadonlySet<number> => {
  const newYear = dayOf(year, 1, 1);
  const days = [
    nthWeekday(3, MONDAY, year, 1),
    nthWeekday(3, MONDAY, year, 2),
    easterSunday(year) - 2,
    lastMondayOfMay(year),
    observed(dayOf(year, 7, 4)),
    nthWeekday(1, MONDAY, year, 9),
    thanksgiving(year),
    observed(dayOf(year, 12, 25)),
  ];
  // New Year on a Saturday is not made up for: the Friday before ends the accounting year.
  if (weekdayOf(newYear) !== SATURDAY) days.push(observed(newYear));
  if (year >= 2022) days.push(observed(dayOf(year, 6, 19)));
  return new Set(days);
};

const holidaysByYear = new Map<number, ReadonlySet<number>>();

const isHoliday = (day: number): boolean => {
  const year = yearOf(day);
  let holidays = holidaysByYear.get(year);
  if (holidays === undefined) {
    holidays = holidaysOf(year);
    holidaysByYear.set(year, holidays);
  }
  return holidays.has(day) || SPECIAL_CLOSINGS.includes(day);
};

const isWeekend = (day: number): boolean => {
  const weekday = weekdayOf(day);
  return weekday === SATURDAY || weekday === SUNDAY;
};

/** Whether US equity exchanges open on a day, by rule. */
export const isUsMarketDay = (day: number): boolean => !isWeekend(day) && !isHoliday(day);

/**
 * Whether a trading day ends at one o'clock: the eves of Independence Day and Christmas where they
 * are trading days next to the holiday, and the day after Thanksgiving.
 */
export const isUsHalfDay = (day: number): boolean => {
  const year = yearOf(day);
  if (day === thanksgiving(year) + 1) return true;
  const weekday = weekdayOf(day);
  if (day === dayOf(year, 12, 24)) return weekday >= MONDAY && weekday <= THURSDAY;
  if (day === dayOf(year, 7, 3)) {
    return weekday >= MONDAY && weekday <= THURSDAY && (weekday !== WEDNESDAY || year >= 2013);
  }
  return day === dayOf(year, 7, 5) && weekday === FRIDAY && year < 2013;
};
