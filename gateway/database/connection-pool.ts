import { randomUUID } from 'node:crypto';

import {
  DatabaseError as ServerError,
  Pool,
  type PoolClient,
  type QueryConfig,
  type QueryResultRow,
  TypeOverrides,
  types,
} from 'pg';

import type { Telemetry } from '../../core/ports/telemetry.ts';

/**
 * What became of a statement that failed. `NOT_SENT`: the server never saw it. `REFUSED`: the server
 * said that it failed, so that its transaction was undone. `UNKNOWN`: the connection was lost, or we
 * gave up, while the server may have been at it.
 */
export type StatementOutcome = 'NOT_SENT' | 'REFUSED' | 'UNKNOWN';

export class StatementError extends Error {
  readonly code = 'STATEMENT_FAILED';
  readonly outcome: StatementOutcome;
  /** SQLSTATE where the server answered. */
  readonly sqlState: string | null;

  constructor(outcome: StatementOutcome, sqlState: string | null, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'StatementError';
    this.outcome = outcome;
    this.sqlState = sqlState;
  }
}

export interface ConnectionPool {
  /** One statement, a transaction of its own. Rejects with StatementError; an abort rejects at once. */
  query<R extends QueryResultRow>(statement: QueryConfig, signal: AbortSignal): Promise<readonly R[]>;
  /** A connection for several statements; give it back with `release`, with true to have it closed. */
  connect(signal: AbortSignal): Promise<PoolClient>;
  /**
   * Makes sure that no statement whose outcome is unknown is still being worked on: ends the server's
   * sessions of lost connections and waits until they are gone. After it, what a read shows stays.
   */
  settle(signal: AbortSignal): Promise<void>;
  /** Waits for statements under way, then takes connections from whoever still keeps one. */
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  readonly max: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly log: Telemetry['log'];
}

const CONNECT_TIMEOUT_MS = 5_000;
const SETTLE_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 3_000;

/** bigint columns hold times and sequences, which are safe integers. */
const BIGINT: number = types.builtins.INT8;
const typeParsers = new TypeOverrides();
typeParsers.setTypeParser(BIGINT, Number);

export function createConnectionPool(options: PoolOptions): ConnectionPool {
  const applicationName = `${options.name}-${randomUUID().slice(0, 8)}`;
  const pool = new Pool({
    connectionString: options.url,
    application_name: applicationName,
    max: options.max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 0,
    keepAlive: true,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    types: typeParsers,
  });
  const inUse = new Set<PoolClient>();
  pool.on('acquire', (client) => void inUse.add(client));
  pool.on('release', (_error, client) => void inUse.delete(client));
  /** Server processes of connections that were lost during a statement. */
  const lost = new Set<number>();
  // Without a listener a dying server would take the process along.
  pool.on('error', (error) => {
    // While the pool closes, the server may be stopped before it has heard of every connection's end.
    if (pool.ending) return;
    options.log('warn', 'an idle database connection was lost', { pool: options.name, error: error.message });
  });

  async function connect(signal: AbortSignal): Promise<PoolClient> {
    if (signal.aborted) throw new StatementError('NOT_SENT', null, signal.reason);
    const abort = abortion(signal);
    const connecting = pool.connect();
    try {
      return await Promise.race([connecting, abort.promise]);
    } catch (error) {
      // One that arrives when nobody waits any more goes back.
      connecting.then((late) => late.release()).catch(() => undefined);
      throw new StatementError('NOT_SENT', sqlStateOf(error), error);
    } finally {
      abort.stop();
    }
  }

  async function query<R extends QueryResultRow>(
    statement: QueryConfig,
    signal: AbortSignal,
  ): Promise<readonly R[]> {
    const client = await connect(signal);
    const abort = abortion(signal);
    // An error event of a checked-out client is also the rejection of its query.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    const release = (broken: boolean): void => {
      client.off('error', ignore);
      client.release(broken);
    };
    try {
      const result = await Promise.race([client.query<R>(statement), abort.promise]);
      release(false);
      return result.rows;
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === 'UNKNOWN') {
        lost.add((client as unknown as { processID: number }).processID);
      }
      release(outcome === 'UNKNOWN');
      throw new StatementError(outcome, sqlStateOf(error), error);
    } finally {
      abort.stop();
    }
  }

  return {
    query,
    connect,
    async settle(signal) {
      if (lost.size === 0) return;
      const pids = [...lost];
      const rows = await query<{ gone: boolean }>(
        {
          text: `SELECT pg_terminate_backend(pid, ${String(SETTLE_TIMEOUT_MS)}) AS gone
                   FROM pg_stat_activity WHERE pid = ANY ($1) AND application_name = $2`,
          values: [pids, applicationName],
        },
        signal,
      );
      if (rows.some(({ gone }) => !gone)) {
        throw new StatementError('REFUSED', null, new Error('a lost session is still at work'));
      }
      for (const pid of pids) lost.delete(pid);
    },
    async close() {
      const ended = pool.end();
      const timer = setTimeout(() => {
        for (const client of inUse) client.release(true);
      }, CLOSE_TIMEOUT_MS);
      try {
        await ended;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function abortion(signal: AbortSignal): { readonly promise: Promise<never>; stop(): void } {
  let listener = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    listener = () => {
      reject(new Error('gave up waiting for the database', { cause: signal.reason }));
    };
    signal.addEventListener('abort', listener, { once: true });
  });
  promise.catch(() => undefined);
  return { promise, stop: () => signal.removeEventListener('abort', listener) };
}

const sqlStateOf = (error: unknown): string | null =>
  error instanceof ServerError ? (error.code ?? null) : null;

/** A session ended by FATAL may have committed before; an ERROR has undone its transaction. */
function outcomeOf(error: unknown): StatementOutcome {
  return error instanceof ServerError && error.severity === 'ERROR' ? 'REFUSED' : 'UNKNOWN';
}
