/**
 * The holidays of the US equity exchanges by rule: NYSE Rule 7.2 and its predecessor Rule 51, with
 * the changes announced over the years. Exact from 1990 on, for years to come as far as the rules
 * hold; closings that no rule foresees are in us-equity-special-days.ts.
 */
import {
  dayOf,
  easterSunday,
  FRIDAY,
  lastWeekday,
  MONDAY,
  nthWeekday,
  SATURDAY,
  SUNDAY,
  THURSDAY,
  TUESDAY,
  WEDNESDAY,
  type Weekday,
  weekdayOf,
} from './civil-date.ts';

export interface Holiday {
  readonly day: number;
  readonly name: string;
}

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
const observed = (day: number): number => {
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return day - 1;
  return weekday === SUNDAY ? day + 1 : day;
};

/** The Friday before is the last day of the accounting year, so New Year on a Saturday is not made up for. */
const newYear = (year: number): Holiday[] => {
  const day = dayOf(year, 1, 1);
  return weekdayOf(day) === SATURDAY ? [] : [{ day: observed(day), name: 'New Year' }];
};

/** Days on which the exchanges do not open, weekends aside. */
export const holidaysOf = (year: number): readonly Holiday[] => {
  const holidays = [
    ...newYear(year),
    { day: nthWeekday(3, MONDAY, year, 2), name: "Washington's Birthday" },
    { day: easterSunday(year) - 2, name: 'Good Friday' },
    { day: lastWeekday(MONDAY, year, 5), name: 'Memorial Day' },
    { day: observed(dayOf(year, 7, 4)), name: 'Independence Day' },
    { day: nthWeekday(1, MONDAY, year, 9), name: 'Labor Day' },
    { day: thanksgiving(year), name: 'Thanksgiving' },
    { day: observed(dayOf(year, 12, 25)), name: 'Christmas' },
  ];
  if (year >= 1998) {
    holidays.push({ day: nthWeekday(3, MONDAY, year, 1), name: 'Martin Luther King Jr. Day' });
  }
  if (year >= 2022) holidays.push({ day: observed(dayOf(year, 6, 19)), name: 'Juneteenth' });
  return holidays;
};

const thanksgiving = (year: number): number => nthWeekday(4, THURSDAY, year, 11);

const isOneOf = (day: number, weekdays: readonly Weekday[]): boolean => weekdays.includes(weekdayOf(day));

/**
 * Half days around Independence Day, since 1995. July 3 whenever both it and July 4 are weekdays, but
 * for a Wednesday: until 2012 the Friday after the holiday was the half day instead.
 */
const aroundIndependenceDay = (year: number): Holiday[] => {
  if (year < 1995) return [];
  const eve = dayOf(year, 7, 3);
  const name = 'around Independence Day';
  if (isOneOf(eve, [MONDAY, TUESDAY, THURSDAY])) return [{ day: eve, name }];
  if (weekdayOf(eve) !== WEDNESDAY) return [];
  return [{ day: year >= 2013 ? eve : dayOf(year, 7, 5), name }];
};

const christmasEve = (year: number): Holiday[] => {
  const day = dayOf(year, 12, 24);
  // On a Friday it is the day on which Christmas is observed.
  return isOneOf(day, [SATURDAY, SUNDAY, FRIDAY]) ? [] : [{ day, name: 'Christmas Eve' }];
};

/** Days on which the exchanges close early. */
export const halfDaysOf = (year: number): readonly Holiday[] => {
  const halfDays = [...aroundIndependenceDay(year), ...christmasEve(year)];
  if (year >= 1992) halfDays.push({ day: thanksgiving(year) + 1, name: 'day after Thanksgiving' });
  return halfDays;
};
