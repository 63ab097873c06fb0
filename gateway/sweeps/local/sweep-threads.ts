import type { Permission } from '@omniquant/plugin-sdk';

import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import type { StoredBarsOffer } from '../../backtests/market-data/stored-bars-channel.ts';
import { createJobPool } from '../../plugins/isolation/job-pool.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { barMegabytesOf } from './bar-megabytes.ts';
import type { EvaluateBatch } from './run-sweep.ts';

export interface SweepThreadsOptions {
  readonly settings: SweepSettings;
  /** That of the strategy, and those of optimizers that it may use. */
  readonly plugins: readonly { readonly specifier: string; readonly grants: readonly Permission[] }[];
  readonly dataDir: string;
  /** Bars that gateways have kept; none when left out. */
  readonly stored?: StoredBarsOffer | undefined;
  readonly threads: number;
  /** Of one thread: as much for its heap, and as much outside of it. */
  readonly megabytes: number;
  /** Of one batch. */
  readonly deadlineMs: number;
  readonly logger: Logger;
}

/**
 * Threads of this process that do runs of a sweep; each reads its bars once and keeps them. They are told what goes wrong
 * by JobError: a run that takes longer than the deadline, or more memory than its thread has, ends its batch.
 */
export function openSweepThreads({
  dataDir,
  deadlineMs,
  logger,
  megabytes,
  plugins,
  settings,
  stored,
  threads,
}: SweepThreadsOptions): { readonly evaluate: EvaluateBatch; close(): Promise<void> } {
  const memory = { heapMegabytes: megabytes, externalMegabytes: megabytes };
  const pool = createJobPool({ size: threads, queue: threads, deadlineMs, logger, ...memory });
  const { strategy: id } = settings.backtest;
  const [{ specifier } = { specifier: id }] = plugins;
  const common = {
    ...{ settings, plugins, dataDir, barMegabytes: barMegabytesOf(megabytes) },
    ...(stored !== undefined && { stored }),
  };
  return {
    evaluate: (tasks, signal) =>
      pool.run({ kind: 'evaluate-sweep', specifier, id, config: null, task: { ...common, tasks } }, signal),
    close: () => pool.close(),
  };
}
