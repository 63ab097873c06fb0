import type { Telemetry } from '../core/ports/telemetry.ts';

/** What has been started, to be closed in reverse order. */
export interface Shutdown {
  add(what: string, close: () => void | Promise<void>): void;
  /** Closes everything once; one that fails or hangs does not keep the others from closing. */
  run(log: Telemetry['log']): Promise<void>;
}

/** No part may hold up the end of the process for longer. */
const STEP_TIMEOUT_MS = 20_000;

export function createShutdown(): Shutdown {
  const steps: { readonly what: string; readonly close: () => void | Promise<void> }[] = [];
  let running: Promise<void> | null = null;

  const runAll = async (log: Telemetry['log']): Promise<void> => {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const { what, close } = step;
      try {
        await within(STEP_TIMEOUT_MS, Promise.resolve(close()));
      } catch (error) {
        log('warn', `${what} did not close cleanly`, { error });
      }
    }
  };

  return {
    add(what, close) {
      steps.push({ what, close });
    },
    run(log) {
      running ??= runAll(log);
      return running;
    },
  };
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it took longer than ${String(ms)} ms`));
    }, ms);
  });
  await Promise.race([work, deadline]).finally(() => {
    clearTimeout(timer);
  });
}
