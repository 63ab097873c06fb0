import type { Client } from 'pg';

import { ROLE_NAMES } from '../roles.ts';

/** Where pg-boss, the library that keeps the queue, has its tables. */
export const JOB_QUEUE_SCHEMA = 'pgboss';
/** Of the version of pg-boss in package.json. */
export const JOB_QUEUE_VERSION = 46;
export const BACKTEST_QUEUE = 'backtest';

/*
 * Requests add jobs and see nothing of others but ids. The writer, which is no request's, takes jobs and looks after the
 * queue. A job names its backtest and no more: whose it is and what it does is in a table with row-level security.
 */
const GRANTS = `
GRANT USAGE ON SCHEMA ${JOB_QUEUE_SCHEMA} TO ${ROLE_NAMES.app}, ${ROLE_NAMES.writer};
GRANT SELECT ON ${JOB_QUEUE_SCHEMA}.queue TO ${ROLE_NAMES.app};
GRANT INSERT, SELECT (id) ON ${JOB_QUEUE_SCHEMA}.job_common TO ${ROLE_NAMES.app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${JOB_QUEUE_SCHEMA} TO ${ROLE_NAMES.writer};
`;

/** Makes or renews the tables of the queue as the owner of the schema, or finds them as they are to be. */
export async function installJobQueue(owner: Client): Promise<void> {
  if ((await versionOf(owner)) === JOB_QUEUE_VERSION) return;
  // It takes its time to load: not for a gateway that finds everything in place.
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    db: { executeSql: (text, values) => owner.query(text, values) },
    schema: JOB_QUEUE_SCHEMA,
    migrate: true,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  const failures: Error[] = [];
  boss.on('error', (error) => failures.push(error));
  await boss.start();
  await boss.createQueue(BACKTEST_QUEUE);
  await boss.stop({ graceful: false });
  if (failures[0] !== undefined) throw failures[0];
  await owner.query(GRANTS);
}

async function versionOf(owner: Client): Promise<number | null> {
  const { rows } = await owner.query<{ there: boolean }>(
    `SELECT to_regclass('${JOB_QUEUE_SCHEMA}.queue') IS NOT NULL AS there`,
  );
  if (rows[0]?.there !== true) return null;
  const found = await owner.query<{ version: number }>(
    `SELECT version FROM ${JOB_QUEUE_SCHEMA}.version WHERE EXISTS
       (SELECT FROM ${JOB_QUEUE_SCHEMA}.queue WHERE name = '${BACKTEST_QUEUE}')`,
  );
  return found.rows[0]?.version ?? null;
}
