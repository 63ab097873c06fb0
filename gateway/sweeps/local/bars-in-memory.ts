import type { BarColumns, BarSeries } from '../../../core/backtest/bar-source.ts';
import type { SweptBacktest } from '../../../core/sweeps/sweep-settings.ts';
import type { MarketDataSource } from '../../backtests/market-data/market-data-source.ts';
import { splitAdjustedData } from '../../backtests/market-data/split-adjusted-data.ts';

/** Whole series that are kept for one run after the other. */
export interface BarsInMemory {
  /** Null for a series that does not fit: it is read anew for every run. */
  columns(series: BarSeries, signal: AbortSignal): Promise<BarColumns | null>;
}

const COLUMNS = ['at', 'open', 'high', 'low', 'close', 'volume'] as const;
const BAR_BYTES = COLUMNS.length * Float64Array.BYTES_PER_ELEMENT;
const MEGABYTE = 1_048_576;

/**
 * Reads each series once, as far as they fit into `megabytes` together: those that are asked for first. Twice a series is
 * held for the moment in which its blocks are put together.
 * @param backtest What all runs have in common: bars after its end are of no use, and those before splits are in the units
 * of after them.
 */
export function barsInMemory(
  given: MarketDataSource,
  { splits = [], to }: Pick<SweptBacktest, 'splits' | 'to'>,
  megabytes: number,
): BarsInMemory {
  const data = splitAdjustedData(given, splits);
  const kept = new Map<string, Promise<BarColumns | null>>();
  let left = Math.floor((megabytes * MEGABYTE) / BAR_BYTES);

  async function read(series: BarSeries, signal: AbortSignal): Promise<BarColumns | null> {
    const blocks: BarColumns[] = [];
    let count = 0;
    for await (const block of data.read(series, { from: null, to }, signal)) {
      count += block.at.length;
      if (count > left) return null;
      blocks.push(block);
    }
    left -= count;
    return joined(blocks, count);
  }

  return {
    columns(series, signal) {
      const key = `${series.symbol} ${series.interval}`;
      const found = kept.get(key) ?? read(series, signal);
      kept.set(key, found);
      // What could not be read once may be read later.
      found.catch(() => kept.delete(key));
      return found;
    },
  };
}

function joined(blocks: readonly BarColumns[], count: number): BarColumns {
  const [only] = blocks;
  if (only !== undefined && blocks.length === 1) return only;
  const column = (name: (typeof COLUMNS)[number]): Float64Array => {
    const whole = new Float64Array(count);
    let at = 0;
    for (const block of blocks) {
      whole.set(block[name], at);
      at += block[name].length;
    }
    return whole;
  };
  return {
    ...{ at: column('at'), open: column('open'), high: column('high') },
    ...{ low: column('low'), close: column('close'), volume: column('volume') },
  };
}
