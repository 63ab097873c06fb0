import type { ConnectionPool } from '../connection-pool.ts';

const STATEMENT_MS = 15_000;

/** What makes a job somebody's: the one statement of pg-boss that sets this state. */
const CLAIM = /\bSET\s+state = 'active'/;

/**
 * A claim counts what of a workspace is under way, and takes a job when that is below the limit. Two that count in one
 * instant would both find room for one: claims of an installation are made one after the other. The lock comes before the
 * statement, which sees all that was committed when it begins.
 */
const ALONE = `BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(hashtext('backtest claim'))`;

interface QueueRows {
  readonly rows: Record<string, unknown>[];
}

/** Runs a statement of the queue. A text may hold several, among them BEGIN and COMMIT: one connection has all of them. */
export async function queueStatement(
  pool: ConnectionPool,
  text: string,
  values?: unknown[],
): Promise<QueueRows> {
  const client = await pool.connect(AbortSignal.timeout(STATEMENT_MS));
  const ignore = (): void => undefined;
  client.on('error', ignore);
  const isClaim = CLAIM.test(text);
  let isBroken = true;
  try {
    if (isClaim) await client.query(ALONE);
    const result = await client.query<Record<string, unknown>>(text, values);
    if (isClaim) await client.query('COMMIT');
    isBroken = false;
    return result;
  } finally {
    client.off('error', ignore);
    // One that failed in the middle of a transaction is closed, which undoes it.
    client.release(isBroken);
  }
}
