import { fromNewYork, HOUR_MS, MINUTE_MS, newYorkDay, weekdayOf } from './new-york-time.ts';
import { isUsHalfDay, isUsMarketDay } from './us-market-days.ts';

const OPEN_TIME = 9 * HOUR_MS + 30 * MINUTE_MS;
const CLOSE_TIME = 16 * HOUR_MS;
const HALF_DAY_CLOSE_TIME = 13 * HOUR_MS;

/** The regular hours of one trading day, epoch ms. */
export interface Session {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Place among all trading days. */
  readonly index: number;
  readonly open: number;
  readonly close: number;
}

/**
 * The trading days of a replayed market: the days that were recorded, and after the last of them the
 * days that the rules of US exchanges give, without end.
 */
export class TradingDays {
  private readonly days: number[];
  /** The last day up to which `days` is complete. */
  private knownUntil: number;

  /** @param recorded Days since 1970-01-01, ascending, at least one. */
  constructor(recorded: readonly number[]) {
    this.days = [...recorded];
    this.knownUntil = this.days.at(-1) ?? 0;
  }

  /** The trading day at a place, from 0. */
  session(index: number): Session {
    while (this.days.length <= index) this.extend();
    const day = this.days[index];
    if (day === undefined) throw new RangeError(`trading day ${index} is before the recording`);
    const close = isUsHalfDay(day) ? HALF_DAY_CLOSE_TIME : CLOSE_TIME;
    return { day, index, open: fromNewYork(day, OPEN_TIME), close: fromNewYork(day, close) };
  }

  /** Place of the first trading day that is not before `day`. */
  indexFrom(day: number): number {
    while (this.knownUntil < day) this.extend();
    let low = 0;
    let high = this.days.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.days[middle] ?? Infinity) < day) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The session that is open at an instant, or else the next one. One ends just before its close. */
  sessionFrom(at: number): Session {
    const session = this.session(this.indexFrom(newYorkDay(at)));
    return at < session.close ? session : this.session(session.index + 1);
  }

  isOpen(at: number): boolean {
    return this.sessionFrom(at).open <= at;
  }

  private extend(): void {
    this.knownUntil += 1;
    if (isUsMarketDay(this.knownUntil)) this.days.push(this.knownUntil);
  }
}

/** The Monday of a day's week. */
export const mondayOf = (day: number): number => day - ((weekdayOf(day) + 6) % 7);
