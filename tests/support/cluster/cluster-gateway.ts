import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Failpoint } from '../../../core/ports/failpoints.ts';
import { freePort } from '../free-port.ts';
import { type ApiClient, createApiClient } from '../gateway/api-client.ts';
import {
  type GatewayLife,
  launchGateway,
  type ProcessEnd,
  StartFailure,
} from '../gateway/gateway-process.ts';
import { until, within } from '../gateway/until.ts';
import type { ClusterPostgres } from './cluster-postgres.ts';
import { type FaultProxy, openFaultProxy } from './fault-proxy.ts';

/** What a gateway reaches, each through a proxy of its own; `peers` is how the others reach it. */
export interface GatewayLinks {
  readonly postgres: FaultProxy;
  readonly venue: FaultProxy;
  readonly redis: FaultProxy | null;
  readonly peers: FaultProxy;
}

export interface Arming {
  readonly point: Failpoint;
  /** Counted from now. */
  readonly passage?: number;
  readonly action?: 'kill' | 'stop';
}

/** A place for a gateway: what runs there changes, addresses of its links and its folder stay. */
export interface ClusterGateway {
  readonly name: string;
  readonly links: GatewayLinks;
  readonly isRunning: boolean;
  /** Where it can be asked, if it can: http://host:port. */
  readonly address: string;
  /** Of the one that runs, or ran last. */
  readonly life: GatewayLife;
  /** How its leases name it. */
  readonly internalAddress: string;
  start(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Starts one that dies at a failpoint by itself, before its banner or after it. */
  startDoomed(point: Failpoint, passage: number): Promise<ProcessEnd>;
  /** Sees to it that the running process dies or stops at a failpoint. */
  arm(arming: Arming): Promise<void>;
  kill9(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** SIGTERM, and its end. */
  drain(): Promise<void>;
  /** Acts with these headers. */
  client(headers: Readonly<Record<string, string>>): ApiClient;
  readiness(): Promise<number>;
  close(): Promise<void>;
}

export interface ClusterGatewayOptions {
  readonly name: string;
  readonly clusterDir: string;
  readonly postgres: ClusterPostgres;
  readonly venuePort: number;
  readonly redisPort: number | null;
  readonly env: Readonly<Record<string, string>>;
  /** Without proxies in between: `links` are there and lead nowhere. */
  readonly isDirect: boolean;
}

const READY_MS = 10_000;

export async function placeGateway(options: ClusterGatewayOptions): Promise<ClusterGateway> {
  const { name, clusterDir, postgres } = options;
  const dataDir = join(clusterDir, name);
  const failpointFile = join(dataDir, 'failpoint');
  mkdirSync(dataDir);
  const internalPort = await freePort();
  const links: GatewayLinks = {
    postgres: await openFaultProxy(postgres.port),
    venue: await openFaultProxy(options.venuePort),
    redis: options.redisPort === null ? null : await openFaultProxy(options.redisPort),
    peers: await openFaultProxy(internalPort),
  };
  const through = (link: FaultProxy, target: number): number => (options.isDirect ? target : link.port);
  const internalAddress = `http://127.0.0.1:${String(through(links.peers, internalPort))}`;
  const postgresPort = through(links.postgres, postgres.port);
  const redisPort = links.redis === null ? null : through(links.redis, options.redisPort ?? 0);
  const settings = {
    DATABASE_URL: postgres.url('owner', postgresPort),
    DATABASE_APP_URL: postgres.url('app', postgresPort),
    DATABASE_WRITER_URL: postgres.url('writer', postgresPort),
    VENUE_URL: `http://127.0.0.1:${String(through(links.venue, options.venuePort))}`,
    ...(redisPort === null ? {} : { REDIS_URL: `redis://127.0.0.1:${String(redisPort)}` }),
    INTERNAL_PORT: String(internalPort),
    INTERNAL_ADDRESS: internalAddress,
    DEMO: 'false',
    FAILPOINT: `@${failpointFile}`,
    ...options.env,
  };
  let current: GatewayLife | null = null;
  const life = (): GatewayLife => {
    if (current === null) throw new Error(`${name} was not started`);
    return current;
  };

  return {
    name,
    links,
    internalAddress,
    get isRunning() {
      return current?.isRunning === true;
    },
    get address() {
      return life().address;
    },
    get life() {
      return life();
    },
    async start(env = {}) {
      current = await launchGateway({ dataDir, env: { ...settings, ...env } });
    },
    async startDoomed(point, passage) {
      try {
        current = await launchGateway({
          dataDir,
          env: { ...settings, FAILPOINT: `${point}:${String(passage)}` },
        });
      } catch (error) {
        if (error instanceof StartFailure) return error.end;
        throw error;
      }
      return await within(`the death at ${point}`, current.ended);
    },
    async arm({ point, passage = 1, action = 'kill' }) {
      writeFileSync(failpointFile, `${point}:${String(passage)}:${action}`);
      process.kill(life().pid, 'SIGUSR2');
      await until(`the arming of ${point}`, () => !existsSync(failpointFile));
    },
    async kill9() {
      if (current?.isRunning === true) await current.kill9();
    },
    signal(signal) {
      process.kill(life().pid, signal);
    },
    async drain() {
      const { code } = await life().stop('SIGTERM');
      if (code !== 0) throw new Error(`${name} ended with ${String(code)}: ${life().stderr()}`);
    },
    client: (headers) => createApiClient({ address: () => life().address, headers }),
    async readiness() {
      const response = await fetch(`${life().address}/readyz`, { signal: AbortSignal.timeout(READY_MS) });
      await response.body?.cancel();
      return response.status;
    },
    async close() {
      if (current?.isRunning === true) await current.kill9();
      for (const link of Object.values(links) as (FaultProxy | null)[]) await link?.close();
    },
  };
}
