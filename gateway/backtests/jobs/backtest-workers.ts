import type { Bus } from '../../../core/ports/bus.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { BacktestRuns } from '../../database/backtests/backtest-runs.ts';
import type { BacktestJob, JobQueue } from '../../database/backtests/job-queue.ts';
import type { SweepRunner } from '../../sweeps/jobs/sweep-runner.ts';
import { type ExecuteBacktest, runQueuedBacktest } from './run-queued-backtest.ts';

export interface BacktestWorkersOptions {
  /** Name of this process, for operators. */
  readonly worker: string;
  readonly queue: JobQueue;
  readonly runs: BacktestRuns;
  readonly execute: ExecuteBacktest;
  readonly sweeps: Pick<SweepRunner, 'run'>;
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'log' | 'count' | 'gauge' | 'observe'>;
  /** Backtests and batches of sweeps at a time in this process; 0 takes none. */
  readonly size: number;
  /** Backtests, and batches, of one workspace at a time, in all processes. */
  readonly mostOfWorkspace: number;
  readonly mostBatchesOfWorkspace: number;
  readonly lookEveryMs?: number;
}

const LOOK_EVERY_MS = 1_000;

/** Does backtests and sweeps of the queue in this process until it is closed; those under way are then handed back. */
export function startBacktestWorkers(options: BacktestWorkersOptions): { close(): Promise<void> } {
  const { bus, mostBatchesOfWorkspace, mostOfWorkspace, queue, size, sweeps, telemetry } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const listeners = new Map<string, () => void>();

  const unsubscribe = bus.subscribe('backtest', ({ backtestId, change }) => {
    if (change === 'QUEUED') queue.wake();
    if (change === 'CANCELED') listeners.get(backtestId)?.();
  });

  const surroundings = {
    ...options,
    lookEveryMs: options.lookEveryMs ?? LOOK_EVERY_MS,
    announce({ backtestId, workspaceId }: BacktestJob) {
      bus.publish('backtest', { backtestId, workspaceId, change: 'CHANGED' });
    },
    onCancel(backtestId: string, listener: () => void) {
      listeners.set(backtestId, listener);
      return () => {
        if (listeners.get(backtestId) === listener) listeners.delete(backtestId);
      };
    },
  };

  async function follow(done: Promise<void>): Promise<void> {
    running.add(done);
    telemetry.gauge('backtests_running', running.size);
    try {
      await done;
    } finally {
      running.delete(done);
      telemetry.gauge('backtests_running', running.size);
      // A place in its workspace is free.
      queue.wake();
    }
  }

  if (size > 0) {
    queue.take({
      ...{ size, mostOfWorkspace, mostBatchesOfWorkspace },
      handle: (job, lost) =>
        follow(runQueuedBacktest(job, surroundings, { lost, stopping: stopping.signal })),
      handleBatch: (job, id, lost) => follow(sweeps.run({ ...job, id }, { lost, stopping: stopping.signal })),
    });
  }

  return {
    async close() {
      unsubscribe();
      await queue.stopTaking();
      stopping.abort(new Error('the process is about to end'));
      await Promise.allSettled(running);
      await queue.close();
    },
  };
}
