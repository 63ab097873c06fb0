import type { BarInterval } from '../venue-market.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Length of a day on a clock without calendars, ms. */
export const DAY_MS = 24 * HOUR_MS;

/** Length of each interval in ms, from the finest to the coarsest: days and weeks are those of UTC. */
export const INTERVAL_MS: Readonly<Record<BarInterval, number>> = {
  SECOND_1: SECOND_MS,
  MINUTE_1: MINUTE_MS,
  MINUTE_5: 5 * MINUTE_MS,
  MINUTE_15: 15 * MINUTE_MS,
  HOUR_1: HOUR_MS,
  HOUR_4: 4 * HOUR_MS,
  DAY_1: DAY_MS,
  WEEK_1: 7 * DAY_MS,
};
