import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { isAlive } from './process-identity.ts';
import type { RunningServer } from './server.ts';

export interface Supervision {
  /** The server that runs at the moment, or null between a death and the next start. */
  current(): RunningServer | null;
  /** Stops watching, waits for a restart under way. The server is left as it is. */
  end(): Promise<void>;
}

const WATCH_EVERY_MS = 250;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 10_000;
/** After this long without a death the backoff starts anew. */
const STABLE_AFTER_MS = 60_000;

/** Starts the server again, on the same port, whenever it dies; watches by process id, as it may be an adopted one. */
export function supervise(
  server: RunningServer,
  restart: (port: number) => Promise<RunningServer>,
  log: Telemetry['log'],
): Supervision {
  let current: RunningServer | null = server;
  let backoff = FIRST_BACKOFF_MS;
  let startedAt = performance.now();
  let ended = false;
  let timer: NodeJS.Timeout;
  let underWay: Promise<void> = Promise.resolve();

  const next = (ms: number, task: () => void): void => {
    if (!ended) timer = setTimeout(task, ms).unref();
  };

  function watch(): void {
    if (current !== null && isAlive(current.pid)) {
      next(WATCH_EVERY_MS, watch);
      return;
    }
    log('error', 'PostgreSQL died and is started again', { pid: current?.pid ?? null, afterMs: backoff });
    current = null;
    if (performance.now() - startedAt > STABLE_AFTER_MS) backoff = FIRST_BACKOFF_MS;
    next(backoff, () => void (underWay = revive()));
    backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
  }

  async function revive(): Promise<void> {
    try {
      current = await restart(server.port);
      startedAt = performance.now();
      log('info', 'PostgreSQL runs again', { pid: current.pid });
    } catch (error) {
      log('error', 'PostgreSQL could not be started again', { error: String(error) });
    }
    next(WATCH_EVERY_MS, watch);
  }

  next(WATCH_EVERY_MS, watch);
  return {
    current: () => current,
    async end() {
      ended = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
