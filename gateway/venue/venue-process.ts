import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Telemetry } from '../../core/ports/telemetry.ts';
import { processIdentity } from '../database/embedded-postgres/process-identity.ts';
import { forgetVenue, readVenueNote, type VenueNote, writeVenueNote } from './venue-note.ts';

const READY_TIMEOUT_MS = 30_000;
const WATCH_INTERVAL_MS = 250;
const STOP_TIMEOUT_MS = 10_000;
const RESTART_DELAYS_MS = [100, 500, 2_000, 5_000];

export interface VenueProcess {
  readonly url: string;
  /** Process id, for tests that kill it. */
  pid(): number;
  close(): Promise<void>;
}

export interface VenueProcessOptions {
  readonly dataDir: string;
  readonly seed: number;
  readonly speed: number;
  readonly log: Telemetry['log'];
}

/**
 * The simulated venue as a child process, which outlives a killed gateway as an outside broker would.
 * The next start finds it by the note in DATA_DIR and goes on with it; one that dies is started again
 * on the same port. Only `close` stops it.
 */
export async function startVenueProcess(options: VenueProcessOptions): Promise<VenueProcess> {
  mkdirSync(options.dataDir, { recursive: true });
  let current = adopt(options) ?? (await launch(options, 0));
  const port = new URL(current.url).port;
  const closing = new AbortController();
  const pause = async (ms: number): Promise<void> => {
    await sleep(ms, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
  };

  const watch = async (): Promise<void> => {
    let failures = 0;
    for (;;) {
      await pause(WATCH_INTERVAL_MS);
      if (closing.signal.aborted) return;
      if (processIdentity(current.pid) === current.identity) {
        failures = 0;
        continue;
      }
      options.log('warn', 'the simulated venue has died; starting it again', { failures });
      await pause(RESTART_DELAYS_MS[Math.min(failures, RESTART_DELAYS_MS.length - 1)] ?? 0);
      failures += 1;
      try {
        current = await launch(options, Number(port));
      } catch (error) {
        options.log('error', 'the simulated venue did not start', { error });
      }
    }
  };
  const watching = watch();

  return {
    url: current.url,
    pid: () => current.pid,
    async close() {
      closing.abort();
      await watching;
      await stop(current);
      forgetVenue(options.dataDir);
    },
  };
}

function adopt({ dataDir, log }: VenueProcessOptions): VenueNote | null {
  const note = readVenueNote(dataDir);
  if (note === null || processIdentity(note.pid) !== note.identity) return null;
  log('info', 'going on with the simulated venue of an earlier run', { url: note.url });
  return note;
}

async function launch(options: VenueProcessOptions, port: number): Promise<VenueNote> {
  const script = createRequire(import.meta.url).resolve('@omniquant/broker-simulated/main');
  const errors = openSync(join(options.dataDir, 'venue.log'), 'a');
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      script,
      ...['--data-dir', resolve(options.dataDir, 'venue')],
      ...['--port', String(port)],
      ...['--seed', String(options.seed)],
      ...['--speed', String(options.speed)],
    ],
    // A group of its own: Ctrl-C must not reach it while the gateway still drains.
    { detached: true, stdio: ['ignore', 'pipe', errors] },
  );
  closeSync(errors);
  const url = await readyUrl(child, options.dataDir);
  child.stdout?.destroy();
  child.unref();
  const pid = child.pid ?? 0;
  const note = { pid, identity: processIdentity(pid) ?? '', url };
  writeVenueNote(options.dataDir, note);
  return note;
}

/** The venue prints one line of JSON when it listens. */
async function readyUrl(child: ChildProcess, dataDir: string): Promise<string> {
  const stdout = child.stdout;
  if (stdout === null) throw new Error('the simulated venue has no output');
  const lines = createInterface({ input: stdout });
  const failed = (why: string): Error =>
    new Error(`the simulated venue ${why}; see ${join(dataDir, 'venue.log')}`);
  try {
    return await new Promise<string>((accept, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(failed('was not ready in time'));
      }, READY_TIMEOUT_MS);
      child.once('error', reject);
      child.once('exit', (code) => {
        reject(failed(`ended at its start with code ${String(code)}`));
      });
      lines.once('line', (line) => {
        clearTimeout(timer);
        accept((JSON.parse(line) as { url: string }).url);
      });
    });
  } finally {
    lines.close();
    child.removeAllListeners();
  }
}

async function stop({ pid, identity }: VenueNote): Promise<void> {
  const isRunning = (): boolean => processIdentity(pid) === identity;
  if (!isRunning()) return;
  process.kill(pid, 'SIGTERM');
  const end = performance.now() + STOP_TIMEOUT_MS;
  while (isRunning()) {
    if (performance.now() > end) {
      process.kill(pid, 'SIGKILL');
      return;
    }
    await sleep(20);
  }
}
