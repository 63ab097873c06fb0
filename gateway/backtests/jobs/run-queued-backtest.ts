import { randomUUID } from 'node:crypto';

import type { Clock } from '../../../core/ports/clock.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { BacktestRuns, BegunBacktest } from '../../database/backtests/backtest-runs.ts';
import type { BacktestJob } from '../../database/backtests/job-queue.ts';
import type { PackedBacktest } from '../../database/backtests/packed-backtest.ts';
import { JobError } from '../../plugins/isolation/job-error.ts';
import { createRunSaver } from './run-saver.ts';
import { watchRun } from './watch-run.ts';

/** Does a backtest outside of this thread. Rejects with JobError. */
export type ExecuteBacktest = (
  backtest: BegunBacktest,
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: number) => void;
    /** What it can go on from; null where there is nothing. */
    readonly onSaved: (content: Uint8Array | null) => void;
    /** Once it is aborted it is to be saved at once. */
    readonly saveNow: AbortSignal;
  },
) => Promise<PackedBacktest>;

export interface QueuedBacktestOptions {
  /** Name of this process, for operators. */
  readonly worker: string;
  readonly runs: BacktestRuns;
  readonly execute: ExecuteBacktest;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'log' | 'count' | 'observe'>;
  /** Tells everybody that the backtest has changed. */
  readonly announce: (job: BacktestJob) => void;
  /** Calls back when somebody says that the backtest was called off; returns what ends that. */
  readonly onCancel: (backtestId: string, listener: () => void) => () => void;
  /** Between two looks whether a run is to go on, and two writes of its progress. */
  readonly lookEveryMs: number;
}

const STATEMENT_MS = 15_000;
/** How long a process that is about to end waits for the last snapshot of a run. */
const LAST_SAVE_MS = 3_000;
const soon = (): AbortSignal => AbortSignal.timeout(STATEMENT_MS);

/**
 * Does the backtest of a job and stores what comes of it. The result and the end of the backtest are one transaction,
 * which only the latest run of it can make: a process that was taken for dead and comes back changes nothing.
 *
 * `lost` is aborted when the job is another process's now, `stopping` when this process is about to end. Rejects when
 * the job has to be taken again.
 */
export async function runQueuedBacktest(
  job: BacktestJob,
  options: QueuedBacktestOptions,
  { lost, stopping }: { readonly lost: AbortSignal; readonly stopping: AbortSignal },
): Promise<void> {
  const { announce, clock, runs, telemetry } = options;
  const id = job.backtestId;
  const runId = `${options.worker}:${randomUUID()}`;
  const begun = await runs.begin(id, runId, clock.now(), soon());
  announce(job);
  if (begun === null) return;

  const watch = watchRun({
    clock,
    everyMs: options.lookEveryMs,
    async goOn(progress) {
      const goesOn = await runs.goOn(id, runId, progress, soon());
      if (goesOn && progress !== null) announce(job);
      return goesOn;
    },
    onFailure(error) {
      telemetry.log('warn', 'the progress of a backtest could not be written', { error, backtestId: id });
    },
  });
  const saver = createRunSaver({
    ...{ clock, stopping, patienceMs: LAST_SAVE_MS },
    store: (content) => runs.save(id, runId, content, clock.now(), soon()),
    onFailure(error) {
      telemetry.log('warn', 'a backtest under way could not be saved', { error, backtestId: id });
    },
  });
  const unsubscribe = options.onCancel(id, () => {
    watch.look();
  });
  const begunAt = clock.monotonic();
  const count = (result: string): void => {
    telemetry.count('backtests_total', { result });
    telemetry.observe('backtest_seconds', (clock.monotonic() - begunAt) / 1_000, { result });
  };

  async function store(result: PackedBacktest): Promise<void> {
    const isStored = await runs.finish(id, runId, result, clock.now(), soon());
    count(isStored ? result.status : 'NOT_WANTED');
  }

  async function giveUp(error: unknown): Promise<void> {
    if (watch.signal.aborted || lost.aborted) {
      count('NOT_WANTED');
      return;
    }
    if (stopping.aborted) {
      await runs.handBack(id, runId, soon());
      throw new Error('the process ends: another one takes the backtest', { cause: error });
    }
    if (!(error instanceof JobError)) throw error;
    telemetry.log('warn', 'a backtest could not be run', { error, backtestId: id });
    const isStored = await runs.fail(id, runId, problemOf(error), clock.now(), soon());
    count(isStored ? 'FAILED' : 'NOT_WANTED');
  }

  try {
    const outcome = await attempt(begun, options, {
      signal: AbortSignal.any([watch.signal, lost, saver.left]),
      saveNow: stopping,
      onProgress: (progress) => {
        watch.progress(progress);
      },
      onSaved: (content) => {
        saver.take(content);
      },
    });
    await Promise.all([watch.close(), saver.close()]);
    await ('result' in outcome ? store(outcome.result) : giveUp(outcome.error));
  } finally {
    unsubscribe();
    announce(job);
  }
}

async function attempt(
  begun: BegunBacktest,
  { execute }: QueuedBacktestOptions,
  options: Parameters<ExecuteBacktest>[1],
): Promise<{ readonly result: PackedBacktest } | { readonly error: unknown }> {
  try {
    return { result: await execute(begun, options) };
  } catch (error) {
    return { error };
  }
}

/** The plugin's or the runner's own code where it has one, else such as TIMED_OUT. */
const problemOf = ({ code, message, reason }: JobError): { code: string; message: string } => ({
  code: reason ?? code.replace(/^JOB_/, ''),
  message,
});
