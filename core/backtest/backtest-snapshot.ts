import type { Json } from '@omniquant/plugin-sdk';
import canonicalize from 'canonicalize';

import { BacktestError } from './backtest-error.ts';
import type { BacktestFailure, BacktestResult } from './backtest-result.ts';
import type { BacktestSettings } from './backtest-spec.ts';
import type { SavedFloor } from './floor-snapshot.ts';
import type { SavedWarmup } from './warmup.ts';

/** Form of the snapshots of a run. Another one is not converted: the run begins anew. */
export const SNAPSHOT_SCHEMA = 1;

/** A run between two instants; JSON. */
export interface BacktestSnapshot {
  readonly schema: number;
  readonly settings: string;
  readonly status: BacktestResult['status'];
  readonly failure: BacktestFailure | null;
  readonly bars: number;
  readonly warmupBars: number;
  readonly firstAt: number | null;
  readonly startedAt: number | null;
  readonly lastAt: number | null;
  readonly dayEnd: number | null;
  /** Bars of each series that are past. */
  readonly taken: readonly number[];
  /** Ticks of each series that are past; left out without any. */
  readonly ticks?: readonly number[];
  /** Until the start, and from then on. */
  readonly warmup: SavedWarmup | null;
  readonly floor: SavedFloor | null;
}

export const settingsText = (settings: BacktestSettings): string => canonicalize(settings) ?? '';

/** Throws BacktestError SNAPSHOT_MISMATCH. */
export const checkSnapshot = (snapshot: Json, settings: BacktestSettings): BacktestSnapshot => {
  const saved = snapshot as unknown as BacktestSnapshot | null;
  if (typeof saved !== 'object' || saved?.schema !== SNAPSHOT_SCHEMA) {
    throw new BacktestError('SNAPSHOT_MISMATCH', 'the snapshot is none of this version: begin the run anew');
  }
  if (saved.settings !== settingsText(settings)) {
    throw new BacktestError('SNAPSHOT_MISMATCH', 'the snapshot is of a run with other settings');
  }
  return saved;
};
