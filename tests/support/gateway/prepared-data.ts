import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('prepare-data.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PREPARED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 50;

/**
 * Puts into an empty folder what a gateway makes at its first start: a PostgreSQL with all migrations, stopped in good
 * order. It takes seconds, so that it is made once in a run, by the first that asks, and copied.
 */
export function copyPreparedData(folder: string): void {
  const place = process.env.TEST_PREPARED_DIR;
  if (place === undefined) return;
  const ready = `${place}/ready`;
  if (!existsSync(ready)) {
    if (isFirst(place)) prepare(place, ready);
    else waitFor(ready);
  }
  // Unlike cpSync it keeps owners: run by root, PostgreSQL runs as another user.
  execFileSync('cp', ['-a', `${ready}/.`, folder]);
}

function isFirst(place: string): boolean {
  try {
    mkdirSync(place, { mode: 0o711 });
    return true;
  } catch {
    return false;
  }
}

function prepare(place: string, ready: string): void {
  const flags = ['--conditions=omniquant:source', '--import', './hooks.mjs'];
  const draft = `${place}/draft`;
  execFileSync(process.execPath, [...flags, SCRIPT, draft], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: PREPARED_WITHIN_MS,
  });
  renameSync(draft, ready);
}

function waitFor(path: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  for (const end = performance.now() + PREPARED_WITHIN_MS; performance.now() < end;) {
    if (existsSync(path)) return;
    Atomics.wait(clock, 0, 0, LOOK_EVERY_MS);
  }
  throw new Error('what gateways of this run begin with was not made');
}
