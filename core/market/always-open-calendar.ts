import type { TradingCalendar } from './calendar.ts';
import { checkInstant, DAY_MS, dayAt, formatDay, parseDay } from './civil-date.ts';

const checked = (at: number): number => {
  checkInstant(at);
  return at;
};

/** A market that never closes; its day is the day of UTC. */
export const alwaysOpenCalendar: TradingCalendar = {
  id: 'ALWAYS',
  session: (at) => {
    checkInstant(at);
    return 'OPEN';
  },
  nextChange: (at) => {
    checkInstant(at);
    return null;
  },
  tradingDay: (at) => formatDay(dayAt(checked(at))),
  endOfDay: (at) => (dayAt(checked(at)) + 1) * DAY_MS,
  nextClose: (at) => (dayAt(checked(at)) + 1) * DAY_MS,
  isTradingDay: (day) => Number.isFinite(parseDay(day)),
  open: (day) => parseDay(day) * DAY_MS,
  close: (day) => (parseDay(day) + 1) * DAY_MS,
  nextTradingDay: (day) => formatDay(parseDay(day) + 1),
  previousTradingDay: (day) => formatDay(parseDay(day) - 1),
  toWallClock: (at) => at,
  fromWallClock: (wall) => wall,
};
