import type { Json } from '@omniquant/plugin-sdk';

import type { BacktestResult } from './backtest-result.ts';
import type { BarSeries } from './bar-source.ts';
import type { TickSeries } from './tick-source.ts';

/** How far a run has come. */
export interface BacktestProgress {
  /** Completed or failed: `result` says which. */
  readonly done: boolean;
  /** From 0 to 1 by market time; 0 while neither `to` nor the end of the data is known. */
  readonly progress: number;
  /** Market time; null before the first bar. */
  readonly at: number | null;
  /** A series that has no block yet: give its source one and call again. Null when nothing is waited for. */
  readonly waitsFor: BarSeries | TickSeries | null;
}

/**
 * A run that its owner leads slice by slice, so that it can report progress, cancel by not calling again, and move to
 * another process in between. `new Backtest(spec, data)` begins one and `Backtest.restore(spec, data, snapshot)` goes on
 * with one, over data that begins at the beginning again; both throw BacktestError.
 */
export interface BacktestRun {
  /**
   * Goes on by at most that many bars of all series. What the strategy throws ends the run as FAILED; throws
   * BacktestError for bars that are none.
   */
  advance(maxBars: number): BacktestProgress;
  /** What has come of it up to now; the same hash for the same bars, however they were sliced. */
  result(): BacktestResult;
  /** JSON. Throws BacktestError NOT_SAVABLE for a strategy without `snapshot` and `restore`. */
  save(): Json;
}
