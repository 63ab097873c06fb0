import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';

import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';

/** Statements of one workspace in one transaction, under the app's role and row-level security. */
export interface WorkspaceTransaction {
  /** Statements run one after the other, also when they are asked for at the same time. */
  query<R extends QueryResultRow>(statement: QueryConfig): Promise<readonly R[]>;
  /** Ends it, if it began; safe to repeat. A transaction in which a statement failed is undone, and this rejects. */
  commit(): Promise<void>;
  /** Undoes it, if it began; safe to repeat; never rejects. */
  rollback(): Promise<void>;
}

/**
 * Begins with its first statement; the workspace is set in the same message as BEGIN, so that no
 * statement can run without one. An abort of `signal` closes the connection. Reads see one state of
 * the database from the first to the last. Rejects with DatabaseError.
 */
export function openWorkspaceTransaction(
  pool: ConnectionPool,
  scope: {
    readonly workspaceId: string;
    readonly userId?: string;
    readonly mode: 'READ ONLY' | 'READ WRITE';
  },
  signal: AbortSignal,
): WorkspaceTransaction {
  let client: Promise<PoolClient> | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let ended = false;
  let failed: unknown = null;

  async function begin(): Promise<PoolClient> {
    const opened = await pool.connect(signal);
    opened.on('error', ignore);
    // A client that is released with an error closes its connection, and its queries reject.
    signal.addEventListener('abort', abandon, { once: true });
    try {
      await opened.query(beginText(opened, scope));
      return opened;
    } catch (error) {
      giveBack(opened, true);
      throw error;
    }
  }

  function abandon(): void {
    ended = true;
    failed ??= signal.reason;
    void client?.then((opened) => giveBack(opened, true)).catch(ignore);
    client = null;
  }

  function giveBack(opened: PoolClient, broken: boolean): void {
    signal.removeEventListener('abort', abandon);
    opened.off('error', ignore);
    opened.release(broken);
  }

  async function end(statement: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    await queue.catch(ignore);
    ended = true;
    const opening = client;
    client = null;
    if (opening === null) return;
    const opened = await opening;
    try {
      await opened.query(failed === null ? statement : 'ROLLBACK');
      giveBack(opened, false);
    } catch (error) {
      giveBack(opened, true);
      throw error;
    }
  }

  return {
    query<R extends QueryResultRow>(statement: QueryConfig): Promise<readonly R[]> {
      const result = queue.then(async () => {
        if (ended) throw unavailable('the transaction has ended: the data', failed);
        client ??= begin();
        try {
          return (await (await client).query<R>(statement)).rows;
        } catch (error) {
          failed ??= error;
          throw unavailable('the data', error);
        }
      });
      queue = result.catch(ignore);
      return result;
    },

    async commit() {
      try {
        await end('COMMIT');
      } catch (error) {
        throw unavailable('the transaction', error);
      }
      if (failed !== null) throw unavailable('the transaction', failed);
    },

    async rollback() {
      await end('ROLLBACK').catch(ignore);
    },
  };
}

const ignore = (): void => undefined;

function beginText(
  client: PoolClient,
  scope: { readonly workspaceId: string; readonly userId?: string; readonly mode: string },
): string {
  const isolation = scope.mode === 'READ ONLY' ? 'ISOLATION LEVEL REPEATABLE READ READ ONLY' : 'READ WRITE';
  const user =
    scope.userId === undefined ? '' : `; SET LOCAL app.user = ${client.escapeLiteral(scope.userId)}`;
  return `BEGIN ${isolation}; SET LOCAL app.workspace = ${client.escapeLiteral(scope.workspaceId)}${user}`;
}

/** Work of a workspace in one transaction, which is undone when it rejects. */
async function inWorkspace<T>(
  pool: ConnectionPool,
  scope: { readonly workspaceId: string; readonly mode: 'READ ONLY' | 'READ WRITE' },
  signal: AbortSignal,
  work: (transaction: WorkspaceTransaction) => Promise<T>,
): Promise<T> {
  const transaction = openWorkspaceTransaction(pool, scope, signal);
  try {
    const result = await work(transaction);
    await transaction.commit();
    return result;
  } finally {
    await transaction.rollback();
  }
}

/** What is read of a workspace together, in one state of the database. */
export const readInWorkspace = <T>(
  pool: ConnectionPool,
  workspaceId: string,
  signal: AbortSignal,
  work: (transaction: WorkspaceTransaction) => Promise<T>,
): Promise<T> => inWorkspace(pool, { workspaceId, mode: 'READ ONLY' }, signal, work);

/** What changes a workspace, whole or not at all. */
export const writeInWorkspace = <T>(
  pool: ConnectionPool,
  workspaceId: string,
  signal: AbortSignal,
  work: (transaction: WorkspaceTransaction) => Promise<T>,
): Promise<T> => inWorkspace(pool, { workspaceId, mode: 'READ WRITE' }, signal, work);
