import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { alwaysOpenCalendar } from '../../../../core/market/always-open-calendar.ts';
import { calendarOf } from '../../../../core/market/calendars.ts';
import { DAY_MS, formatDay, HOUR_MS, isWeekend, parseDay } from '../../../../core/market/civil-date.ts';
import { usEquityCalendar } from '../../../../core/market/us-equity-calendar.ts';

const calendar = usEquityCalendar;

/** The instant at which New York's clock shows a time; `offset` is the one in force, such as '-05:00'. */
const newYork = (text: string, offset: '-05:00' | '-04:00'): number => Date.parse(`${text}${offset}`);

const weekdaysOf = (year: number): string[] => {
  const first = parseDay(`${String(year)}-01-01`);
  return Array.from({ length: 366 }, (_, index) => first + index)
    .filter((day) => formatDay(day).startsWith(String(year)) && !isWeekend(day))
    .map(formatDay);
};

describe('holidays of US equities', () => {
  // As the NYSE published them.
  const published: [number, string[], string[]][] = [
    [
      2001,
      [
        '01-01',
        '01-15',
        '02-19',
        '04-13',
        '05-28',
        '07-04',
        '09-03',
        '09-11',
        '09-12',
        '09-13',
        '09-14',
        '11-22',
        '12-25',
      ],
      ['07-03', '11-23', '12-24'],
    ],
    [
      2012,
      ['01-02', '01-16', '02-20', '04-06', '05-28', '07-04', '09-03', '10-29', '10-30', '11-22', '12-25'],
      ['07-03', '11-23', '12-24'],
    ],
    [
      2018,
      ['01-01', '01-15', '02-19', '03-30', '05-28', '07-04', '09-03', '11-22', '12-05', '12-25'],
      ['07-03', '11-23', '12-24'],
    ],
    [2021, ['01-01', '01-18', '02-15', '04-02', '05-31', '07-05', '09-06', '11-25', '12-24'], ['11-26']],
    [2022, ['01-17', '02-21', '04-15', '05-30', '06-20', '07-04', '09-05', '11-24', '12-26'], ['11-25']],
    [
      2023,
      ['01-02', '01-16', '02-20', '04-07', '05-29', '06-19', '07-04', '09-04', '11-23', '12-25'],
      ['07-03', '11-24'],
    ],
    [
      2024,
      ['01-01', '01-15', '02-19', '03-29', '05-27', '06-19', '07-04', '09-02', '11-28', '12-25'],
      ['07-03', '11-29', '12-24'],
    ],
    [
      2025,
      ['01-01', '01-09', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25'],
      ['07-03', '11-28', '12-24'],
    ],
    [
      2026,
      ['01-01', '01-19', '02-16', '04-03', '05-25', '06-19', '07-03', '09-07', '11-26', '12-25'],
      ['11-27', '12-24'],
    ],
    [
      2027,
      ['01-01', '01-18', '02-15', '03-26', '05-31', '06-18', '07-05', '09-06', '11-25', '12-24'],
      ['11-26'],
    ],
  ];

  it.each(published)('of %i are those that the exchange published', (year, closed, early) => {
    const weekdays = weekdaysOf(year);
    expect(weekdays.filter((day) => !calendar.isTradingDay(day)).map((day) => day.slice(5))).toEqual(closed);
    const isEarly = (day: string): boolean =>
      (calendar.close(day) ?? 0) - (calendar.open(day) ?? 0) === 3.5 * HOUR_MS;
    expect(weekdays.filter(isEarly).map((day) => day.slice(5))).toEqual(early);
  });

  it('keep New Year on a Saturday without a day off, on a Sunday with the Monday', () => {
    expect(calendar.isTradingDay('2021-12-31')).toBe(true);
    expect(calendar.isTradingDay('2027-12-31')).toBe(true);
    expect(calendar.isTradingDay('2023-01-02')).toBe(false);
  });

  it('moved the half day at a Thursday Independence Day from after it to before it', () => {
    expect(calendar.close('2002-07-05')).toBe(newYork('2002-07-05T13:00', '-04:00'));
    expect(calendar.close('2002-07-03')).toBe(newYork('2002-07-03T16:00', '-04:00'));
    expect(calendar.close('2019-07-05')).toBe(newYork('2019-07-05T16:00', '-04:00'));
    expect(calendar.close('2019-07-03')).toBe(newYork('2019-07-03T13:00', '-04:00'));
  });

  it('know the hours that no rule foresaw', () => {
    expect(calendar.close('1999-12-31')).toBe(newYork('1999-12-31T13:00', '-05:00'));
    expect(calendar.close('2003-12-26')).toBe(newYork('2003-12-26T13:00', '-05:00'));
    expect(calendar.open('2002-09-11')).toBe(newYork('2002-09-11T12:00', '-04:00'));
    expect(calendar.close('1992-11-27')).toBe(newYork('1992-11-27T14:00', '-05:00'));
  });
});

describe('sessions of US equities', () => {
  it.each([
    ['2024-07-02T03:59:59.999', 'CLOSED', '2024-07-02T04:00'],
    ['2024-07-02T04:00', 'PRE', '2024-07-02T09:30'],
    ['2024-07-02T09:29:59.999', 'PRE', '2024-07-02T09:30'],
    ['2024-07-02T09:30', 'OPEN', '2024-07-02T16:00'],
    ['2024-07-02T15:59:59.999', 'OPEN', '2024-07-02T16:00'],
    ['2024-07-02T16:00', 'POST', '2024-07-02T20:00'],
    ['2024-07-02T20:00', 'CLOSED', '2024-07-03T04:00'],
    ['2024-07-03T12:59:59.999', 'OPEN', '2024-07-03T13:00'],
    ['2024-07-03T13:00', 'POST', '2024-07-03T17:00'],
    ['2024-07-03T17:00', 'CLOSED', '2024-07-05T04:00'],
    ['2024-07-04T12:00', 'CLOSED', '2024-07-05T04:00'],
    ['2024-07-06T12:00', 'CLOSED', '2024-07-08T04:00'],
  ] as const)('%s is %s until %s', (at, session, next) => {
    expect(calendar.session(newYork(at, '-04:00'))).toBe(session);
    expect(calendar.nextChange(newYork(at, '-04:00'))).toBe(newYork(next, '-04:00'));
  });

  it('are closed for the day from the very instant of the close', () => {
    const close = newYork('2024-07-03T13:00', '-04:00');
    expect(calendar.nextClose(close - 1)).toBe(close);
    expect(calendar.nextClose(close)).toBe(newYork('2024-07-05T16:00', '-04:00'));
  });

  it('follow the wall clock over a change of daylight time', () => {
    expect(calendar.open('2024-03-08')).toBe(newYork('2024-03-08T09:30', '-05:00'));
    expect(calendar.open('2024-03-11')).toBe(newYork('2024-03-11T09:30', '-04:00'));
    expect(calendar.nextChange(newYork('2024-11-01T20:00', '-04:00'))).toBe(
      newYork('2024-11-04T04:00', '-05:00'),
    );
  });

  it('change exactly where nextChange says', () => {
    const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) });
    fc.assert(
      fc.property(instants, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (at, part) => {
        const next = calendar.nextChange(at) ?? Number.NaN;
        const between = at + Math.floor((next - at) * part);
        expect(next).toBeGreaterThan(at);
        expect(calendar.session(between)).toBe(calendar.session(at));
        expect(calendar.session(next)).not.toBe(calendar.session(at));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe.each([usEquityCalendar, alwaysOpenCalendar])('trading days of $id', (each) => {
  const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) });

  it('divide all of time', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const day = each.tradingDay(at);
        const end = each.endOfDay(at);
        expect(each.isTradingDay(day)).toBe(true);
        expect(end).toBeGreaterThan(at);
        expect(each.tradingDay(end - 1)).toBe(day);
        expect(each.tradingDay(end)).toBe(each.nextTradingDay(day));
      }),
      { numRuns: 500 },
    );
  });

  it('hold their session, and nextClose is the first close to come', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const day = each.tradingDay(at);
        const open = each.open(day) ?? Number.NaN;
        const close = each.close(day) ?? Number.NaN;
        expect(open).toBeLessThan(close);
        expect(each.tradingDay(open)).toBe(day);
        expect(close).toBeLessThanOrEqual(each.endOfDay(at));
        expect(each.session(open)).toBe('OPEN');
        expect(each.session(close - 1)).toBe('OPEN');
        const next = at < close ? close : each.close(each.nextTradingDay(day));
        expect(each.nextClose(at)).toBe(next);
      }),
      { numRuns: 500 },
    );
  });

  it('follow one another', () => {
    const days = fc.integer({ min: parseDay('1990-01-01'), max: parseDay('2060-01-01') }).map(formatDay);
    fc.assert(
      fc.property(days, (day) => {
        const next = each.nextTradingDay(day);
        const previous = each.previousTradingDay(day);
        expect(next > day && previous < day).toBe(true);
        expect(each.isTradingDay(next) && each.isTradingDay(previous)).toBe(true);
        expect(each.nextTradingDay(previous)).toBe(each.isTradingDay(day) ? day : next);
        expect(each.open(day) === undefined).toBe(!each.isTradingDay(day));
        expect(each.close(day) === undefined).toBe(!each.isTradingDay(day));
      }),
      { numRuns: 500 },
    );
  });

  it('refuse what is neither a day nor an instant', () => {
    for (const call of [
      each.isTradingDay,
      each.open,
      each.close,
      each.nextTradingDay,
      each.previousTradingDay,
    ]) {
      expect(() => call('2023-02-29')).toThrow(expect.objectContaining({ code: 'INVALID_DAY' }));
    }
    for (const call of [each.session, each.nextChange, each.tradingDay, each.endOfDay, each.nextClose]) {
      expect(() => call(Number.NaN)).toThrow(expect.objectContaining({ code: 'INVALID_INSTANT' }));
    }
  });
});

describe('the calendar of a market that never closes', () => {
  it('has the days of UTC', () => {
    const at = Date.UTC(2024, 11, 25, 23, 59);
    expect(alwaysOpenCalendar.session(at)).toBe('OPEN');
    expect(alwaysOpenCalendar.nextChange(at)).toBeNull();
    expect(alwaysOpenCalendar.tradingDay(at)).toBe('2024-12-25');
    expect(alwaysOpenCalendar.endOfDay(at)).toBe(Date.UTC(2024, 11, 26));
    expect(alwaysOpenCalendar.open('2024-12-25')).toBe(Date.UTC(2024, 11, 25));
    expect(alwaysOpenCalendar.close('2024-12-25')).toBe(Date.UTC(2024, 11, 25) + DAY_MS);
  });

  it('is found by the name that instruments use', () => {
    expect(calendarOf('ALWAYS')).toBe(alwaysOpenCalendar);
    expect(calendarOf('US_EQUITY')).toBe(usEquityCalendar);
  });
});
