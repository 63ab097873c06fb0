import { BAR_INTERVALS, type BarInterval } from '@omniquant/plugin-sdk';

import type { BarSeries } from '../../../core/backtest/bar-source.ts';
import { isCoarserOrSame } from '../../../core/market/bar-interval.ts';
import type { StoredSeries } from './market-data-source.ts';

/**
 * What bars of a series are read from: the series itself, else the coarsest one of its symbol that it can be made of.
 * Undefined where there is none.
 */
export function findSeries(
  all: readonly StoredSeries[],
  { interval, symbol }: BarSeries,
): StoredSeries | undefined {
  const usable = all.filter((each) => each.symbol === symbol && isCoarserOrSame(interval, each.interval));
  return usable.reduce<StoredSeries | undefined>(
    (best, each) => (best !== undefined && isCoarserOrSame(best.interval, each.interval) ? best : each),
    undefined,
  );
}

/** Intervals that there are bars of, or that can be made of them. */
export const intervalsOf = (all: readonly StoredSeries[], symbol: string): readonly BarInterval[] =>
  BAR_INTERVALS.filter((interval) => findSeries(all, { symbol, interval }) !== undefined);
