import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  checkInstant,
  CivilDateError,
  DAY_MS,
  dayOf,
  easterSunday,
  formatDay,
  lastWeekday,
  MONDAY,
  nthWeekday,
  parseDay,
  SUNDAY,
  THURSDAY,
  weekdayOf,
} from '../../../../core/market/civil-date.ts';

describe('days', () => {
  it('are read and written as YYYY-MM-DD', () => {
    fc.assert(
      fc.property(fc.integer({ min: -25_567, max: 2_932_000 }), (day) => {
        expect(parseDay(formatDay(day))).toBe(day);
      }),
    );
    expect(parseDay('1970-01-01')).toBe(0);
    expect(parseDay('2000-02-29') * DAY_MS).toBe(Date.UTC(2000, 1, 29));
  });

  it.each([
    '',
    '2023-02-29',
    '2023-13-01',
    '2023-00-10',
    '2023-1-1',
    '20230101',
    '2023-01-01T00:00',
    '1899-12-31',
  ])('refuses %j', (text) => {
    expect(() => parseDay(text)).toThrow(CivilDateError);
    expect(() => parseDay(text)).toThrow(expect.objectContaining({ code: 'INVALID_DAY' }));
  });

  it('refuses instants that no calendar covers', () => {
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, Date.UTC(1899, 11, 31), Date.UTC(10_000, 0, 1)]) {
      expect(() => checkInstant(at)).toThrow(expect.objectContaining({ code: 'INVALID_INSTANT' }));
    }
  });
});

describe('weekdays of a month', () => {
  it('are counted from its start or its end', () => {
    expect(weekdayOf(parseDay('2024-07-04'))).toBe(THURSDAY);
    expect(formatDay(nthWeekday(1, SUNDAY, 2024, 9))).toBe('2024-09-01');
    expect(formatDay(nthWeekday(4, THURSDAY, 2024, 11))).toBe('2024-11-28');
    expect(formatDay(lastWeekday(MONDAY, 2021, 5))).toBe('2021-05-31');
    expect(formatDay(lastWeekday(SUNDAY, 2022, 12))).toBe('2022-12-25');
  });

  it('lie in the week that their number says', () => {
    const month = fc.record({
      year: fc.integer({ min: 1901, max: 2200 }),
      month: fc.integer({ min: 1, max: 12 }),
      weekday: fc.constantFrom(0, 1, 2, 3, 4, 5, 6),
      n: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(month, ({ year, month: m, weekday, n }) => {
        const found = nthWeekday(n, weekday, year, m);
        expect(weekdayOf(found)).toBe(weekday);
        expect(Math.ceil((found - dayOf(year, m, 1) + 1) / 7)).toBe(n);
      }),
    );
  });
});

describe('Easter', () => {
  // United States Naval Observatory, dates of Easter; with the earliest and the latest possible.
  it.each([
    '1943-04-25',
    '1990-04-15',
    '1997-03-30',
    '2000-04-23',
    '2008-03-23',
    '2011-04-24',
    '2016-03-27',
    '2019-04-21',
    '2024-03-31',
    '2025-04-20',
    '2026-04-05',
    '2038-04-25',
    '2285-03-22',
  ])('is %s', (day) => {
    expect(formatDay(easterSunday(Number(day.slice(0, 4))))).toBe(day);
  });
});
