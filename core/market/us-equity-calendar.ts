import type { MarketSession, TradingCalendar } from './calendar.ts';
import {
  checkInstant,
  DAY_MS,
  dayAt,
  formatDay,
  HOUR_MS,
  isWeekend,
  MINUTE_MS,
  parseDay,
  yearOf,
} from './civil-date.ts';
import { fromNewYork, toNewYork } from './new-york-time.ts';
import { halfDaysOf, holidaysOf } from './us-equity-holidays.ts';
import { SPECIAL_CLOSINGS, SPECIAL_HOURS } from './us-equity-special-days.ts';

/** Hours of one trading day, as time of day on New York's wall clock. */
interface Hours {
  readonly preOpen: number;
  readonly open: number;
  readonly close: number;
  readonly postClose: number;
}

const REGULAR: Hours = {
  preOpen: 4 * HOUR_MS,
  open: 9 * HOUR_MS + 30 * MINUTE_MS,
  close: 16 * HOUR_MS,
  postClose: 20 * HOUR_MS,
};
/** After-hours trading goes on for four hours after every close. */
const POST_LENGTH = REGULAR.postClose - REGULAR.close;
/**
 * A trading day ends here also when it closed early, so that its end is a boundary of the four-hour
 * bars on every day.
 */
const DAY_END = REGULAR.postClose;

const closingAt = (close: number): Hours => ({ ...REGULAR, close, postClose: close + POST_LENGTH });

/** Half days ended at two o'clock until 1992. */
const halfDay = (year: number): Hours => closingAt((year < 1993 ? 14 : 13) * HOUR_MS);

const CLOSED = 'CLOSED';
type Exceptions = ReadonlyMap<number, Hours | typeof CLOSED>;

const exceptionsOf = (year: number): Exceptions => {
  const exceptions = new Map<number, Hours | typeof CLOSED>();
  for (const { day } of halfDaysOf(year)) exceptions.set(day, halfDay(year));
  for (const { day, openHour, closeHour } of SPECIAL_HOURS) {
    const hours = closeHour === undefined ? REGULAR : closingAt(closeHour * HOUR_MS);
    const open = openHour === undefined ? hours.open : openHour * HOUR_MS;
    exceptions.set(parseDay(day), { ...hours, open });
  }
  for (const { day } of holidaysOf(year)) exceptions.set(day, CLOSED);
  for (const { day } of SPECIAL_CLOSINGS) exceptions.set(parseDay(day), CLOSED);
  return exceptions;
};

const byYear = new Map<number, Exceptions>();

const hoursOn = (day: number): Hours | undefined => {
  if (isWeekend(day)) return undefined;
  const year = yearOf(day);
  let exceptions = byYear.get(year);
  if (exceptions === undefined) {
    exceptions = exceptionsOf(year);
    byYear.set(year, exceptions);
  }
  const hours = exceptions.get(day) ?? REGULAR;
  return hours === CLOSED ? undefined : hours;
};

const firstTradingDayFrom = (day: number): number => {
  let candidate = day;
  while (hoursOn(candidate) === undefined) candidate += 1;
  return candidate;
};

const lastTradingDayUpTo = (day: number): number => {
  let candidate = day;
  while (hoursOn(candidate) === undefined) candidate -= 1;
  return candidate;
};

/** An instant as a day of New York and the time of that day. */
const inNewYork = (at: number): { day: number; time: number } => {
  checkInstant(at);
  const wall = toNewYork(at);
  const day = dayAt(wall);
  return { day, time: wall - day * DAY_MS };
};

const instant = (day: number, time: number): number => fromNewYork(day * DAY_MS + time);

const tradingDayAt = (at: number): number => {
  const { day, time } = inNewYork(at);
  return firstTradingDayFrom(time < DAY_END ? day : day + 1);
};

const session = (at: number): MarketSession => {
  const { day, time } = inNewYork(at);
  const hours = hoursOn(day);
  if (hours === undefined || time < hours.preOpen || time >= hours.postClose) return CLOSED;
  if (time < hours.open) return 'PRE';
  return time < hours.close ? 'OPEN' : 'POST';
};

const nextChange = (at: number): number => {
  const { day, time } = inNewYork(at);
  const hours = hoursOn(day);
  if (hours !== undefined) {
    for (const change of [hours.preOpen, hours.open, hours.close, hours.postClose]) {
      if (time < change) return instant(day, change);
    }
  }
  return instant(firstTradingDayFrom(day + 1), REGULAR.preOpen);
};

const nextClose = (at: number): number => {
  const { day, time } = inNewYork(at);
  const today = hoursOn(day);
  if (today !== undefined && time < today.close) return instant(day, today.close);
  const next = firstTradingDayFrom(day + 1);
  return instant(next, (hoursOn(next) ?? REGULAR).close);
};

const regularHour = (dayText: string, hour: 'open' | 'close'): number | undefined => {
  const day = parseDay(dayText);
  const hours = hoursOn(day);
  return hours === undefined ? undefined : instant(day, hours[hour]);
};

/**
 * NYSE, Nasdaq and the other US equity exchanges: regular hours 9:30 to 16:00 New York time, extended
 * hours from 4:00 and until 20:00, half days until 13:00 with extended hours until 17:00. A trading
 * day ends at 20:00. Days are exact from 1990 on, hours from 1998 on.
 */
export const usEquityCalendar: TradingCalendar = {
  id: 'US_EQUITY',
  session,
  nextChange,
  tradingDay: (at) => formatDay(tradingDayAt(at)),
  endOfDay: (at) => instant(tradingDayAt(at), DAY_END),
  nextClose,
  isTradingDay: (day) => hoursOn(parseDay(day)) !== undefined,
  open: (day) => regularHour(day, 'open'),
  close: (day) => regularHour(day, 'close'),
  nextTradingDay: (day) => formatDay(firstTradingDayFrom(parseDay(day) + 1)),
  previousTradingDay: (day) => formatDay(lastTradingDayUpTo(parseDay(day) - 1)),
  toWallClock: toNewYork,
  fromWallClock: fromNewYork,
};
