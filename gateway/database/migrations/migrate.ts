import { randomBytes, randomUUID } from 'node:crypto';

import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';

import { installJobQueue } from '../backtests/job-queue-schema.ts';
import { DatabaseError } from '../database-error.ts';
import { checkRoleRights, createDerivedRoles } from '../roles.ts';
import { Tenancy } from './0001-tenancy.ts';
import { JournalTables } from './0002-journal.ts';
import { ReadModels } from './0003-read-models.ts';
import { Audit } from './0004-audit.ts';
import { JournalAppend } from './0005-journal-append.ts';
import { OperatorWorkspace } from './0006-operator-workspace.ts';
import { JournalFunctions } from './0007-journal-functions.ts';
import { EquityBeforeFlows } from './0008-equity-before-flows.ts';
import { Strategies } from './0009-strategies.ts';
import { Plugins } from './0010-plugins.ts';
import { Notifications } from './0011-notifications.ts';
import { Backtests } from './0012-backtests.ts';
import { Sweeps } from './0013-sweeps.ts';
import { StoredBars } from './0014-stored-bars.ts';
import { BacktestUpkeep } from './0015-backtest-upkeep.ts';
import { SweepUpkeep } from './0016-sweep-upkeep.ts';

/** In order; a released one is never changed, a change is a migration of its own. */
const MIGRATIONS = [
  { name: '0001-tenancy', class: Tenancy },
  { name: '0002-journal', class: JournalTables },
  { name: '0003-read-models', class: ReadModels },
  { name: '0004-audit', class: Audit },
  { name: '0005-journal-append', class: JournalAppend },
  { name: '0006-operator-workspace', class: OperatorWorkspace },
  { name: '0007-journal-functions', class: JournalFunctions },
  { name: '0008-equity-before-flows', class: EquityBeforeFlows },
  { name: '0009-strategies', class: Strategies },
  { name: '0010-plugins', class: Plugins },
  { name: '0011-notifications', class: Notifications },
  { name: '0012-backtests', class: Backtests },
  { name: '0013-sweeps', class: Sweeps },
  { name: '0014-stored-bars', class: StoredBars },
  { name: '0015-backtest-upkeep', class: BacktestUpkeep },
  { name: '0016-sweep-upkeep', class: SweepUpkeep },
];

/** Whoever migrates holds this advisory lock, so that replicas that start together take turns. */
const LOCK = 7_310_042_118n;
const LOCK_TIMEOUT_MS = 120_000;

/**
 * Brings the schema up to date as its owner, or finds it so. Refuses a database that a newer gateway
 * has migrated. `deriveRoles` makes `app` and `writer` first (see createDerivedRoles). Throws
 * DatabaseError.
 */
export async function migrate(
  ownerUrl: string,
  options: { readonly deriveRoles: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  const abandon = (): void => void client.end().catch(() => undefined);
  try {
    await client.connect();
    options.signal.addEventListener('abort', abandon, { once: true });
    await client.query(`SET lock_timeout = ${String(LOCK_TIMEOUT_MS)}`);
    await client.query('SELECT pg_advisory_lock($1)', [String(LOCK)]);
    if (options.deriveRoles) await createDerivedRoles(client, ownerUrl);
    await refuseNewerSchema(client);
    await runPending(ownerUrl);
    await installJobQueue(client);
    await createInstallation(client);
    await checkRoleRights(client);
  } catch (cause) {
    if (cause instanceof DatabaseError) throw cause;
    throw new DatabaseError('SCHEMA_NOT_READY', `the database could not be migrated: ${String(cause)}`, {
      cause,
    });
  } finally {
    options.signal.removeEventListener('abort', abandon);
    await client.end().catch(() => undefined);
  }
}

/** For a process that does not migrate: throws unless the schema is exactly the one this code knows. */
export async function checkSchema(client: Client): Promise<void> {
  const missing = MIGRATIONS.length - (await refuseNewerSchema(client));
  if (missing > 0) {
    throw new DatabaseError(
      'SCHEMA_NOT_READY',
      `${String(missing)} migrations have not been run: run omniquant migrate`,
    );
  }
}

async function runPending(ownerUrl: string): Promise<void> {
  const orm = await MikroORM.init({
    clientUrl: ownerUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: { migrationsList: MIGRATIONS, snapshot: false, silent: true },
  });
  try {
    await orm.migrator.up();
  } finally {
    await orm.close(true);
  }
}

/** Answers how many of our migrations have been run. */
async function refuseNewerSchema(client: Client): Promise<number> {
  const table = await client.query<{ there: boolean }>(
    `SELECT to_regclass('mikro_orm_migrations') IS NOT NULL AS there`,
  );
  if (table.rows[0]?.there !== true) return 0;
  const { rows } = await client.query<{ name: string }>('SELECT name FROM mikro_orm_migrations ORDER BY id');
  const unknown = rows.find(({ name }) => !MIGRATIONS.some((known) => known.name === name));
  if (unknown !== undefined) {
    throw new DatabaseError(
      'SCHEMA_NEWER',
      `the database was migrated by a newer gateway (${unknown.name}): run that version or restore a backup`,
    );
  }
  return rows.length;
}

async function createInstallation(client: Client): Promise<void> {
  const prefix = `oq${randomBytes(3).toString('hex')}`;
  await client.query(
    'INSERT INTO installation (id, journal_incarnation, venue_prefix) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [randomUUID(), randomUUID(), prefix],
  );
}
