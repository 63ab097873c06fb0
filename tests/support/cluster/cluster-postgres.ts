import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';

import { ensureCluster } from '../../../gateway/database/embedded-postgres/cluster.ts';
import { loadCredentials } from '../../../gateway/database/embedded-postgres/credentials.ts';
import { placePostgres } from '../../../gateway/database/embedded-postgres/placement.ts';
import {
  adminUrl,
  databaseUrl,
  findServer,
  launchServer,
} from '../../../gateway/database/embedded-postgres/server.ts';
import { createRolesAndDatabase, type DatabaseRole, ROLE_NAMES } from '../../../gateway/database/roles.ts';
import { until } from '../gateway/until.ts';
import { processesBelow, stillRunning } from '../processes.ts';

const DATABASE = 'omniquant';
const START_MS = 90_000;
/** No test loses the machine: what a killed process has written is there. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  min_wal_size: '32MB',
};

/** A PostgreSQL of a cluster's own, in the folder in which admin-database.ts looks for one. */
export interface ClusterPostgres {
  readonly port: number;
  /** Connection URL of a role through a port: the server's own, or a proxy's. */
  url(role: DatabaseRole, port: number): string;
  readonly isRunning: boolean;
  /** SIGKILL to the server and every process of it at once. */
  killTree(): Promise<void>;
  /** After `killTree`: the same data on the same port. */
  start(): Promise<void>;
}

/** @param walDir Where the write-ahead log is to be, if not among the data. */
export async function startClusterPostgres(dataDir: string, walDir?: string): Promise<ClusterPostgres> {
  const place = placePostgres(dataDir);
  const credentials = loadCredentials(dataDir);
  const signal = AbortSignal.timeout(START_MS);
  await ensureCluster(place, credentials.admin, signal);
  if (walDir !== undefined) moveLog(place.data, walDir);
  let server = await launchServer(place, credentials.admin, { settings: SETTINGS, signal });
  const { port } = server;
  const admin = new Client({ connectionString: adminUrl(port, credentials.admin) });
  await admin.connect();
  try {
    await createRolesAndDatabase(admin, credentials.roles, DATABASE);
  } finally {
    await admin.end();
  }
  return {
    port,
    url: (role, at) => databaseUrl(ROLE_NAMES[role], credentials.roles[role], at, DATABASE),
    get isRunning() {
      return findServer(place) !== null;
    },
    async killTree() {
      if (findServer(place) === null) return;
      const backends = processesBelow(server.pid);
      process.kill(server.pid, 'SIGKILL');
      for (const { pid } of stillRunning(backends)) process.kill(pid, 'SIGKILL');
      await until('the end of PostgreSQL', () => stillRunning(backends).length === 0);
    },
    async start() {
      server = await launchServer(place, credentials.admin, {
        port,
        settings: SETTINGS,
        signal: AbortSignal.timeout(START_MS),
      });
    },
  };
}

function moveLog(data: string, walDir: string): void {
  const log = join(data, 'pg_wal');
  const target = join(walDir, 'pg_wal');
  // `cp -a` keeps the owner, which is not always who runs the test.
  execFileSync('cp', ['-a', log, target]);
  rmSync(log, { recursive: true });
  symlinkSync(target, log);
}
