import { once } from 'node:events';

import { buildWorker } from '../backtests/jobs/build-worker.ts';
import { readConfig } from '../config.ts';
import { stoppable } from './stop-signal.ts';

/** Does backtests until it is asked to end; those under way are then another's. */
export async function workerCommand(): Promise<void> {
  const config = readConfig();
  await stoppable(async (signal) => {
    const worker = await buildWorker(config, signal);
    process.stdout.write(
      `Up to ${String(config.BACKTEST_WORKERS)} backtests at a time are taken from the queue.\n`,
    );
    if (worker.address !== null) process.stdout.write(`Health and metrics at ${worker.address}\n`);
    // Its timers alone would not keep the process.
    const alive = setInterval(() => undefined, 60_000);
    try {
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      clearInterval(alive);
      await worker.close();
    }
  });
  process.exit(0);
}
