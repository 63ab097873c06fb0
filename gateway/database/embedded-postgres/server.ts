import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

import { DatabaseError } from '../database-error.ts';
import { serverEnvironment, SUPERUSER } from './cluster.ts';
import type { Placement } from './placement.ts';
import { commandLine, isAlive, processIdentity } from './process-identity.ts';

/** A postmaster: one we spawned, or one that outlived an earlier gateway. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

/** How long crash recovery may take before a start counts as failed. */
const START_DEADLINE_MS = 120_000;
const LOG_KEPT_BYTES = 10_000_000;

/** Durable, modest in memory, reachable on this machine's loopback only. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  synchronous_commit: 'on',
  fsync: 'on',
  full_page_writes: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] %q%u@%d ',
  cluster_name: 'omniquant',
};

export function adminUrl(port: number, password: string, database = 'postgres'): string {
  return databaseUrl(SUPERUSER, password, port, database);
}

export function databaseUrl(user: string, password: string, port: number, database: string): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${String(port)}/${database}`;
}

/** The postmaster that serves this data folder at the moment, answering or not. */
export function findServer(place: Placement): RunningServer | null {
  const path = join(place.data, 'postmaster.pid');
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  const isOurs =
    Number.isInteger(pid) && pid > 1 && isAlive(pid) && commandLine(pid)?.includes(place.data) === true;
  return isOurs ? { pid, port } : null;
}

/**
 * Spawns a postmaster and waits until it answers. It is detached: a Ctrl-C in the terminal must not
 * reach it while the gateway still drains.
 */
export async function launchServer(
  place: Placement,
  adminPassword: string,
  options: {
    readonly port?: number;
    readonly settings?: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<RunningServer> {
  const port = options.port ?? (await freePort());
  const settings = { ...SETTINGS, ...options.settings, port: String(port) };
  keepLogSmall(place.logFile);
  const log = openSync(place.logFile, 'a', 0o600);
  try {
    const child = spawn(
      join(place.binaries, 'postgres'),
      ['-D', place.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        cwd: place.home,
        env: serverEnvironment(),
        stdio: ['ignore', log, log],
        detached: true,
        ...place.runAs,
      },
    );
    child.unref();
    let exited: string | null = null;
    child.on('error', (error) => (exited = error.message));
    child.on('exit', (code, signal) => (exited = `exit ${String(code ?? signal)}`));
    await waitUntilReady(port, adminPassword, () => exited, place, options.signal);
    return { pid: child.pid ?? 0, port };
  } finally {
    closeSync(log);
  }
}

/** Whether the server takes our password and answers a query soon. */
export async function answers(port: number, adminPassword: string, withinMs = 3_000): Promise<boolean> {
  return (await probe(port, adminPassword, withinMs)) === null;
}

/** Fast shutdown (clients are disconnected, everything is flushed), immediate when that takes too long. */
export async function stopServer(pid: number, deadlineMs: number): Promise<void> {
  // Its id may be another process's by the time of the next signal.
  const identity = processIdentity(pid);
  if (identity === null) return;
  for (const [signal, wait] of [
    ['SIGINT', deadlineMs],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await isGoneWithin(pid, identity, wait)) return;
  }
  throw new DatabaseError('EMBEDDED_POSTGRES', `PostgreSQL (process ${String(pid)}) does not stop`);
}

async function isGoneWithin(pid: number, identity: string, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end;) {
    if (processIdentity(pid) !== identity) return true;
    await sleep(20);
  }
  return processIdentity(pid) !== identity;
}

async function waitUntilReady(
  port: number,
  adminPassword: string,
  exited: () => string | null,
  place: Placement,
  signal: AbortSignal,
): Promise<void> {
  let reason: string | null = null;
  for (const end = performance.now() + START_DEADLINE_MS; performance.now() < end;) {
    signal.throwIfAborted();
    const exit = exited();
    if (exit !== null) {
      throw new DatabaseError(
        'EMBEDDED_POSTGRES',
        `PostgreSQL did not start (${exit}): ${lastLogLine(place.logFile)}`,
      );
    }
    reason = await probe(port, adminPassword, 3_000);
    if (reason === null) return;
    await sleep(10);
  }
  throw new DatabaseError('EMBEDDED_POSTGRES', `PostgreSQL is not ready in time: ${String(reason)}`);
}

/** Null when it answered, else why not. */
async function probe(port: number, adminPassword: string, withinMs: number): Promise<string | null> {
  const client = new Client({
    connectionString: adminUrl(port, adminPassword),
    connectionTimeoutMillis: withinMs,
    query_timeout: withinMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new DatabaseError('EMBEDDED_POSTGRES', 'no free port on the loopback address'));
      });
    });
  });
}

function keepLogSmall(path: string): void {
  if (existsSync(path) && statSync(path).size > LOG_KEPT_BYTES) renameSync(path, `${path}.1`);
}

function lastLogLine(path: string): string {
  return readFileSync(path, 'utf8').trim().split('\n').slice(-3).join(' ');
}
