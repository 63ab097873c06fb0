import type { Json, Permission } from '@omniquant/plugin-sdk';

import { Backtest } from '../../../core/backtest/backtest.ts';
import { BacktestError } from '../../../core/backtest/backtest-error.ts';
import type { BacktestRun } from '../../../core/backtest/backtest-run.ts';
import type { BacktestSettings, BacktestSpec } from '../../../core/backtest/backtest-spec.ts';
import type { BacktestData } from '../../../core/backtest/bar-source.ts';
import type { StoredActions } from '../../../core/backtest/corporate-actions.ts';
import { packBacktest, type PackedBacktest } from '../../database/backtests/packed-backtest.ts';
import { loadBacktestExtensions } from '../backtest-extensions.ts';
import type { MarketDataSource } from '../market-data/market-data-source.ts';
import { openMarketData } from '../market-data/open-market-data.ts';
import { offeredMarketData, type StoredBarsOffer } from '../market-data/stored-bars-channel.ts';
import { prepareBacktest, type PreparedBacktest } from '../prepare-backtest.ts';
import { runBacktest } from '../run-backtest.ts';
import { runIdentity, savingRun, unpackRun } from './saved-run.ts';

/** A plugin whose code a backtest runs. */
export interface BacktestPlugin {
  readonly specifier: string;
  readonly grants: readonly Permission[];
}

export interface BacktestTask {
  /** A BacktestRequest. */
  readonly request: unknown;
  /** That of the strategy, and those of optimizers that it uses or may use. */
  readonly plugins: readonly BacktestPlugin[];
  /** Where imported bars are. */
  readonly dataDir: string;
  /** Bars that gateways have kept, which the workspace may read; none when left out. */
  readonly stored?: StoredBarsOffer;
  /**
   * Splits and dividends as they were stored when the request was checked: those that are stored where and when it is run
   * may be others. When left out, those.
   */
  readonly storedActions?: readonly StoredActions[];
}

/** How a run is saved while it goes on. */
export interface BacktestSaving {
  /** What an earlier run of the same backtest was saved as; null for none. */
  readonly saved: Uint8Array | null;
  readonly everyMs: number;
}

/** What whoever asked for a run hears of it. */
export interface BacktestTelling {
  progress(fraction: number): void;
  /** Null: it cannot be saved now. */
  saved(content: Uint8Array | null): void;
  /** Whether a snapshot was asked for since the last call. */
  isSaveAsked(): boolean;
}

/** What a request comes to, or what is wrong with it: `field` is a path in it, null for the whole. */
export type CheckedBacktest =
  | { readonly settings: BacktestSettings }
  | { readonly problem: { readonly field: string | null; readonly message: string } };

/** Whoever does not want the result any more ends the thread. */
const NEVER_ABORTED = new AbortController().signal;

function marketDataOf({ dataDir, stored, storedActions }: BacktestTask): MarketDataSource {
  const data = openMarketData(dataDir, stored === undefined ? null : offeredMarketData(stored));
  if (storedActions === undefined) return data;
  return { ...data, actions: (symbol) => storedActions.find((each) => each.symbol === symbol) ?? null };
}

async function prepare(task: BacktestTask, data = marketDataOf(task)): Promise<PreparedBacktest> {
  const { plugins, request } = task;
  const extensions = await loadBacktestExtensions(plugins.map((plugin) => ({ ...plugin, required: false })));
  return prepareBacktest(request, { extensions, data }, NEVER_ABORTED);
}

/** Checks a request in this thread. */
export async function checkBacktestTask(task: BacktestTask): Promise<CheckedBacktest> {
  try {
    return { settings: (await prepare(task)).spec.settings };
  } catch (error) {
    if (!(error instanceof BacktestError) || error.code !== 'BAD_USER_INPUT') throw error;
    return { problem: { field: error.field, message: error.message } };
  }
}

/** Does a backtest in this thread, from where it was saved, and packs its result here, too. */
export async function runBacktestTask(
  task: BacktestTask,
  { everyMs, saved }: BacktestSaving,
  telling: BacktestTelling,
): Promise<PackedBacktest> {
  const data = marketDataOf(task);
  const prepared = await prepare(task, data);
  const identity = runIdentity(task.plugins, prepared, data);
  const result = await runBacktest(prepared, {
    signal: NEVER_ABORTED,
    onProgress: ({ progress }) => {
      telling.progress(progress);
    },
    begin(spec, bars) {
      const { from, run } = goOn(spec, bars, saved === null ? null : unpackRun(saved, identity));
      return savingRun(run, from, {
        ...{ identity, everyMs, now: () => performance.now() },
        isAsked: () => telling.isSaveAsked(),
        saved: (content) => {
          telling.saved(content);
        },
      });
    },
  });
  return packBacktest(result);
}

/** From the snapshot, unless that is of another form or of other settings; `from` is where it goes on, market time. */
function goOn(
  spec: BacktestSpec,
  data: BacktestData,
  snapshot: Json,
): { readonly run: BacktestRun; readonly from: number | null } {
  try {
    if (snapshot !== null) {
      const run = Backtest.restore(spec, data, snapshot);
      return { run, from: run.result().endedAt };
    }
  } catch (error) {
    if (!(error instanceof BacktestError) || error.code !== 'SNAPSHOT_MISMATCH') throw error;
  }
  return { run: new Backtest(spec, data), from: null };
}
