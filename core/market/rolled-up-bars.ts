import type { BarInterval } from '@omniquant/plugin-sdk';

import type { Bar } from './bar.ts';
import {
  type BarAggregator,
  type BarAggregatorOptions,
  type BarCollector,
  createBarAggregator,
} from './bar-aggregator.ts';
import { type BarContent, joinContents } from './bar-content.ts';
import { BarError } from './bar-error.ts';
import { isCoarserOrSame } from './bar-interval.ts';

/**
 * A bar replaces an earlier one of the same time, whether that was still open or is now corrected.
 * What precedes the newest bar is kept joined, so that the usual case costs one step.
 */
const collectBars = (first: Bar): BarCollector<Bar> => {
  const bars = new Map([[first.at, first]]);
  let newest = first;
  let preceding: BarContent | undefined;

  const joinPreceding = (): BarContent | undefined => {
    const [oldest, ...rest] = [...bars.values()].filter((bar) => bar !== newest).sort((a, b) => a.at - b.at);
    return oldest === undefined ? undefined : rest.reduce<BarContent>(joinContents, oldest);
  };
  const content = (): BarContent => (preceding === undefined ? newest : joinContents(preceding, newest));

  return {
    content,
    collect: (bar) => {
      const known = bars.get(bar.at);
      if (known !== undefined && known.revision > bar.revision) return;
      bars.set(bar.at, bar);
      if (bar.at > newest.at) preceding = content();
      if (bar.at >= newest.at) newest = bar;
      else preceding = joinPreceding();
    },
  };
};

/**
 * Coarser bars of finer ones as these arrive, open ones and corrections included. Throws BarError
 * INTERVAL_TOO_FINE when `from` is coarser than the interval asked for.
 */
export const createRolledUpBars = (from: BarInterval, options: BarAggregatorOptions): BarAggregator<Bar> => {
  if (!isCoarserOrSame(options.interval, from)) {
    throw new BarError(
      'INTERVAL_TOO_FINE',
      `bars of ${from} cannot be divided into bars of ${options.interval}`,
    );
  }
  const aggregator = createBarAggregator<Bar>(options, collectBars);
  return {
    ...aggregator,
    add: (bar) => {
      if (bar.interval === from) return aggregator.add(bar);
      throw new BarError('BAR_MISMATCH', `expected bars of ${from}, got one of ${bar.interval}`);
    },
  };
};
