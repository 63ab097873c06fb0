import { type Fixed, toNumber } from '@omniquant/plugin-sdk/decimal';

import type { TradingCalendar } from '../market/calendar.ts';
import { PerformanceError } from './performance-error.ts';

/** What an account was worth at an instant (ms), in the base currency. */
export interface EquityPoint {
  readonly at: number;
  readonly equity: Fixed;
  /** Sum of the sizes of all positions at the market, where it is known. */
  readonly grossExposure?: Fixed | null;
}

/** Money that came in (above zero) or went out (below) from outside: no gain and no loss. */
export interface CashFlow {
  readonly at: number;
  readonly amount: Fixed;
}

/** Equity at the end of each trading day, and what a unit of capital became by then. */
export interface DailySeries {
  /** The trading day before the first; all indices are 1 there. */
  readonly startDay: string | null;
  readonly days: readonly string[];
  readonly equity: readonly Fixed[];
  /** Value of one unit of capital put in at the start, flows removed. */
  readonly index: Float64Array;
  /** index[t] / index[t - 1] - 1. As many as days, but none after the day of ruin. */
  readonly returns: Float64Array;
  /** Gross exposure over equity at the end of the day; null where either says nothing. */
  readonly exposure: readonly (number | null)[];
  /** The day on which nothing was left; what comes later has no returns. */
  readonly ruinedOn: string | null;
  /** Trading days without a point, on which the equity before holds. */
  readonly carriedDays: number;
}

/**
 * Makes daily equity of any number of points, one at a time and in memory that grows with days only. Points
 * and flows come in the order of time; a point at the instant of a flow comes after it and contains it.
 */
export interface EquityRecorder {
  /** Throws {@link PerformanceError} OUT_OF_ORDER for a time before the last one. */
  point(at: number, equity: Fixed, grossExposure?: Fixed | null): void;
  flow(at: number, amount: Fixed): void;
  /** What was recorded up to now, the day of the last point as far as it went. */
  series(): DailySeries;
}

/**
 * The conversion of money to statistics: the one place where equity becomes a float.
 *
 * The index is a chain of links. Within a link it moves with equity; a flow ends the link at the last
 * equity before it and begins the next with the flow in it: the time-weighted return of the GIPS standards.
 * A flow that would leave no capital to earn on, such as the last withdrawal, is removed from the next
 * point instead. An index at or below zero stays there once a flow came: new money undoes no ruin.
 */
const createIndex = (startingEquity: Fixed) => {
  let base = startingEquity;
  let atBase = 1;
  let equity = startingEquity;
  let withheld = 0n;

  const now = (): number =>
    base > 0n && atBase > 0 && equity !== base
      ? (atBase * toNumber(equity - withheld)) / toNumber(base)
      : atBase;
  return {
    now,
    equity: () => equity,
    point: (value: Fixed): void => {
      equity = value;
      if (withheld === 0n && base > 0n) return;
      // The flow is out of it now, or there was nothing to earn on: a new link begins here.
      if (withheld !== 0n && base > 0n) atBase = now();
      withheld = 0n;
      base = equity;
    },
    flow: (amount: Fixed): void => {
      const after = equity + amount;
      if (after <= 0n && base > 0n) {
        withheld += amount;
        equity = after;
        return;
      }
      atBase = now();
      withheld = 0n;
      equity = after;
      base = after;
    },
  };
};

const dailyReturns = (index: readonly number[]): Float64Array => {
  const returns = new Float64Array(index.length);
  let before = 1;
  for (let day = 0; day < index.length; day += 1) {
    if (before <= 0) return returns.slice(0, day);
    returns[day] = index[day]! / before - 1;
    before = index[day]!;
  }
  return returns;
};

/**
 * `startingEquity` is what the account was worth before the first point. A day ends with its calendar's
 * trading day, that instant included: equity at midnight is the close of the day that ends. Trading days
 * without a point keep the equity before, so that a quiet day is a return of zero; days on which the
 * calendar does not trade are none.
 */
export const createEquityRecorder = (calendar: TradingCalendar, startingEquity: Fixed): EquityRecorder => {
  const days: string[] = [];
  const equity: Fixed[] = [];
  const index: number[] = [];
  const exposure: (number | null)[] = [];
  const link = createIndex(startingEquity);
  let day: string | null = null;
  let dayEnd = -Infinity;
  let latest = -Infinity;
  let gross: Fixed | null = null;
  let pointOfDay = false;
  let carriedDays = 0;

  const exposureNow = (): number | null =>
    gross === null || link.equity() <= 0n ? null : toNumber(gross) / toNumber(link.equity());
  const closeDay = (closed: string): void => {
    days.push(closed);
    equity.push(link.equity());
    index.push(link.now());
    exposure.push(exposureNow());
    if (!pointOfDay) carriedDays += 1;
    pointOfDay = false;
  };
  const advance = (at: number): void => {
    if (at < latest) {
      throw new PerformanceError('OUT_OF_ORDER', `equity at ${at} comes after ${latest}: sort it by time`);
    }
    latest = at;
    if (at <= dayEnd) return;
    const next = calendar.tradingDay(at - 1);
    for (let past = day; past !== null && past < next; past = calendar.nextTradingDay(past)) closeDay(past);
    day = next;
    dayEnd = calendar.endOfDay(at - 1);
  };

  return {
    point: (at, value, grossExposure = null) => {
      advance(at);
      link.point(value);
      gross = grossExposure;
      pointOfDay = true;
    },
    flow: (at, amount) => {
      advance(at);
      link.flow(amount);
    },
    series: () => {
      const indices = [...index, ...(day === null ? [] : [link.now()])];
      const all = [...days, ...(day === null ? [] : [day])];
      const returns = dailyReturns(indices);
      const ruin = indices.findIndex((value) => value <= 0);
      return {
        startDay: all[0] === undefined ? null : calendar.previousTradingDay(all[0]),
        days: all,
        equity: [...equity, ...(day === null ? [] : [link.equity()])],
        index: Float64Array.from(indices),
        returns,
        exposure: [...exposure, ...(day === null ? [] : [exposureNow()])],
        ruinedOn: all[ruin] ?? null,
        carriedDays: carriedDays + (day === null || pointOfDay ? 0 : 1),
      };
    },
  };
};

/** {@link createEquityRecorder} over whole series, each in the order of time. */
export const dailySeriesOf = (
  calendar: TradingCalendar,
  startingEquity: Fixed,
  points: Iterable<EquityPoint>,
  flows: readonly CashFlow[] = [],
): DailySeries => {
  const recorder = createEquityRecorder(calendar, startingEquity);
  let next = 0;
  for (const { at, equity, grossExposure } of points) {
    for (; next < flows.length && flows[next]!.at <= at; next += 1) {
      recorder.flow(flows[next]!.at, flows[next]!.amount);
    }
    recorder.point(at, equity, grossExposure);
  }
  for (const { at, amount } of flows.slice(next)) recorder.flow(at, amount);
  return recorder.series();
};
