import { parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';

import type { BacktestCurve } from '../../core/ports/backtests.ts';
import { badInput } from '../errors/api-error.ts';
import type { EquityPoint } from './backtest.type.ts';

const LEAST_POINTS = 5;
const MOST_POINTS = 5_000;
/** The first, the last, and the deepest below the peak. */
const ALWAYS_KEPT = 3;

/** Throws BAD_USER_INPUT unless `maxPoints` is 5 to 5000. */
export function checkMaxPoints(maxPoints: number): void {
  if (maxPoints >= LEAST_POINTS && maxPoints <= MOST_POINTS) return;
  const nearest = maxPoints < LEAST_POINTS ? LEAST_POINTS : MOST_POINTS;
  throw badInput(
    `maxPoints is ${String(maxPoints)}: give ${String(LEAST_POINTS)} to ${String(MOST_POINTS)}, the nearest is ${String(nearest)}.`,
    'maxPoints',
  );
}

const numberOf = (text: string): number => toNumber(parseDecimal(text));

/** Every trading day of a curve. The peak begins at the starting cash, so that a loss on the first day is a drawdown. */
export function equityPoints(curve: BacktestCurve, startingCash: string): readonly EquityPoint[] {
  const start = numberOf(startingCash);
  const base = curve.benchmark[0];
  let peak = start;
  let next = 0;
  let close: number | null = null;
  return curve.equity.map(({ at, equity }) => {
    for (; next < curve.benchmark.length; next += 1) {
      const point = curve.benchmark[next];
      if (point === undefined || point.at > at) break;
      close = numberOf(point.value);
    }
    const value = numberOf(equity);
    peak = Math.max(peak, value);
    return {
      ...{ at, equity, drawdown: peak > 0 ? value / peak - 1 : 0 },
      benchmark: close === null || base === undefined ? null : (start * close) / numberOf(base.value),
    };
  });
}

/**
 * At most `maxPoints` of them, in order: the first and last, the deepest below the peak, and of equal spans the lowest
 * and the highest, so that no extreme is lost.
 */
export function withinPoints(points: readonly EquityPoint[], maxPoints: number): readonly EquityPoint[] {
  if (points.length <= maxPoints) return points;
  const values = points.map(({ equity }) => numberOf(equity));
  const kept = new Set([0, points.length - 1, indexOfLeast(points.map(({ drawdown }) => drawdown))]);
  const spans = Math.floor((maxPoints - ALWAYS_KEPT) / 2);
  for (let span = 0; span < spans; span += 1) {
    const from = Math.floor((span * points.length) / spans);
    const within = values.slice(from, Math.floor(((span + 1) * points.length) / spans));
    kept.add(from + indexOfLeast(within));
    kept.add(from + indexOfLeast(within.map((value) => -value)));
  }
  return points.filter((_, index) => kept.has(index));
}

const indexOfLeast = (values: readonly number[]): number =>
  values.reduce((least, value, index) => (value < (values[least] ?? Infinity) ? index : least), 0);
