import { Backtest } from '../../core/backtest/backtest.ts';
import type { BacktestResult } from '../../core/backtest/backtest-result.ts';
import type { BacktestRun } from '../../core/backtest/backtest-run.ts';
import type { BacktestSpec } from '../../core/backtest/backtest-spec.ts';
import { type BacktestData, barBlocks } from '../../core/backtest/bar-source.ts';
import { type MarketSource, tickBlocks } from '../../core/backtest/tick-source.ts';
import { fedSeries, leadBacktest, type LeadOptions } from './lead-backtest.ts';
import type { PreparedBacktest } from './prepare-backtest.ts';

export interface RunOptions extends LeadOptions {
  /** Makes the run that is led; by default one from the beginning. */
  readonly begin?: (spec: BacktestSpec, data: BacktestData) => BacktestRun;
}

/**
 * Runs a backtest in this thread, in slices between which the event loop turns. What the strategy throws is in the
 * result, whose status is then FAILED.
 * @throws BacktestError for bars that are none or too few, MarketDataError for bars that cannot be read, and the signal's
 * reason when it is aborted, all by rejecting.
 */
export async function runBacktest(
  { bars, spec, ticks }: PreparedBacktest,
  { begin = (spec, data) => new Backtest(spec, data), ...options }: RunOptions,
): Promise<BacktestResult> {
  const ofBars = bars.map(({ lastAt, read, series }) => ({
    blocks: Object.assign(barBlocks(series), { lastAt }),
    read,
  }));
  const ofTicks = ticks.map(({ lastAt, read, series }) => ({
    blocks: Object.assign(tickBlocks(series), { lastAt }),
    read,
  }));
  const backtest = begin(spec, {
    sources: ofBars.map(({ blocks }) => blocks),
    // Each is of the kind that its series says.
    ...(ofTicks.length > 0 && { ticks: ofTicks.map(({ blocks }) => blocks as MarketSource) }),
  });
  const fed = [
    ...ofBars.map(({ blocks, read }) => fedSeries(blocks, read)),
    ...ofTicks.map(({ blocks, read }) => fedSeries(blocks, read)),
  ];
  return leadBacktest(backtest, fed, options);
}
