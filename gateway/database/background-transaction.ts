import type { PoolClient } from 'pg';

import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';

/** Several statements on `what` as one transaction, in the rights of the pool's role. Rejects with DatabaseError. */
export async function inTransaction<T>(
  pool: ConnectionPool,
  what: string,
  signal: AbortSignal,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  let client: PoolClient | null = null;
  let isBroken = true;
  const ignore = (): void => undefined;
  try {
    client = await pool.connect(signal);
    client.on('error', ignore);
    await client.query('BEGIN');
    const result = await work(client);
    signal.throwIfAborted();
    await client.query('COMMIT');
    isBroken = false;
    return result;
  } catch (cause) {
    throw unavailable(what, cause);
  } finally {
    client?.off('error', ignore);
    // One that is closed in the middle is undone by the server.
    client?.release(isBroken);
  }
}
