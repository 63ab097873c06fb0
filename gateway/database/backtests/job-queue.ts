import type { PgBoss } from 'pg-boss';

import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { unavailable } from '../database-error.ts';
import type { WorkspaceTransaction } from '../workspace-transaction.ts';
import { BACKTEST_QUEUE, JOB_QUEUE_SCHEMA } from './job-queue-schema.ts';
import { queueStatement } from './queue-statements.ts';

/** A backtest that is to be done. */
export interface BacktestJob {
  readonly backtestId: string;
  readonly workspaceId: string;
}

/** A batch of a sweep that is to be done: which one turns out when the job is taken. */
export interface SweepJob {
  readonly sweepId: string;
  readonly workspaceId: string;
}

/** Adds a job to the queue, in the transaction of the caller. */
export type AddJob<J extends BacktestJob | SweepJob> = (
  job: J,
  transaction: Pick<WorkspaceTransaction, 'query'>,
) => Promise<void>;

export interface JobTaking {
  /** Jobs at a time in this process. */
  readonly size: number;
  /** Backtests, and batches of sweeps, of one workspace at a time, in all processes together: never more. */
  readonly mostOfWorkspace: number;
  readonly mostBatchesOfWorkspace: number;
  /**
   * Does a job. The signal is aborted when the job has come to be another process's. When it rejects the job is taken
   * again, here or elsewhere.
   */
  readonly handle: (job: BacktestJob, signal: AbortSignal) => Promise<void>;
  /** As `handle`. The ticket is the same whenever the job is taken. */
  readonly handleBatch: (job: SweepJob, ticket: string, signal: AbortSignal) => Promise<void>;
}

/**
 * The queue of backtests and sweeps, kept by pg-boss in PostgreSQL. A backtest goes before all batches, so that it waits
 * for one of them at most; each sweep has one job that waits, so that sweeps take turns. What may wait is loaded and
 * started with its first use.
 */
export interface JobQueue {
  /** Rejects with DatabaseError. */
  readonly add: AddJob<BacktestJob | SweepJob>;
  /** Takes jobs from now on; where the queue cannot be reached it is tried again. */
  take(taking: JobTaking): void;
  /** Looks for jobs at once: some have come. */
  wake(): void;
  /** Takes no more. Those under way go on until `close`. */
  stopTaking(): Promise<void>;
  close(): Promise<void>;
}

export interface JobQueueOptions {
  /** The writer's. */
  readonly pool: ConnectionPool;
  readonly log: Telemetry['log'];
  readonly timing?: Partial<QueueTiming>;
}

export interface QueueTiming {
  /** Between two looks for jobs that nobody told of. */
  readonly pollSeconds: number;
  /** A process that has not been heard of for so long has lost its jobs. pg-boss takes 10 or more. */
  readonly heartbeatSeconds: number;
  /** Between two looks for such jobs. */
  readonly superviseSeconds: number;
  readonly retryMs: number;
}

const TIMING: QueueTiming = { pollSeconds: 2, heartbeatSeconds: 10, superviseSeconds: 2, retryMs: 5_000 };

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365 * DAY_SECONDS;
/** How often a backtest is begun is counted with it; a job that is handed back is taken again and again. */
const MOST_RETRIES = 1_000_000;
const CLOSE_MS = 5_000;
/** What of a workspace is counted together: its backtests, and apart from them its batches. */
const SWEEP_TIER = 'sweep';

type Boss = PgBoss;

export function createJobQueue({ log, pool, timing: given }: JobQueueOptions): JobQueue {
  const timing = { ...TIMING, ...given };
  const db = { executeSql: (text: string, values?: unknown[]) => queueStatement(pool, text, values) };
  const ofJob = {
    heartbeatSeconds: timing.heartbeatSeconds,
    retryLimit: MOST_RETRIES,
    // Longer than any backtest may run.
    expireInSeconds: DAY_SECONDS,
    retentionSeconds: YEAR_SECONDS,
    deleteAfterSeconds: DAY_SECONDS,
  };
  let isTaking = false;
  let isClosed = false;
  let starting: Promise<Boss> | null = null;
  /** Ids of the loops that take jobs: one for each that may be done at a time, so that each can be woken. */
  const loops: string[] = [];
  let retry: NodeJS.Timeout | null = null;

  async function start(): Promise<Boss> {
    const { PgBoss } = await import('pg-boss');
    const boss: Boss = new PgBoss({
      ...{ db, schema: JOB_QUEUE_SCHEMA, migrate: false, createSchema: false, schedule: false },
      // What needs the rights of an owner, or the whole server to look at, is not the queue's to do.
      ...{ reindex: false, monitorVacuum: false, registerInstance: false },
      supervise: isTaking,
      superviseIntervalSeconds: timing.superviseSeconds,
      monitorIntervalSeconds: timing.superviseSeconds,
    });
    boss.on('error', (error) => {
      if (!isClosed) log('warn', 'the queue of backtests could not do its work', { error: error.message });
    });
    return boss.start();
  }

  /** Once, or again after it failed. */
  function started(): Promise<Boss> {
    starting ??= start().catch((error: unknown) => {
      starting = null;
      throw unavailable('the queue of backtests', error);
    });
    return starting;
  }

  async function beginTaking(taking: JobTaking): Promise<void> {
    const boss = await started();
    if (isClosed) return;
    const options = {
      groupConcurrency: {
        default: taking.mostOfWorkspace,
        tiers: { [SWEEP_TIER]: taking.mostBatchesOfWorkspace },
      },
      pollingIntervalSeconds: timing.pollSeconds,
      heartbeatRefreshSeconds: timing.heartbeatSeconds / 4,
    };
    while (loops.length < taking.size) {
      const loop = await boss.work<BacktestJob | SweepJob>(BACKTEST_QUEUE, options, async ([job]) => {
        if (job === undefined) return;
        // Looked for before, found after: also what this process has just handed back.
        if (isClosed) throw new Error('this process takes no more jobs: another one does');
        const { data, id, signal } = job;
        await ('sweepId' in data ? taking.handleBatch(data, id, signal) : taking.handle(data, signal));
      });
      loops.push(loop);
    }
  }

  function take(taking: JobTaking): void {
    isTaking = true;
    beginTaking(taking).catch((error: unknown) => {
      if (isClosed) return;
      log('warn', 'the queue of backtests cannot be reached', { error });
      retry = setTimeout(() => {
        take(taking);
      }, timing.retryMs);
    });
  }

  return {
    take,
    async add(job, transaction) {
      const boss = await started();
      const executeSql = async (text: string, values: unknown[] = []) => ({
        rows: [...(await transaction.query({ text, values }))],
      });
      const place = 'sweepId' in job ? ofBatch(job) : ofBacktest(job);
      await boss.send(BACKTEST_QUEUE, job, { ...ofJob, ...place, db: { executeSql } });
    },
    wake() {
      if (loops.length === 0 || isClosed) return;
      void starting?.then((boss) => {
        for (const loop of loops) boss.notifyWorker(loop);
      });
    },
    async stopTaking() {
      isClosed = true;
      if (retry !== null) clearTimeout(retry);
      const boss = await starting?.catch(() => null);
      if (loops.length > 0) await boss?.offWork(BACKTEST_QUEUE, { wait: false });
    },
    async close() {
      isClosed = true;
      if (retry !== null) clearTimeout(retry);
      const boss = await starting?.catch(() => null);
      await boss?.stop({ graceful: true, timeout: CLOSE_MS });
    },
  };
}

const ofBacktest = ({ workspaceId }: BacktestJob) => ({ priority: 1, group: { id: workspaceId } });
const ofBatch = ({ workspaceId }: SweepJob) => ({
  priority: 0,
  group: { id: `${SWEEP_TIER}/${workspaceId}`, tier: SWEEP_TIER },
});
