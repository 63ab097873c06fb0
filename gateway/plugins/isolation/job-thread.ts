import { Worker } from 'node:worker_threads';

import type { Logger } from '../../telemetry/logger.ts';
import { JobError } from './job-error.ts';
import type { FromJobWorker, Job, JobResults, SaveNow } from './job-protocol.ts';

export interface JobThreadOptions {
  readonly logger: Logger;
  /** Heap of one worker, MB. */
  readonly heapMegabytes: number;
  /** Memory outside the heap, such as Buffers, of one worker, MB. The heap's limit does not bound it. */
  readonly externalMegabytes: number;
}

/** Who hears of a job while it is done. */
export interface JobListener {
  progress(fraction: number): void;
  saved(content: Uint8Array | null): void;
}

/** One worker of the pool. It does one job at a time. */
export interface JobThread {
  /** Whether it has done a job before: what that left behind may get in the way of another. */
  readonly isUsed: boolean;
  /** Rejects with JobError. After any but JOB_FAILED the thread is over. */
  run(job: Job, listener: JobListener): Promise<JobResults[Job['kind']]>;
  /** Asks its job to save itself. */
  saveNow(): void;
  /** Ends it at once, in the middle of whatever it does; its job fails with this. */
  end(why: JobError): Promise<void>;
  /** Whether it may do another job: it is alive and has most of its memory left. */
  isFit(): Promise<boolean>;
}

const MEGABYTE = 1_048_576;
const MEMORY_LOOK_MS = 250;
const YOUNG_MEGABYTES = 16;
const STACK_MEGABYTES = 4;
/** One that holds more of its heap after a job is replaced: the next job is to have all of it. */
const MOST_HELD = 0.5;

interface Waiting {
  readonly resolve: (result: JobResults[Job['kind']]) => void;
  readonly reject: (error: JobError) => void;
  readonly listener: JobListener;
}

/** The thread has no environment, and its output goes to the log. */
export function startJobThread(options: JobThreadOptions): JobThread {
  const { externalMegabytes, heapMegabytes, logger } = options;
  const file = import.meta.url.endsWith('.ts') ? './job-worker.ts' : './job-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    ...{ env: {}, stdout: true, stderr: true },
    resourceLimits: {
      maxOldGenerationSizeMb: heapMegabytes,
      maxYoungGenerationSizeMb: YOUNG_MEGABYTES,
      stackSizeMb: STACK_MEGABYTES,
    },
  });
  worker.unref();
  let waiting: Waiting | null = null;
  let over: JobError | null = null;
  let isUsed = false;

  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      logger.debug({ text: text.slice(0, 2_000) }, 'a job wrote to its output');
    });
  }

  function settle(message: Exclude<FromJobWorker, { kind: 'progress' | 'saved' }>): void {
    const asked = waiting;
    waiting = null;
    isUsed = true;
    if (message.kind === 'done') asked?.resolve(message.result);
    else asked?.reject(new JobError('JOB_FAILED', message.message, { reason: message.reason }));
  }

  /** The first reason counts. */
  function finish(why: JobError): void {
    over ??= why;
    clearInterval(watch);
    const asked = waiting;
    waiting = null;
    asked?.reject(over);
  }

  const watch = setInterval(() => {
    worker.getHeapStatistics().then(
      ({ external_memory: external }) => {
        if (external <= externalMegabytes * MEGABYTE) return;
        const held = `${String(Math.round(external / MEGABYTE))} MB outside its heap`;
        finish(new JobError('JOB_OUT_OF_MEMORY', `it held ${held}, of ${String(externalMegabytes)} allowed`));
        void worker.terminate();
      },
      () => undefined,
    );
  }, MEMORY_LOOK_MS);
  watch.unref();

  worker.on('message', (message: FromJobWorker) => {
    if (message.kind === 'progress') waiting?.listener.progress(message.fraction);
    else if (message.kind === 'saved') waiting?.listener.saved(message.content);
    else settle(message);
  });
  worker.on('messageerror', (cause) => {
    finish(new JobError('JOB_FAILED', 'its result cannot be read', { cause }));
    void worker.terminate();
  });
  worker.on('error', (cause: Error & { readonly code?: string }) => {
    const isMemory = cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    finish(new JobError(isMemory ? 'JOB_OUT_OF_MEMORY' : 'JOB_EXITED', cause.message, { cause }));
  });
  worker.on('exit', (code) => {
    finish(new JobError('JOB_EXITED', `its thread ended with code ${String(code)}`));
  });

  return {
    get isUsed() {
      return isUsed;
    },
    run: (job, listener) =>
      new Promise((resolve, reject) => {
        if (over !== null) {
          reject(over);
          return;
        }
        try {
          worker.postMessage(job);
          waiting = { resolve, reject, listener };
        } catch (cause) {
          reject(new JobError('JOB_FAILED', 'the job is not plain data', { cause }));
        }
      }),
    saveNow() {
      if (over === null) worker.postMessage({ kind: 'save-now' } satisfies SaveNow);
    },
    async end(why) {
      finish(why);
      await worker.terminate();
    },
    async isFit() {
      if (over !== null) return false;
      const { external_memory: external, used_heap_size: used } = await worker.getHeapStatistics();
      const limits = { heap: heapMegabytes * MEGABYTE, external: externalMegabytes * MEGABYTE };
      return used <= MOST_HELD * limits.heap && external <= MOST_HELD * limits.external;
    },
  };
}
