import { alwaysOpenCalendar } from './always-open-calendar.ts';
import type { CalendarId, TradingCalendar } from './calendar.ts';
import { usEquityCalendar } from './us-equity-calendar.ts';

const CALENDARS: Readonly<Record<CalendarId, TradingCalendar>> = {
  US_EQUITY: usEquityCalendar,
  ALWAYS: alwaysOpenCalendar,
};

/** The calendar that an instrument names. */
export const calendarOf = (id: CalendarId): TradingCalendar => CALENDARS[id];
