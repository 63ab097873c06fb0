import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { probeResult } from './process-messages.ts';
import type { ProbeResult } from './process-probe.ts';
import { readablePaths } from './readable-paths.ts';
import { runSandboxJob } from './run-sandbox-job.ts';
import { missingTools, sandboxCommand, type SandboxLevel } from './sandbox-command.ts';

/** What this host keeps a process from, as measured. */
export interface SandboxSupport {
  readonly level: SandboxLevel;
  /** Data segment of a process that runs no plugin yet, bytes; null where the host does not tell. */
  readonly baseBytes: number | null;
  /** Why a stricter level cannot be had; null when there is none. */
  readonly reason: string | null;
}

const LEVELS: readonly SandboxLevel[] = ['namespaces', 'limits', 'permissions'];
const PROBE_TIMEOUT_MS = 10_000;
const PROBE_HEAP_MB = 64;

/**
 * Tries the levels, strictest first, each with a real process that tries what must not be possible. A level that
 * does not hold what it promises is not used. Throws HostedStrategyError when no process can be run at all.
 */
export async function measureSandbox(logger: Logger): Promise<SandboxSupport> {
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-probe-'));
  const socket = join(folder, 'socket');
  const servers = [createServer((peer) => peer.destroy()), createServer((peer) => peer.destroy())] as const;
  try {
    const port = await listen(servers[0], 0);
    await listen(servers[1], socket);
    const reasons: string[] = [];
    for (const level of LEVELS) {
      const tried = await tryLevel(level, { port, socket }, logger);
      const reason = reasons.length === 0 ? null : reasons.join('; ');
      if (typeof tried !== 'string') return { level, baseBytes: tried.data, reason };
      reasons.push(tried);
    }
    throw new HostedStrategyError(
      'STRATEGY_SANDBOX_UNAVAILABLE',
      `no process can be run: ${reasons.join('; ')}`,
    );
  } finally {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the process could do, or why the level cannot be used. */
async function tryLevel(
  level: SandboxLevel,
  targets: { readonly port: number; readonly socket: string },
  logger: Logger,
): Promise<ProbeResult | string> {
  const missing = missingTools(level);
  if (missing.length > 0) return `${level}: this host has no ${missing.join(', ')}`;
  const readable = [...readablePaths([]), '/proc/self/status'];
  try {
    const value = await runSandboxJob({
      command: sandboxCommand({ level, readable, heapMegabytes: PROBE_HEAP_MB, dataBytes: null }),
      job: { kind: 'probe', ...targets },
      logger,
      timeoutMs: PROBE_TIMEOUT_MS,
    });
    const result = probeResult.parse(value);
    const reached = [
      result.tcp && 'the network',
      result.socket && 'Unix sockets',
      result.parent && 'the gateway',
    ];
    const open = reached.filter((what) => what !== false);
    return level === 'namespaces' && open.length > 0
      ? `${level}: did not close off ${open.join(', ')}`
      : result;
  } catch (error) {
    return `${level}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function listen(server: Server, at: number | string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (typeof at === 'number') server.listen(at, '127.0.0.1', resolve);
    else server.listen(at, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
