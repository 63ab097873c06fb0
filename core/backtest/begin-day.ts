import type { TradingCalendar } from '../market/calendar.ts';
import type { TradingFloor } from './trading-floor.ts';

const DAY_MS = 86_400_000;

/** What a run knows when a trading day of its account is over. */
export interface DayTurn {
  readonly calendar: TradingCalendar;
  /** End of the day that is over. */
  readonly dayEnd: number;
  /** An instant of the new day, or its end. */
  readonly at: number;
  readonly startedAt: number | null;
  /** Of the last bar or tick. */
  readonly lastAt: number | null;
}

/**
 * A trading day begins where the one before it ended, with the equity of that moment.
 * @returns The end of the new day.
 */
export const beginDay = (
  { account, carrying, equity }: TradingFloor,
  { at, calendar, dayEnd, lastAt, startedAt }: DayTurn,
): number => {
  if (lastAt !== null && startedAt !== null && lastAt > startedAt) equity.take(lastAt);
  const day = calendar.tradingDay(at - 1);
  const before = calendar.open(calendar.previousTradingDay(day));
  const began = before === undefined ? dayEnd : calendar.endOfDay(before);
  const end = calendar.endOfDay(at - 1);
  account.setTime(began);
  carrying.overnight(day, Math.round((end - dayEnd) / DAY_MS));
  account.clockTicked();
  return end;
};
