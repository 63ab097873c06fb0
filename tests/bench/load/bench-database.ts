import { Client } from 'pg';

import { type ConnectionPool, createConnectionPool } from '../../../gateway/database/connection-pool.ts';
import { startEmbeddedPostgres } from '../../../gateway/database/embedded-postgres.ts';
import { migrate } from '../../../gateway/database/migrations/migrate.ts';
import { makeDataDir, removeDataDir } from '../../support/gateway/data-dir.ts';

/** A PostgreSQL of the bench's own, with the durability of production. */
export interface BenchDatabase {
  /** As the role that writes the journal. */
  readonly writerUrl: string;
  /** Closed with the database, if not before. */
  writer(): ConnectionPool;
  /** A statement as the administrator of the server, whom no policy holds. */
  run<R extends object>(text: string, values?: unknown[]): Promise<R[]>;
  /** Copies the database as it is, in place of an earlier copy; nobody may be connected. */
  copy(): Promise<void>;
  /** A connection to the copy, whose accounts are made to belong to the present owner. */
  openCopy(): Promise<Client>;
  close(): Promise<void>;
}

export async function openBenchDatabase(): Promise<BenchDatabase> {
  const dataDir = makeDataDir('bench');
  const signal = AbortSignal.timeout(60_000);
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, signal });
  await migrate(postgres.url('owner'), { deriveRoles: false, signal });
  const pools: ConnectionPool[] = [];
  const live = inDatabase(postgres.adminUrl, 'omniquant');
  const maintenance = inDatabase(postgres.adminUrl, 'postgres');
  const writerUrl = postgres.url('writer');
  return {
    writerUrl,
    writer() {
      const pool = createConnectionPool({
        url: writerUrl,
        name: 'bench',
        max: 8,
        statementTimeoutMs: 60_000,
        lockTimeoutMs: 10_000,
        log: () => undefined,
      });
      pools.push(pool);
      return pool;
    },
    run: (text, values) => run(live, text, values),
    async copy() {
      await run(maintenance, 'DROP DATABASE IF EXISTS copied');
      await run(maintenance, 'CREATE DATABASE copied TEMPLATE omniquant');
    },
    async openCopy() {
      const owners = await run<{ account_id: string; epoch: string }>(
        live,
        'SELECT account_id, epoch FROM account_head',
      );
      await run(
        inDatabase(postgres.adminUrl, 'copied'),
        `UPDATE account_head h SET epoch = o.epoch::bigint
           FROM unnest($1::text[], $2::text[]) AS o (account_id, epoch) WHERE h.account_id = o.account_id`,
        [owners.map((owner) => owner.account_id), owners.map((owner) => owner.epoch)],
      );
      const client = new Client({ connectionString: inDatabase(writerUrl, 'copied') });
      await client.connect();
      return client;
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.close().catch(() => undefined)));
      await postgres.close();
      await removeDataDir(dataDir);
    },
  };
}

function inDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function run<R extends object>(url: string, text: string, values: unknown[] = []): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text, values)).rows;
  } finally {
    await client.end();
  }
}
