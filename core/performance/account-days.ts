import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { TradingCalendar } from '../market/calendar.ts';
import type { CashFlow, EquityPoint } from './daily-equity.ts';

/** How a trading day of an account began, as its journal tells. Money is in the base currency. */
export interface DayOpening {
  readonly day: string;
  /** Market time, ms. */
  readonly at: number;
  readonly equity: Fixed;
  /** What the opening before it began with, and what came in less what went out since; null for the first. */
  readonly previous: Fixed | null;
}

/** An account at an instant of its last trading day, which may go on. */
export interface AccountPresent {
  readonly at: number;
  /** Equity at the opening of the day, and what came in less what went out since. */
  readonly sinceOpening: Fixed;
  /** Null while a price that it needs is missing. */
  readonly equity: Fixed | null;
}

export interface AccountTerm {
  readonly calendar: TradingCalendar;
  /** In the order of time. */
  readonly openings: readonly DayOpening[];
  /** On the day of the last opening; null when there is none, or it is not known. */
  readonly present: AccountPresent | null;
  /** Trading days from that of `from` to that of the last instant before `to`; null for no bound. Market time, ms. */
  readonly from: number | null;
  readonly to: number | null;
}

/** The daily equity of an account over whole trading days, as `performanceOf` takes it. */
export interface AccountDays {
  readonly startingEquity: Fixed;
  readonly points: readonly EquityPoint[];
  readonly flows: readonly CashFlow[];
  /** Market time that the days cover; null without a day. */
  readonly span: { readonly from: number; readonly to: number } | null;
  /** The last day when it goes on, and only counts up to the present. */
  readonly dayUnderWay: string | null;
  /** That day was left out, since a price that its equity needs is missing. */
  readonly isPresentMissing: boolean;
}

const MS = 1;

/**
 * Equity of whole trading days. A day ends with the opening of the next, whose equity is the last of the day before;
 * where a gateway was down for days, with the opening that follows. What came in or went out during a day counts from
 * its beginning, so that its return is earned on all of it: no equity is known at the moment of a flow.
 */
export const accountDaysOf = ({ calendar, from, openings, present, to }: AccountTerm): AccountDays => {
  const firstDay = from === null ? '' : calendar.tradingDay(from);
  const lastDay = to === null ? null : calendar.tradingDay(to - 1);
  const first = openings.findIndex(({ day }) => day >= firstDay);
  const begin = openings[first];
  const isWithin = (day: string): boolean => lastDay === null || day <= lastDay;
  if (begin === undefined || !isWithin(begin.day)) return nothing(openings, begin, present);

  const startOf = (day: string): number => startOfTradingDay(calendar, calendar.open(day) ?? begin.at);
  const points: EquityPoint[] = [];
  const flows: CashFlow[] = [];
  const flowOn = ({ day, equity }: DayOpening, after: Fixed): void => {
    if (after !== equity) flows.push({ at: startOf(day) + 2 * MS, amount: after - equity });
  };
  let open = begin;
  let end = begin.at;
  for (const next of openings.slice(first + 1)) {
    if (!isWithin(calendar.previousTradingDay(next.day))) break;
    flowOn(open, next.previous ?? open.equity);
    end = startOf(next.day);
    points.push({ at: end, equity: next.equity });
    open = next;
  }
  const isLast = open === openings.at(-1) && isWithin(open.day);
  const isMissing = isLast && present !== null && present.equity === null;
  let dayUnderWay: string | null = null;
  if (isLast && present !== null && present.equity !== null) {
    flowOn(open, present.sinceOpening);
    // Not before the flow, whatever the clock says.
    end = Math.max(present.at, startOf(open.day) + 2 * MS);
    points.push({ at: end, equity: present.equity });
    dayUnderWay = open.day;
  }
  // So that days count from the first, also those at whose end nothing was known.
  if (points.length > 0) points.unshift({ at: startOf(begin.day) + MS, equity: begin.equity });
  return {
    ...{ startingEquity: begin.equity, points, flows, dayUnderWay, isPresentMissing: isMissing },
    span: points.length === 0 ? null : { from: begin.at, to: end },
  };
};

/** Of an account that has no day then: it is worth what it was worth next. */
const nothing = (
  openings: readonly DayOpening[],
  begin: DayOpening | undefined,
  present: AccountPresent | null,
): AccountDays => ({
  startingEquity: begin?.equity ?? present?.equity ?? openings.at(-1)?.equity ?? 0n,
  ...{ points: [], flows: [], span: null, dayUnderWay: null, isPresentMissing: false },
});

/** The beginning of the trading day of an instant, where the one before it ended. */
export const startOfTradingDay = (calendar: TradingCalendar, at: number): number => {
  const before = calendar.open(calendar.previousTradingDay(calendar.tradingDay(at)));
  return before === undefined ? at : calendar.endOfDay(before);
};
