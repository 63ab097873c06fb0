import { describe, expect, it } from '@jest/globals';
import { BAR_INTERVALS, type BarInterval } from '@omniquant/plugin-sdk';
import fc from 'fast-check';

import { alwaysOpenCalendar } from '../../../../core/market/always-open-calendar.ts';
import { barSpan, dayBarStart, isCoarserOrSame } from '../../../../core/market/bar-interval.ts';
import type { TradingCalendar } from '../../../../core/market/calendar.ts';
import { HOUR_MS } from '../../../../core/market/civil-date.ts';
import { usEquityCalendar } from '../../../../core/market/us-equity-calendar.ts';

const spanOf = (at: string, interval: BarInterval, calendar: TradingCalendar): [string, string] => {
  const { start, end } = barSpan(Date.parse(at), interval, calendar);
  return [new Date(start).toISOString().slice(0, 19), new Date(end).toISOString().slice(0, 19)];
};

describe('bars of US equities', () => {
  // Summer: New York is four hours behind UTC.
  it.each<[BarInterval, string, string, string]>([
    ['SECOND_1', '2024-07-02T13:30:01.5Z', '2024-07-02T13:30:01', '2024-07-02T13:30:02'],
    ['MINUTE_1', '2024-07-02T13:30:01.5Z', '2024-07-02T13:30:00', '2024-07-02T13:31:00'],
    ['MINUTE_5', '2024-07-02T13:34:59Z', '2024-07-02T13:30:00', '2024-07-02T13:35:00'],
    ['MINUTE_15', '2024-07-02T13:59:59Z', '2024-07-02T13:45:00', '2024-07-02T14:00:00'],
    ['HOUR_1', '2024-07-02T13:30:00Z', '2024-07-02T13:00:00', '2024-07-02T14:00:00'],
    ['HOUR_4', '2024-07-02T13:30:00Z', '2024-07-02T12:00:00', '2024-07-02T16:00:00'],
    ['HOUR_4', '2024-07-02T19:59:59Z', '2024-07-02T16:00:00', '2024-07-02T20:00:00'],
    ['DAY_1', '2024-07-02T13:30:00Z', '2024-07-02T04:00:00', '2024-07-03T00:00:00'],
    ['DAY_1', '2024-07-03T16:59:59Z', '2024-07-03T04:00:00', '2024-07-04T00:00:00'],
    ['WEEK_1', '2024-07-02T13:30:00Z', '2024-07-01T04:00:00', '2024-07-06T00:00:00'],
    // Winter: five hours.
    ['HOUR_4', '2024-01-03T14:30:00Z', '2024-01-03T13:00:00', '2024-01-03T17:00:00'],
    ['DAY_1', '2024-01-03T14:30:00Z', '2024-01-03T05:00:00', '2024-01-04T01:00:00'],
    // The Monday is New Year, the Friday of the other week Good Friday.
    ['WEEK_1', '2024-01-03T14:30:00Z', '2024-01-01T05:00:00', '2024-01-06T01:00:00'],
    ['WEEK_1', '2024-03-27T14:30:00Z', '2024-03-25T04:00:00', '2024-03-29T00:00:00'],
    // The week that starts before daylight time and trades in it.
    ['WEEK_1', '2024-03-11T14:30:00Z', '2024-03-11T04:00:00', '2024-03-16T00:00:00'],
    // Outside all sessions: the day that follows.
    ['DAY_1', '2024-07-06T12:00:00Z', '2024-07-08T04:00:00', '2024-07-09T00:00:00'],
    ['WEEK_1', '2024-07-06T12:00:00Z', '2024-07-08T04:00:00', '2024-07-13T00:00:00'],
    // A night in which clocks change has a bar of three or of five hours.
    ['HOUR_4', '2024-03-10T06:00:00Z', '2024-03-10T05:00:00', '2024-03-10T08:00:00'],
    ['HOUR_4', '2024-11-03T08:30:00Z', '2024-11-03T04:00:00', '2024-11-03T09:00:00'],
  ])('%s at %s', (interval, at, start, end) => {
    expect(spanOf(at, interval, usEquityCalendar)).toEqual([start, end]);
  });

  it('are found by date', () => {
    expect(dayBarStart('2024-07-02', usEquityCalendar)).toBe(Date.UTC(2024, 6, 2, 4));
    expect(dayBarStart('2024-07-02', alwaysOpenCalendar)).toBe(Date.UTC(2024, 6, 2));
  });
});

describe('bars of a market that never closes', () => {
  it.each<[BarInterval, string, string, string]>([
    ['HOUR_4', '2024-07-06T15:59:59Z', '2024-07-06T12:00:00', '2024-07-06T16:00:00'],
    ['DAY_1', '2024-07-06T15:59:59Z', '2024-07-06T00:00:00', '2024-07-07T00:00:00'],
    ['WEEK_1', '2024-07-07T23:59:59Z', '2024-07-01T00:00:00', '2024-07-08T00:00:00'],
    ['WEEK_1', '2024-07-08T00:00:00Z', '2024-07-08T00:00:00', '2024-07-15T00:00:00'],
  ])('%s at %s', (interval, at, start, end) => {
    expect(spanOf(at, interval, alwaysOpenCalendar)).toEqual([start, end]);
  });
});

describe.each([usEquityCalendar, alwaysOpenCalendar])('the spans of $id', (calendar) => {
  const instant = fc.integer({ min: Date.UTC(1998, 0, 1), max: Date.UTC(2030, 0, 1) });
  const interval = fc.constantFrom(...BAR_INTERVALS);

  it('contain every instant of a session', () => {
    fc.assert(
      fc.property(instant, interval, (at, each) => {
        const { start, end } = barSpan(at, each, calendar);
        expect(end).toBeGreaterThan(at);
        if (calendar.session(at) !== 'CLOSED') expect(start).toBeLessThanOrEqual(at);
        expect(barSpan(start, each, calendar)).toEqual({ start, end });
        expect(barSpan(end - 1, each, calendar)).toEqual({ start, end });
      }),
      { numRuns: 1_000 },
    );
  });

  it('do not overlap', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 100 * HOUR_MS }), interval, (at, later, each) => {
        const first = barSpan(at, each, calendar);
        const second = barSpan(at + later, each, calendar);
        if (first.start === second.start) expect(second).toEqual(first);
        else expect(second.start).toBeGreaterThanOrEqual(first.end);
      }),
      { numRuns: 1_000 },
    );
  });

  it('lie whole within those of every coarser interval', () => {
    fc.assert(
      fc.property(instant, interval, interval, (at, a, b) => {
        const [fine, coarse] = isCoarserOrSame(b, a) ? [a, b] : [b, a];
        const inner = barSpan(at, fine, calendar);
        const outer = barSpan(at, coarse, calendar);
        expect(barSpan(inner.start, coarse, calendar)).toEqual(outer);
        expect(barSpan(inner.end - 1, coarse, calendar)).toEqual(outer);
      }),
      { numRuns: 2_000 },
    );
  });
});

it('refuses an instant that is no date', () => {
  for (const each of BAR_INTERVALS) {
    expect(() => barSpan(Number.NaN, each, usEquityCalendar)).toThrow(
      expect.objectContaining({ code: 'INVALID_INSTANT' }),
    );
  }
});
