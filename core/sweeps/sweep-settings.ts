import type { Json, SearchSpace } from '@omniquant/plugin-sdk';

import type { BacktestSettings } from '../backtest/backtest-spec.ts';
import type { SweepObjective } from './objective.ts';

/**
 * Search in one span of time, trial in the next, again and again. Lengths are calendar days of the market's clock; a year
 * is 365.
 */
export interface WalkForwardSettings {
  /** ROLLING: every search has the same length. ANCHORED: every search begins with the first one. */
  readonly mode: 'ROLLING' | 'ANCHORED';
  readonly trainDays: number;
  readonly testDays: number;
  /** From one window to the next; at least `testDays`, so that no day is tested twice. */
  readonly stepDays: number;
  /** Left out between search and trial, so that what spans days, such as a held position, is in one of them only. */
  readonly embargoDays: number;
}

/** What all runs of a sweep have in common: a run's settings without its parameters, over days that are known. */
export type SweptBacktest = Omit<BacktestSettings, 'config' | 'from' | 'to'> & {
  /** Epoch ms, as in BacktestSettings; fixed, so that all parameter sets are measured over the same days. */
  readonly from: number;
  readonly to: number;
};

/** Everything that decides a sweep besides the code of strategy and tuner, and the bars; JSON. */
export interface SweepSettings {
  readonly backtest: SweptBacktest;
  /** Of the strategy's parameters: those that are not searched are in `fixed`. */
  readonly space: SearchSpace;
  readonly tuner: {
    /** Extension id, such as "tpe". */
    readonly id: string;
    /** Checked against the tuner's schema, with defaults filled in. */
    readonly config: { readonly [key: string]: Json | undefined };
  };
  readonly objective: SweepObjective;
  /** Of the tuner's chance; that of the runs is in `backtest`. */
  readonly seed: number;
  readonly walkForward: WalkForwardSettings | null;
}
