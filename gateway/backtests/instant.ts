import type { TradingCalendar } from '../../core/market/calendar.ts';
import { CivilDateError, DAY_MS, parseDay } from '../../core/market/civil-date.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Whether a text is a day that there is, such as 2016-02-29. */
export const isDay = (text: string): boolean => DAY.test(text) && dayNumber(text) !== null;

/** Whether a text is a day, or a time with its offset. */
export const isInstant = (text: string): boolean =>
  isDay(text) || (TIME.test(text) && Number.isFinite(Date.parse(text)));

function dayNumber(text: string): number | null {
  try {
    return parseDay(text);
  } catch (error) {
    if (error instanceof CivilDateError) return null;
    throw error;
  }
}

/** Epoch ms of what {@link isInstant} lets pass: a day is its midnight on the calendar's wall clock, at its edge. */
export const instantOf = (text: string, edge: 'START' | 'END', calendar: TradingCalendar): number =>
  DAY.test(text)
    ? calendar.fromWallClock((parseDay(text) + (edge === 'END' ? 1 : 0)) * DAY_MS)
    : Date.parse(text);
