import type { DailySeries } from './daily-equity.ts';
import type { Trades } from './round-trips.ts';
import { meanOf } from './sums.ts';

/** How much of the time, and with how much of the equity, something was held. */
export interface Exposure {
  /** Fraction of the time from start to end in which any position was open, nights and weekends included. */
  readonly timeInMarket: number | null;
  /** Mean and highest gross exposure over equity at the ends of days; null where it was not recorded. */
  readonly averageGross: number | null;
  readonly highestGross: number | null;
}

/**
 * Fraction of [from, to] (ms) covered by at least one trade; an open one lasts to the end. Null for a span
 * of no length.
 */
export const timeInMarket = (trades: Trades, from: number, to: number): number | null => {
  if (!(to > from)) return null;
  const spans = [
    ...trades.closed.map(({ openedAt, closedAt }) => [openedAt, closedAt] as const),
    ...trades.open.map(({ openedAt }) => [openedAt, to] as const),
  ].sort(([a], [b]) => a - b);
  let covered = 0;
  let until = from;
  for (const [opened, closed] of spans) {
    const begin = Math.max(opened, until);
    const end = Math.min(closed, to);
    if (end <= begin) continue;
    covered += end - begin;
    until = end;
  }
  return covered / (to - from);
};

export const exposureOf = (trades: Trades, series: DailySeries, from: number, to: number): Exposure => {
  const gross = series.exposure.filter((value) => value !== null);
  return {
    timeInMarket: timeInMarket(trades, from, to),
    averageGross: meanOf(gross),
    highestGross: gross.length === 0 ? null : gross.reduce((highest, value) => Math.max(highest, value), 0),
  };
};
