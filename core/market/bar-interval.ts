/**
 * Where bars begin and end.
 *
 * - Up to an hour: multiples of their length on the clock. All calendars are whole hours from UTC, so
 *   these are the hours of the market's wall clock too; a stock's first hour bar begins at 9:00.
 * - Four hours: from 0:00, 4:00, 8:00 ... of the market's wall clock, so that hour bars fill them.
 * - A day: the trading day, labelled with midnight of the market's wall clock; it ends when the
 *   trading day ends. What is outside all sessions belongs to the next day, label or not.
 * - A week: labelled with midnight of Monday, also when that is a holiday; it ends with its last
 *   trading day.
 *
 * Every interval fills the coarser ones without remainder.
 */
import { BAR_INTERVALS, type BarInterval } from '@omniquant/plugin-sdk';

import type { TradingCalendar } from './calendar.ts';
import {
  checkInstant,
  DAY_MS,
  formatDay,
  HOUR_MS,
  MINUTE_MS,
  MONDAY,
  parseDay,
  SECOND_MS,
  weekdayOf,
} from './civil-date.ts';

/** Start and end of a bar, epoch ms; the end is outside it. */
export interface BarSpan {
  readonly start: number;
  readonly end: number;
}

/** Whether bars of `from` can be put together to bars of `to`. */
export const isCoarserOrSame = (to: BarInterval, from: BarInterval): boolean =>
  BAR_INTERVALS.indexOf(to) >= BAR_INTERVALS.indexOf(from);

const onClock = (at: number, length: number): BarSpan => {
  const start = Math.floor(at / length) * length;
  return { start, end: start + length };
};

const onWallClock = (at: number, length: number, calendar: TradingCalendar): BarSpan => {
  const { start, end } = onClock(calendar.toWallClock(at), length);
  return { start: calendar.fromWallClock(start), end: calendar.fromWallClock(end) };
};

const midnight = (day: number, calendar: TradingCalendar): number => calendar.fromWallClock(day * DAY_MS);

const daySpan = (at: number, calendar: TradingCalendar): BarSpan => ({
  start: midnight(parseDay(calendar.tradingDay(at)), calendar),
  end: calendar.endOfDay(at),
});

const weekSpan = (at: number, calendar: TradingCalendar): BarSpan => {
  const day = parseDay(calendar.tradingDay(at));
  const monday = day - ((weekdayOf(day) - MONDAY + 7) % 7);
  const lastDay = parseDay(calendar.previousTradingDay(formatDay(monday + 7)));
  return { start: midnight(monday, calendar), end: calendar.endOfDay(midnight(lastDay, calendar)) };
};

/** The bar that an instant belongs to. Throws CivilDateError for an instant that is no date. */
export const barSpan = (at: number, interval: BarInterval, calendar: TradingCalendar): BarSpan => {
  checkInstant(at);
  switch (interval) {
    case 'SECOND_1':
      return onClock(at, SECOND_MS);
    case 'MINUTE_1':
      return onClock(at, MINUTE_MS);
    case 'MINUTE_5':
      return onClock(at, 5 * MINUTE_MS);
    case 'MINUTE_15':
      return onClock(at, 15 * MINUTE_MS);
    case 'HOUR_1':
      return onClock(at, HOUR_MS);
    case 'HOUR_4':
      return onWallClock(at, 4 * HOUR_MS, calendar);
    case 'DAY_1':
      return daySpan(at, calendar);
    case 'WEEK_1':
      return weekSpan(at, calendar);
  }
};

/** The label of a trading day's DAY_1 bar, for data that comes by date. Throws CivilDateError. */
export const dayBarStart = (day: string, calendar: TradingCalendar): number =>
  midnight(parseDay(day), calendar);
