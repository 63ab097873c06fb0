import { Client, type QueryResultRow } from 'pg';

import { createConnectionPool } from '../../../gateway/database/connection-pool.ts';
import { loadCredentials } from '../../../gateway/database/embedded-postgres/credentials.ts';
import { placePostgres } from '../../../gateway/database/embedded-postgres/placement.ts';
import { adminUrl, databaseUrl, findServer } from '../../../gateway/database/embedded-postgres/server.ts';
import { ROLE_NAMES } from '../../../gateway/database/roles.ts';
import { accountsWithJournal, verifyAudit, verifyJournal } from '../../../gateway/database/verify.ts';

const DATABASE = 'omniquant';
const VERIFY_MS = 60_000;

function portOf(dataDir: string): number {
  const server = findServer(placePostgres(dataDir));
  if (server === null) throw new Error(`no PostgreSQL runs for ${dataDir}`);
  return server.port;
}

/** Rows of the gateway's database as the superuser sees them, past row-level security. */
export async function queryAsAdmin<R extends QueryResultRow>(
  dataDir: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly R[]> {
  const client = new Client({
    connectionString: adminUrl(portOf(dataDir), loadCredentials(dataDir).admin, DATABASE),
  });
  await client.connect();
  try {
    return (await client.query<R>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Checks numbering and hashes of every journal and every audit log. Throws at the first thing wrong. */
export async function verifyChains(dataDir: string): Promise<{ readonly events: number }> {
  const url = databaseUrl(
    ROLE_NAMES.writer,
    loadCredentials(dataDir).roles.writer,
    portOf(dataDir),
    DATABASE,
  );
  const pool = createConnectionPool({
    url,
    name: 'e2e-verify',
    max: 2,
    statementTimeoutMs: VERIFY_MS,
    lockTimeoutMs: VERIFY_MS,
    log: () => undefined,
  });
  const signal = AbortSignal.timeout(VERIFY_MS);
  try {
    let events = 0;
    for (const accountId of await accountsWithJournal(pool, signal)) {
      events += (await verifyJournal(pool, accountId, signal)).entries;
    }
    for (const { id } of await queryAsAdmin<{ id: string }>(dataDir, 'SELECT id FROM workspace')) {
      await verifyAudit(pool, id, signal);
    }
    return { events };
  } finally {
    await pool.close();
  }
}
