import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Client } from 'pg';

import type { Config } from '../config.ts';
import { type ConnectionPool, createConnectionPool } from './connection-pool.ts';
import { DatabaseError, unavailable } from './database-error.ts';
import { joinEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { checkSchema } from './migrations/migrate.ts';
import { derivedUrl } from './roles.ts';

const TIMEOUT_MS = 30_000;

export interface Workspace {
  readonly id: string;
  readonly name: string;
}

/** The database of gateways for a command that reads beside them, or while none runs. */
export interface ReadDatabase {
  /** Under row-level security of one workspace a transaction. */
  readonly app: ConnectionPool;
  /** The oldest first, which is that of the installation's operator. */
  readonly workspaces: readonly Workspace[];
  close(): Promise<void>;
}

interface Urls {
  readonly owner: string;
  readonly app: string;
  close(): Promise<void>;
}

/**
 * Connects to DATABASE_URL, else to the embedded PostgreSQL of the gateway that runs on DATA_DIR; where none runs it is
 * started until `close`, and no gateway can start on it meanwhile. Changes nothing. Throws DatabaseError, SCHEMA_NOT_READY
 * for a schema that is not the one of this code.
 */
export async function openForReading(config: Config, signal: AbortSignal): Promise<ReadDatabase> {
  const urls = await findUrls(config, signal);
  try {
    const workspaces = await workspacesOf(urls.owner);
    const app = createConnectionPool({
      ...{ url: urls.app, name: 'omniquant-command', max: 4, log: () => undefined },
      ...{ statementTimeoutMs: TIMEOUT_MS, lockTimeoutMs: TIMEOUT_MS },
    });
    return {
      ...{ app, workspaces },
      async close() {
        await app.close();
        await urls.close();
      },
    };
  } catch (error) {
    await urls.close();
    throw error;
  }
}

async function findUrls(config: Config, signal: AbortSignal): Promise<Urls> {
  const owner = config.DATABASE_URL;
  if (owner !== undefined) {
    const app = config.DATABASE_APP_URL ?? derivedUrl(owner, 'app');
    return { owner, app, close: () => Promise.resolve() };
  }
  const dataDir = resolve(config.DATA_DIR);
  if (!existsSync(join(dataDir, 'database.json'))) {
    throw new DatabaseError(
      'EMBEDDED_POSTGRES',
      `no gateway has ever run on DATA_DIR ${dataDir}: set that of the gateway, or DATABASE_URL`,
    );
  }
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, signal }).catch(
    (error: unknown) => {
      if (error instanceof DatabaseError && error.code === 'DATA_DIR_IN_USE') {
        return joinEmbeddedPostgres(dataDir);
      }
      throw error;
    },
  );
  return { owner: postgres.url('owner'), app: postgres.url('app'), close: () => postgres.close() };
}

async function workspacesOf(ownerUrl: string): Promise<readonly Workspace[]> {
  const client = new Client({
    connectionString: ownerUrl,
    ...{ connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await checkSchema(client);
    return (await client.query<Workspace>('SELECT id, name FROM workspace ORDER BY created_at, id')).rows;
  } catch (error) {
    throw error instanceof DatabaseError ? error : unavailable('the workspaces', error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
