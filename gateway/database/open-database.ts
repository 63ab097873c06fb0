import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { Config } from '../config.ts';
import { type ConnectionPool, createConnectionPool } from './connection-pool.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { type IdentityDatabase, openIdentityDatabase } from './identity/identity-database.ts';
import { migrate } from './migrations/migrate.ts';
import { derivedUrl } from './roles.ts';

const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 5_000;

/** The gateway's database: pools of its roles, migrated and ready. */
export interface Database {
  /** Answers requests, under row-level security of one workspace a transaction. */
  readonly app: ConnectionPool;
  /** Writes the journal; never answers a request. */
  readonly writer: ConnectionPool;
  /** As `writer`, for what may wait: no commit of a journal waits for a connection that this has. */
  readonly background: ConnectionPool;
  readonly identity: IdentityDatabase;
  /** Where PostgreSQL has its data, if it is the embedded one. */
  readonly folder: string | null;
  close(): Promise<void>;
}

interface Urls {
  readonly owner: string;
  readonly app: string;
  readonly writer: string;
  readonly deriveRoles: boolean;
  readonly folder: string | null;
  close(): Promise<void>;
}

/** Starts the embedded PostgreSQL or uses the one of DATABASE_URL; migrates it. Throws DatabaseError. */
export async function openDatabase(
  config: Config,
  log: Telemetry['log'],
  signal: AbortSignal,
): Promise<Database> {
  const urls = await findUrls(config, log, signal);
  const opened: { close(): Promise<void> }[] = [urls];
  try {
    await migrate(urls.owner, { deriveRoles: urls.deriveRoles, signal });
    const pool = (url: string, name: string, max: number): ConnectionPool => {
      const made = createConnectionPool({
        url,
        name,
        max,
        statementTimeoutMs: STATEMENT_TIMEOUT_MS,
        lockTimeoutMs: LOCK_TIMEOUT_MS,
        log,
      });
      opened.push(made);
      return made;
    };
    const app = pool(urls.app, 'omniquant-app', 10);
    const writer = pool(urls.writer, 'omniquant-writer', 8);
    const background = pool(urls.writer, 'omniquant-background', 3);
    const identity = await openIdentityDatabase({
      url: urls.app,
      maxConnections: 5,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      log,
    });
    opened.push(identity);
    return {
      app,
      writer,
      background,
      identity,
      folder: urls.folder,
      close: () => closeInReverse(opened),
    };
  } catch (error) {
    await closeInReverse(opened).catch(() => undefined);
    throw error;
  }
}

async function findUrls(config: Config, log: Telemetry['log'], signal: AbortSignal): Promise<Urls> {
  if (config.DATABASE_URL !== undefined) {
    const owner = config.DATABASE_URL;
    return {
      owner,
      app: config.DATABASE_APP_URL ?? derivedUrl(owner, 'app'),
      writer: config.DATABASE_WRITER_URL ?? derivedUrl(owner, 'writer'),
      deriveRoles: config.DATABASE_APP_URL === undefined && config.DATABASE_WRITER_URL === undefined,
      folder: null,
      close: () => Promise.resolve(),
    };
  }
  const postgres = await startEmbeddedPostgres({ dataDir: config.DATA_DIR, log, signal });
  return {
    owner: postgres.url('owner'),
    app: postgres.url('app'),
    writer: postgres.url('writer'),
    deriveRoles: false,
    folder: postgres.folder,
    close: () => postgres.close(),
  };
}

async function closeInReverse(opened: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const each of opened.toReversed()) {
    await each.close();
  }
}
