import { parseDay } from '../market/civil-date.ts';
import type { DailySeries } from './daily-equity.ts';
import { ratio, sumOf } from './sums.ts';

/** One fall below a peak, from the peak to the day on which it is reached again. */
export interface Drawdown {
  /** Deepest fall as a fraction of the peak, below zero. */
  readonly depth: number;
  readonly peakDay: string;
  readonly troughDay: string;
  /** Null while it lasts. */
  readonly recoveryDay: string | null;
  /** Trading days from the peak to the recovery, or to the last day. */
  readonly tradingDays: number;
  readonly tradingDaysToTrough: number;
  /** Calendar days from the peak to the recovery, or to the last day. */
  readonly calendarDays: number;
}

/**
 * How far each value lies below the highest before it, from 0 down: index / peak - 1. The peak starts at 1,
 * the capital put in, so that a loss on the first day is a drawdown.
 */
export const underwaterOf = (index: ArrayLike<number>): Float64Array => {
  const below = new Float64Array(index.length);
  let peak = 1;
  for (let day = 0; day < index.length; day += 1) {
    peak = Math.max(peak, index[day]!);
    below[day] = index[day]! / peak - 1;
  }
  return below;
};

/** All drawdowns in the order of time, in one pass. */
export const drawdownsOf = (series: Pick<DailySeries, 'startDay' | 'days' | 'index'>): Drawdown[] => {
  const below = underwaterOf(series.index);
  const drawdowns: Drawdown[] = [];
  const dayAt = (index: number): string => (index < 0 ? series.startDay! : series.days[index]!);
  let peak = -1;
  let trough = -1;
  const end = (last: number, recovered: boolean): void => {
    drawdowns.push({
      depth: below[trough]!,
      peakDay: dayAt(peak),
      troughDay: dayAt(trough),
      recoveryDay: recovered ? dayAt(last) : null,
      tradingDays: last - peak,
      tradingDaysToTrough: trough - peak,
      calendarDays: parseDay(dayAt(last)) - parseDay(dayAt(peak)),
    });
  };
  for (let day = 0; day < below.length; day += 1) {
    if (below[day] === 0) {
      if (trough > peak) end(day, true);
      peak = day;
    } else if (trough <= peak || below[day]! < below[trough]!) {
      trough = day;
    }
  }
  if (trough > peak) end(below.length - 1, false);
  return drawdowns;
};

/** The deepest first. */
export const worstDrawdowns = (drawdowns: readonly Drawdown[], count: number): Drawdown[] =>
  drawdowns.toSorted((a, b) => a.depth - b.depth).slice(0, count);

/** Figures over all drawdowns; null without a day. */
export interface DrawdownRisk {
  /** The deepest, from 0 down; below -1 where more than everything was lost. */
  readonly maxDrawdown: number | null;
  /** Mean depth of the drawdowns; null without one. */
  readonly averageDrawdown: number | null;
  /** Calendar days of the longest drawdown, one that still lasts included; 0 without one. */
  readonly maxDrawdownDays: number | null;
  readonly averageDrawdownDays: number | null;
  /** Fraction of days that end below a peak. */
  readonly timeUnderWater: number | null;
  /** sqrt(sum(DD^2) / (n - 1)) over all days (Martin 1987, with quantstats' n - 1); null under 2 days. */
  readonly ulcerIndex: number | null;
  /** Mean of |DD| over all days (Becker 2006). */
  readonly painIndex: number | null;
  /** Drawdown on the last day. */
  readonly currentDrawdown: number | null;
}

export const drawdownRiskOf = (index: ArrayLike<number>, drawdowns: readonly Drawdown[]): DrawdownRisk => {
  const below = underwaterOf(index);
  const days = below.length;
  const depths = drawdowns.map(({ depth }) => depth);
  const lengths = drawdowns.map(({ calendarDays }) => calendarDays);
  return {
    maxDrawdown: days === 0 ? null : depths.reduce((deepest, depth) => Math.min(deepest, depth), 0),
    averageDrawdown: ratio(sumOf(depths), depths.length),
    maxDrawdownDays: days === 0 ? null : lengths.reduce((longest, length) => Math.max(longest, length), 0),
    averageDrawdownDays: ratio(sumOf(lengths), lengths.length),
    timeUnderWater: ratio(below.filter((value) => value < 0).length, days),
    ulcerIndex: days < 2 ? null : Math.sqrt(sumOf(below, (value) => value * value) / (days - 1)),
    painIndex: ratio(sumOf(below, Math.abs), days),
    currentDrawdown: below.at(-1) ?? null,
  };
};
