import { randomUUID } from 'node:crypto';

import { Client } from 'pg';

import type { Journal } from '../../core/ports/journal.ts';
import type { LeaseStore } from '../../core/ports/leases.ts';
import type { OrderArchive } from '../../core/ports/order-archive.ts';
import { type ConnectionPool, createConnectionPool } from '../../gateway/database/connection-pool.ts';
import { createPostgresJournal } from '../../gateway/database/journal/postgres-journal.ts';
import { createPostgresLeases } from '../../gateway/database/lease-store.ts';
import { createPostgresOrderArchive } from '../../gateway/database/order-archive.ts';
import type { DatabaseRole } from '../../gateway/database/roles.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

/** The PostgreSQL adapters over a database of their own. */
export interface TestStore {
  readonly database: TestDatabase;
  readonly pool: ConnectionPool;
  readonly journal: Journal;
  readonly archive: OrderArchive;
  readonly leases: LeaseStore;
  /** Makes a workspace; answers with its id. */
  workspace(id?: string): Promise<string>;
  /** Makes `owner` the holder of a shard, whoever had it; answers with the epoch. */
  lease(shard: number, owner: string): Promise<number>;
  /** Another pool, closed with the store. */
  connect(role: DatabaseRole, url?: string): ConnectionPool;
  /** A statement as the superuser. */
  admin(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const database = await createTestDatabase();
  const pools: ConnectionPool[] = [];
  const connect = (role: DatabaseRole, url = database.url(role)): ConnectionPool => {
    const pool = createConnectionPool({
      url,
      name: `test-${role}`,
      max: 4,
      statementTimeoutMs: 30_000,
      lockTimeoutMs: 10_000,
      log: () => undefined,
    });
    pools.push(pool);
    return pool;
  };
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const pool = connect('writer');
  const leases = createPostgresLeases(pool);
  return {
    database,
    pool,
    journal: createPostgresJournal(pool, () => undefined),
    archive: createPostgresOrderArchive(pool),
    leases,
    async workspace(id = randomUUID()) {
      await admin.query(`INSERT INTO workspace (id, name, created_at) VALUES ($1, 'Test', 0)`, [id]);
      return id;
    },
    async lease(shard, owner) {
      const resource = `shard:${String(shard)}`;
      await admin.query(`UPDATE lease SET expires_at = '-infinity' WHERE resource = $1`, [resource]);
      const [lease] = await leases.claim([resource], owner, 'local', 3_600_000, AbortSignal.timeout(10_000));
      if (lease === undefined) throw new Error(`${resource} was not free`);
      return lease.epoch;
    },
    connect,
    admin: async (sql, values) => (await admin.query<Record<string, unknown>>(sql, values)).rows,
    async close() {
      await Promise.all(pools.map((open) => open.close().catch(() => undefined)));
      await admin.end();
      await database.drop();
    },
  };
}
