import type { BarInterval, VenueInstrument } from '@omniquant/plugin-sdk';

import { createZone, type Zone } from './zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 1970-01-05, a Monday. */
const A_MONDAY = 4 * DAY;

const LENGTHS: Readonly<Record<BarInterval, number>> = {
  SECOND_1: 1_000,
  MINUTE_1: MINUTE,
  MINUTE_5: 5 * MINUTE,
  MINUTE_15: 15 * MINUTE,
  HOUR_1: HOUR,
  HOUR_4: 4 * HOUR,
  DAY_1: DAY,
  WEEK_1: 7 * DAY,
};

const ZONES: Readonly<Record<VenueInstrument['calendar'], Zone>> = {
  US_EQUITY: createZone('America/New_York'),
  ALWAYS: createZone('UTC'),
};

/** The time zone of an instrument's trading days. */
export const zoneOf = ({ calendar }: Pick<VenueInstrument, 'calendar'>): Zone => ZONES[calendar];

/** Up to an hour bars are multiples on the clock, longer ones on the wall clock of the market. */
const isOnWallClock = (interval: BarInterval): boolean => LENGTHS[interval] > HOUR;

/** Whether a bar can begin there. */
export function isBarStart(at: number, interval: BarInterval, zone: Zone): boolean {
  const time = isOnWallClock(interval) ? zone.toWall(at) : at;
  return (interval === 'WEEK_1' ? time - A_MONDAY : time) % LENGTHS[interval] === 0;
}

const moved = (at: number, by: number, interval: BarInterval, zone: Zone): number => {
  if (!isOnWallClock(interval)) return at + by;
  const wall = zone.toWall(at) + by;
  return zone.fromWall(wall) ?? wall - (zone.toWall(at) - at);
};

/** When a bar that begins at `at` is over, and may be known. Days and weeks end at midnight. */
export const barEndOf = (at: number, interval: BarInterval, zone: Zone): number =>
  moved(at, LENGTHS[interval], interval, zone);

/** The start of the bar that is over at `end`. */
export const barStartOf = (end: number, interval: BarInterval, zone: Zone): number =>
  moved(end, -LENGTHS[interval], interval, zone);
