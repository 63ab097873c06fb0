import type { Cradle } from '../../container.ts';
import { createBacktestRuns } from '../../database/backtests/backtest-runs.ts';
import { createBacktestUpkeep } from '../../database/backtests/backtest-upkeep.ts';
import { removeEndedOf } from '../../database/remove-ended.ts';
import { createSweepClaims } from '../../database/sweeps/sweep-claims.ts';
import { createSweepResults } from '../../database/sweeps/sweep-results.ts';
import { createJobPool } from '../../plugins/isolation/job-pool.ts';
import { createSweepRunner } from '../../sweeps/jobs/sweep-runner.ts';
import { sweepInThreads } from '../../sweeps/jobs/sweep-threads.ts';
import { barMegabytesOf } from '../../sweeps/local/bar-megabytes.ts';
import { executeInThreads } from './backtest-threads.ts';
import { startBacktestWorkers } from './backtest-workers.ts';
import { keepBacktests } from './keep-backtests.ts';

type Surroundings = Pick<
  Cradle,
  | 'backtestQueue'
  | 'bus'
  | 'clock'
  | 'config'
  | 'database'
  | 'instanceId'
  | 'logger'
  | 'pluginHost'
  | 'storedBars'
  | 'telemetry'
>;

/** The backtests and sweeps that this process does of the queue, in threads; none with BACKTEST_WORKERS 0. */
export function openBacktests(cradle: Surroundings): { start(): void; close(): Promise<void> } {
  const { config, database, logger, pluginHost } = cradle;
  const pool = createJobPool({
    size: Math.max(1, config.BACKTEST_WORKERS),
    queue: config.BACKTEST_WORKERS,
    deadlineMs: config.BACKTEST_TIMEOUT_MS,
    heapMegabytes: config.BACKTEST_HEAP_MB,
    externalMegabytes: config.BACKTEST_HEAP_MB,
    logger,
  });
  const unsubscribe = pluginHost.onChange(() => {
    pool.refresh();
  });
  let workers: { close(): Promise<void> } | null = null;
  let keeping: { close(): Promise<void> } | null = null;

  const process = {
    worker: cradle.instanceId,
    ...{ bus: cradle.bus, clock: cradle.clock, queue: cradle.backtestQueue, telemetry: cradle.telemetry },
  };
  const sweeps = createSweepRunner({
    ...process,
    claims: createSweepClaims(database.background, cradle.backtestQueue.add),
    results: createSweepResults(database.background, cradle.backtestQueue.add),
    work: sweepInThreads({
      ...{ pool, host: pluginHost, dataDir: config.DATA_DIR, stored: cradle.storedBars },
      barMegabytes: barMegabytesOf(config.BACKTEST_HEAP_MB),
    }),
    mostEvaluations: config.SWEEP_EVALUATIONS,
  });

  return {
    start() {
      workers = startBacktestWorkers({
        ...{ ...process, sweeps },
        runs: createBacktestRuns(database.background),
        execute: executeInThreads({
          stored: cradle.storedBars,
          ...{ pool, host: pluginHost, dataDir: config.DATA_DIR },
          saveEveryMs: config.BACKTEST_SAVE_MS,
        }),
        size: config.BACKTEST_WORKERS,
        mostOfWorkspace: config.BACKTESTS_RUNNING,
        mostBatchesOfWorkspace: config.SWEEP_BATCHES_RUNNING,
      });
      keeping = keepBacktests({
        ...{ upkeep: createBacktestUpkeep(database.background), clock: cradle.clock },
        ...{ telemetry: cradle.telemetry, retentionDays: config.BACKTEST_RETENTION_DAYS },
        removeEndedSweeps: removeEndedOf(database.background, 'sweep'),
        sweepRetentionDays: config.SWEEP_RETENTION_DAYS,
      });
    },
    async close() {
      unsubscribe();
      sweeps.close();
      await keeping?.close();
      await (workers ?? cradle.backtestQueue).close();
      await pool.close();
    },
  };
}
