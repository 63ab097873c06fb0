import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.ts';

/** Why the tests on Redis cannot run here, or null. */
export const REDIS_MISSING: string | null =
  process.env['REDIS_URL'] === undefined && spawnSync('redis-server', ['--version']).status !== 0
    ? 'needs redis-server on the PATH, or REDIS_URL'
    : null;

export interface TestRedis {
  readonly url: string;
  /** Kills it at once (own servers only). */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A Redis of the test's own, or the one that REDIS_URL names. */
export async function openRedis(): Promise<TestRedis> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined) {
    const nothing = () => Promise.resolve();
    return { url: given, kill: nothing, start: nothing, close: nothing };
  }
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-redis-'));
  let server: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const child = spawn('redis-server', [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--dir',
      folder,
    ]);
    server = child;
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        reject(new Error('redis-server ended at its start'));
      });
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('Ready to accept connections')) resolve();
      });
    });
  };
  const kill = async (): Promise<void> => {
    const child = server;
    server = null;
    if (child === null || child.exitCode !== null) return;
    await new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  };
  await start();
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    kill,
    start,
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
