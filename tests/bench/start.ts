import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { npmStart } from '../smoke/npm-start.ts';
import { makeEmptyDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import type { Bench, Figure } from './bench.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** From `npm start` to the banner that says that the gateway is ready, as a user waits for it. */
export const start: Bench = {
  name: 'start',
  async *run({ quick }) {
    const [first, again] = await startTwice(ROOT);
    yield seconds('first', first, 'npm start on an empty DATA_DIR, after npm ci');
    yield seconds('again', again, 'npm start on the DATA_DIR of a stopped gateway; target 5 s');
    if (!quick) yield await fromClone();
  },
};

const seconds = (name: string, value: number, reference: string): Figure => ({
  name,
  value,
  unit: 's',
  ratio: null,
  reference,
});

async function startTwice(folder: string): Promise<readonly [first: number, again: number]> {
  const dataDir = makeEmptyDataDir('bench');
  try {
    return [await startOnce(folder, dataDir), await startOnce(folder, dataDir)];
  } finally {
    await removeDataDir(dataDir);
  }
}

async function startOnce(folder: string, dataDir: string): Promise<number> {
  const gateway = await npmStart(folder, { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' });
  const code = await gateway.stop('SIGINT');
  if (code !== 0) throw new Error(`the gateway ended with code ${String(code)}: ${gateway.output()}`);
  return gateway.readySeconds;
}

/** What is committed, cloned and installed as a new user does it. */
async function fromClone(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-clone-'));
  try {
    const started = performance.now();
    await run('git', ['clone', '--quiet', ROOT, folder]);
    await run('npm', ['ci'], { cwd: folder, maxBuffer: 100_000_000 });
    const prepared = (performance.now() - started) / 1_000;
    const [first] = await startTwice(folder);
    const parts = `git clone of this repository and npm ci ${prepared.toFixed(1)} s, then npm start`;
    return seconds('from-clone', prepared + first, `${parts}; target 60 s`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
