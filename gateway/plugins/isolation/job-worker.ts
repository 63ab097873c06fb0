/** A worker thread that does one job after the other; started by job-thread.ts. */
import { parentPort } from 'node:worker_threads';

import type { FromJobWorker, Job, SaveNow } from './job-protocol.ts';
import { doJob } from './job-tasks.ts';

/** Less is not worth a message. */
const STEP = 0.01;

const tell = (message: FromJobWorker): void => parentPort?.postMessage(message);

let isSaveAsked = false;

async function work(job: Job): Promise<void> {
  let told = 0;
  isSaveAsked = false;
  try {
    const result = await doJob(job, {
      progress(fraction) {
        const isNews = fraction >= told + STEP || (fraction === 1 && told < 1);
        if (!isNews || fraction > 1) return;
        told = fraction;
        tell({ kind: 'progress', fraction });
      },
      saved(content) {
        tell({ kind: 'saved', content });
      },
      isSaveAsked() {
        const wasAsked = isSaveAsked;
        isSaveAsked = false;
        return wasAsked;
      },
    });
    tell({ kind: 'done', result });
  } catch (error) {
    const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
    tell({
      kind: 'failed',
      reason: typeof code === 'string' ? code : null,
      message: typeof message === 'string' ? message : String(error),
    });
  }
}

parentPort?.on('message', (message: Job | SaveNow) => {
  if (message.kind === 'save-now') isSaveAsked = true;
  else void work(message);
});
