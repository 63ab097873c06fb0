import type { BacktestResult } from '../backtest-result.ts';
import { type ComparedRun, type Difference, firstDifference } from './first-difference.ts';

/*
 * Look-ahead: what a run does up to an instant must not depend on what comes after it. The whole run is compared with
 * runs whose data ends earlier; and with itself once more, as code that remembers the future from a run before shows
 * there first.
 */

/** A run over data that ends at `endsAt`, compared with the whole run up to there. */
export interface LookAheadCheck {
  /** Market time, epoch ms. */
  readonly endsAt: number;
  /** Orders of the whole run that were compared. */
  readonly orders: number;
  readonly difference: Difference | null;
}

/**
 * Where data is cut off: `count` instants between start and end, evenly by the orders of the run rather than by time, so
 * that each check has some; by time where there are too few. Bars that end together stay together.
 */
export function cutPoints({ endedAt, orders, startedAt }: BacktestResult, count: number): readonly number[] {
  if (startedAt === null || endedAt === null) return [];
  const times = [...new Set(orders.map(({ at }) => at))].filter((at) => at > startedAt && at < endedAt);
  const shares = Array.from({ length: count }, (_, index) => (index + 1) / (count + 1));
  const points = shares.map((share) =>
    times.length >= count
      ? (times[Math.floor(share * times.length)] ?? endedAt)
      : Math.floor(startedAt + share * (endedAt - startedAt)),
  );
  return [...new Set(points)].filter((at) => at > startedAt && at < endedAt);
}

/** Compares a run whose data ended at `endsAt`. What happened at that very instant is not compared: a run also ends there. */
export const checkAgainst = (whole: ComparedRun, cut: ComparedRun, endsAt: number): LookAheadCheck => ({
  endsAt,
  orders: whole.orders.filter(({ at }) => at < endsAt).length,
  difference: firstDifference(whole, cut, endsAt),
});

/** Whether a strategy acted on what it could not know. */
export const hasLookAhead = (checks: readonly LookAheadCheck[]): boolean =>
  checks.some(({ difference }) => difference !== null);
