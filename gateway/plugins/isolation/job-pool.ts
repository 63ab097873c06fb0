import { JobError } from './job-error.ts';
import type { Job, JobResult, JobResults } from './job-protocol.ts';
import { type JobListener, type JobThread, type JobThreadOptions, startJobThread } from './job-thread.ts';

export interface JobPoolOptions extends JobThreadOptions {
  /** Jobs that are done at a time, each in a worker thread; workers start when they are needed. */
  readonly size: number;
  /** Jobs that may wait for a worker. */
  readonly queue: number;
  /** How long a job may take that does not say, from its beginning, ms. */
  readonly deadlineMs: number;
  /** Why a job may not be done in a thread of this process; null when it may. All may when it is left out. */
  readonly refusal?: (job: Job) => string | null;
  /** Told of every change. */
  readonly watch?: JobWatch;
}

/** Looks on, such as for metrics. */
export interface JobWatch {
  changed(jobs: { readonly running: readonly Job[]; readonly waiting: readonly Job[] }): void;
  /** Once for each job that was taken or refused; null: it has its result. */
  ended(job: Job, error: JobError | null): void;
}

export interface RunJobOptions {
  readonly deadlineMs?: number;
  /** Told from 0 to 1, by jobs that tell. */
  readonly onProgress?: (fraction: number) => void;
  /** Told what it can go on from, by jobs that save themselves; null where there is nothing. */
  readonly onSaved?: (content: Uint8Array | null) => void;
  /** Once it is aborted, a job that saves itself does so at once. */
  readonly saveNow?: AbortSignal;
}

/**
 * Does jobs of plugins in worker threads: one that throws, blocks, leaks or exits costs itself alone, and its
 * worker is replaced. Jobs of one plugin may follow each other in a worker.
 */
export interface JobPool {
  /** Rejects with JobError; JOB_QUEUE_FULL at once. */
  run<J extends Job>(job: J, signal: AbortSignal, options?: RunJobOptions): Promise<JobResult<J>>;
  readonly running: number;
  readonly waiting: number;
  /** Plugins have changed: no thread that has one loaded does another job. */
  refresh(): void;
  /** Ends what is under way with JOB_POOL_CLOSED, and takes no more. */
  close(): Promise<void>;
}

interface Ticket {
  readonly job: Job;
  readonly deadlineMs: number;
  readonly listener: JobListener;
  readonly resolve: (result: JobResults[Job['kind']]) => void;
  readonly reject: (error: JobError) => void;
  /** The thread that does it; null while it waits. */
  thread: JobThread | null;
  /** Nobody waits for it any more, or it has its answer. */
  isOver: boolean;
}

export function createJobPool(options: JobPoolOptions): JobPool {
  const queue: Ticket[] = [];
  const running = new Map<Ticket, Promise<void>>();
  /** Threads without a job, by the plugin that they have loaded. */
  const idle = new Map<JobThread, string>();
  const ending = new Set<Promise<void>>();
  /** The number of refreshes before a thread was started. */
  const born = new WeakMap<JobThread, number>();
  let refreshes = 0;
  let isClosed = false;

  function tellChange(): void {
    options.watch?.changed({
      running: [...running.keys()].map(({ job }) => job),
      waiting: queue.map(({ job }) => job),
    });
  }

  function start(): JobThread {
    const thread = startJobThread(options);
    born.set(thread, refreshes);
    return thread;
  }

  function end(thread: JobThread, why: JobError): void {
    const ended = thread.end(why).finally(() => ending.delete(ended));
    ending.add(ended);
  }

  function fill(): void {
    while (!isClosed && running.size < options.size) {
      const ticket = queue.shift();
      if (ticket === undefined) return;
      const served = serve(ticket)
        .catch((error: unknown) => {
          ticket.reject(error instanceof JobError ? error : cannotRun(error));
        })
        .finally(() => {
          running.delete(ticket);
          fill();
          tellChange();
        });
      running.set(ticket, served);
    }
  }

  async function serve(ticket: Ticket): Promise<void> {
    const thread = take(ticket.job.specifier);
    const wasUsed = thread.isUsed;
    try {
      ticket.resolve(await attempt(ticket, thread));
    } catch (error) {
      if (!wasUsed || ticket.isOver || !isSudden(error)) throw error;
      // What was there before it may be to blame for its end; in a new thread nothing else is.
      await serveIn(start(), ticket);
    } finally {
      await giveBack(ticket, thread);
    }
  }

  async function serveIn(fresh: JobThread, ticket: Ticket): Promise<void> {
    try {
      ticket.resolve(await attempt(ticket, fresh));
    } finally {
      await giveBack(ticket, fresh);
    }
  }

  async function attempt(ticket: Ticket, thread: JobThread): Promise<JobResults[Job['kind']]> {
    ticket.thread = thread;
    const timer = setTimeout(() => {
      const message = `it took longer than ${String(ticket.deadlineMs)} ms: it was ended`;
      end(thread, new JobError('JOB_TIMED_OUT', message));
    }, ticket.deadlineMs);
    try {
      return await thread.run(ticket.job, ticket.listener);
    } finally {
      clearTimeout(timer);
      ticket.thread = null;
    }
  }

  /** A thread that has the plugin loaded, or a new one; one with another plugin makes room for it. */
  function take(specifier: string): JobThread {
    const found = [...idle].find(([, loaded]) => loaded === specifier)?.[0];
    if (found !== undefined) {
      idle.delete(found);
      return found;
    }
    const [other] = idle.keys();
    if (other !== undefined && idle.size + running.size >= options.size) {
      idle.delete(other);
      end(other, new JobError('JOB_EXITED', 'it made room'));
    }
    return start();
  }

  async function giveBack({ job }: Ticket, thread: JobThread): Promise<void> {
    const isFit = await thread.isFit().catch(() => false);
    if (isFit && !isClosed && born.get(thread) === refreshes) idle.set(thread, job.specifier);
    else end(thread, new JobError('JOB_EXITED', 'it is not used any more'));
  }

  function giveUp(ticket: Ticket, why: JobError): void {
    if (ticket.isOver) return;
    const at = queue.indexOf(ticket);
    if (at >= 0) queue.splice(at, 1);
    if (at >= 0) tellChange();
    if (ticket.thread !== null) end(ticket.thread, why);
    ticket.reject(why);
  }

  function enter(ticket: Ticket, signal: AbortSignal): void {
    const refusal = options.refusal?.(ticket.job) ?? null;
    if (isClosed) ticket.reject(new JobError('JOB_POOL_CLOSED', 'the pool is closed'));
    else if (refusal !== null) ticket.reject(new JobError('JOB_REFUSED', refusal));
    else if (signal.aborted) ticket.reject(abortedBy(signal));
    else if (running.size >= options.size && queue.length >= options.queue) {
      ticket.reject(new JobError('JOB_QUEUE_FULL', `${String(queue.length)} jobs wait: ask again later`));
    } else {
      queue.push(ticket);
      fill();
      tellChange();
    }
  }

  return {
    run<J extends Job>(job: J, signal: AbortSignal, given: RunJobOptions = {}) {
      return new Promise<JobResult<J>>((resolve, reject) => {
        const abort = (): void => {
          giveUp(ticket, abortedBy(signal));
        };
        const saveNow = (): void => {
          if (ticket.thread === null) ticket.listener.saved(null);
          else ticket.thread.saveNow();
        };
        const over = (error: JobError | null): void => {
          if (!ticket.isOver) options.watch?.ended(job, error);
          ticket.isOver = true;
          given.saveNow?.removeEventListener('abort', saveNow);
          signal.removeEventListener('abort', abort);
        };
        const ticket: Ticket = {
          ...{ job, thread: null, isOver: false },
          deadlineMs: given.deadlineMs ?? options.deadlineMs,
          listener: {
            progress: (fraction) => given.onProgress?.(fraction),
            saved: (content) => given.onSaved?.(content),
          },
          resolve(result) {
            over(null);
            resolve(result as JobResult<J>);
          },
          reject(error) {
            over(error);
            reject(error);
          },
        };
        signal.addEventListener('abort', abort, { once: true });
        given.saveNow?.addEventListener('abort', saveNow, { once: true });
        enter(ticket, signal);
      });
    },
    get running() {
      return running.size;
    },
    get waiting() {
      return queue.length;
    },
    refresh() {
      refreshes += 1;
      for (const thread of idle.keys()) end(thread, new JobError('JOB_EXITED', 'plugins have changed'));
      idle.clear();
    },
    async close() {
      isClosed = true;
      const why = new JobError('JOB_POOL_CLOSED', 'the pool is closed');
      for (const ticket of [...queue, ...running.keys()]) giveUp(ticket, why);
      for (const thread of idle.keys()) end(thread, why);
      idle.clear();
      await Promise.all(running.values());
      await Promise.all(ending);
    },
  };
}

const isSudden = (error: unknown): boolean =>
  error instanceof JobError && (error.code === 'JOB_EXITED' || error.code === 'JOB_OUT_OF_MEMORY');

const cannotRun = (cause: unknown): JobError =>
  new JobError('JOB_EXITED', `its thread could not be started: ${String(cause)}`, { cause });

const abortedBy = ({ reason }: AbortSignal): JobError =>
  new JobError('JOB_ABORTED', 'it was given up', { cause: reason });
