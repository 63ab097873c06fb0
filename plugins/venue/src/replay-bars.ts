import type { BarInterval } from '@omniquant/plugin-sdk';

import { HOUR_MS, MINUTE_MS, newYorkDay, newYorkMidnight, SECOND_MS } from './new-york-time.ts';
import { mondayOf } from './trading-days.ts';

/** Where a bar begins and ends, epoch ms; the end is outside. */
export interface BarBounds {
  readonly start: number;
  readonly end: number;
}

/** Intervals that are made of ticks, by length. */
const CLOCK_LENGTH: Partial<Record<BarInterval, number>> = {
  SECOND_1: SECOND_MS,
  MINUTE_1: MINUTE_MS,
  MINUTE_5: 5 * MINUTE_MS,
  MINUTE_15: 15 * MINUTE_MS,
  HOUR_1: HOUR_MS,
};

/**
 * The bar that an instant of a session belongs to. Up to an hour bars are multiples of their length on
 * the clock; four-hour bars begin at 0:00, 4:00, 8:00 ... in New York, days at midnight and weeks on
 * Monday at midnight.
 */
export const barBounds = (at: number, interval: BarInterval): BarBounds => {
  const length = CLOCK_LENGTH[interval];
  if (length !== undefined) {
    const start = Math.floor(at / length) * length;
    return { start, end: start + length };
  }
  const day = newYorkDay(at);
  if (interval === 'HOUR_4') {
    // Sessions lie between 8:00 and 20:00, after the hour at which clocks change.
    const noon = newYorkMidnight(day + 1) - 12 * HOUR_MS;
    const start = noon + Math.floor((at - noon) / (4 * HOUR_MS)) * 4 * HOUR_MS;
    return { start, end: start + 4 * HOUR_MS };
  }
  if (interval === 'DAY_1') return { start: newYorkMidnight(day), end: newYorkMidnight(day + 1) };
  const monday = mondayOf(day);
  return { start: newYorkMidnight(monday), end: newYorkMidnight(monday + 7) };
};

/** Whether bars of an interval span whole sessions and so need no path. */
export const isWholeDays = (interval: BarInterval): boolean => interval === 'DAY_1' || interval === 'WEEK_1';
