import { setTimeout as sleep } from 'node:timers/promises';

/** When a test gives up: far beyond what a busy machine needs. */
export const PATIENCE_MS = 45_000;
const POLL_MS = 40;

/** Asks again until the answer is neither undefined, null nor false. Throws, naming what did not come. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  for (const end = performance.now() + patienceMs; performance.now() < end;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    await sleep(POLL_MS);
  }
  throw new Error(`${what} did not come within ${String(patienceMs / 1_000)} s`);
}

export async function within<T>(what: string, promise: Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const stop = new AbortController();
  const late = sleep(patienceMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`${what} did not come within ${String(patienceMs / 1_000)} s`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}
