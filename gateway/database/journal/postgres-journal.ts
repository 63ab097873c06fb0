import type { AccountBatch, AppendResult, Journal } from '../../../core/ports/journal.ts';
import { JournalError } from '../../../core/ports/journal.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { type ConnectionPool, StatementError } from '../connection-pool.ts';
import { appendTables } from './append-tables.ts';
import { GENESIS } from './event-chain.ts';
import { type JournalHead, readEvents, readHead } from './event-reader.ts';

const APPEND = {
  name: 'journal-append',
  text: 'SELECT journal_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS passed',
};

/** Snapshots kept of an account: the last, and one more in case that is bad. */
const KEPT_SNAPSHOTS = 2;

/**
 * The journal in PostgreSQL, under the writer's role: `journal_append` (migrations/0005) is one round
 * trip and one transaction over all accounts of a batch.
 *
 * Per account it remembers where the journal ends (`heads`); the fence compares epoch, sequence and
 * hash, so that an owner whose memory differs from the database writes nothing. What is not surely
 * known is forgotten and read again. After an append whose outcome is unknown, nothing is read before
 * the server's session of that append is gone, so that what is read then is the truth for good.
 */
export function createPostgresJournal(pool: ConnectionPool, log: Telemetry['log']): Journal {
  const heads = new Map<string, JournalHead>();

  async function append(batches: readonly AccountBatch[], signal: AbortSignal): Promise<AppendResult> {
    requireSound(batches);
    if (batches.length === 0) return { committed: [], fenced: [] };
    try {
      await pool.settle(signal);
      await loadMissingHeads(batches, signal);
    } catch (error) {
      // Nothing was sent yet, whatever became of these reads.
      throw new JournalError('NOT_COMMITTED', `nothing was written: ${messageOf(error)}`, { cause: error });
    }
    try {
      return await appendAll(batches, signal);
    } catch (error) {
      for (const { accountId } of batches) heads.delete(accountId);
      if (isOfTheRows(error) && batches.length > 1) return await appendApart(batches, signal);
      throw toJournalError(error);
    }
  }

  async function appendAll(batches: readonly AccountBatch[], signal: AbortSignal): Promise<AppendResult> {
    const { values, hashes } = appendTables(batches, (batch) => heads.get(batch.accountId)?.hash ?? GENESIS);
    const [row] = await pool.query<{ passed: string[] }>({ ...APPEND, values: [...values] }, signal);
    const passed = new Set(row?.passed);
    const committed: string[] = [];
    const fenced: string[] = [];
    for (const { accountId, expectedSeq, events } of batches) {
      const hash = hashes.get(accountId);
      if (passed.has(accountId) && hash !== undefined) {
        heads.set(accountId, { seq: expectedSeq + events.length, hash });
        committed.push(accountId);
      } else {
        heads.delete(accountId);
        fenced.push(accountId);
      }
    }
    return { committed, fenced };
  }

  /** Rows of one account that the database refuses must not stop the others: that account is left out. */
  async function appendApart(batches: readonly AccountBatch[], signal: AbortSignal): Promise<AppendResult> {
    const committed: string[] = [];
    const fenced: string[] = [];
    for (const batch of batches) {
      try {
        await loadMissingHeads([batch], signal);
        const result = await appendAll([batch], signal);
        committed.push(...result.committed);
        fenced.push(...result.fenced);
      } catch (error) {
        heads.delete(batch.accountId);
        // Some accounts may be committed by now, so only a refusal of this one's rows can be told apart.
        if (!isOfTheRows(error)) throw new JournalError('UNKNOWN', messageOf(error), { cause: error });
        log('error', 'the database refuses the rows of an account', {
          accountId: batch.accountId,
          error: messageOf(error),
        });
        fenced.push(batch.accountId);
      }
    }
    return { committed, fenced };
  }

  async function loadMissingHeads(batches: readonly AccountBatch[], signal: AbortSignal): Promise<void> {
    const missing = batches.filter(
      ({ accountId, expectedSeq }) => expectedSeq > 0 && heads.get(accountId)?.seq !== expectedSeq,
    );
    if (missing.length === 0) return;
    const rows = await pool.query<{ account_id: string; seq: number; hash: Buffer }>(
      {
        text: 'SELECT account_id, seq, hash FROM account_head WHERE account_id = ANY ($1)',
        values: [missing.map(({ accountId }) => accountId)],
      },
      signal,
    );
    for (const row of rows) heads.set(row.account_id, { seq: row.seq, hash: row.hash.toString('hex') });
  }

  return {
    append,

    async takeOver(shard, epoch, signal) {
      try {
        await pool.settle(signal);
        const rows = await pool.query<{ account_id: string; seq: number; hash: Buffer }>(
          { text: 'SELECT * FROM journal_take_over($1, $2)', values: [shard, epoch] },
          signal,
        );
        for (const row of rows) heads.set(row.account_id, { seq: row.seq, hash: row.hash.toString('hex') });
        return rows.map((row) => row.account_id).sort();
      } catch (error) {
        throw toJournalError(error);
      }
    },

    async latestSnapshot(accountId, signal) {
      try {
        await pool.settle(signal);
        const [row] = await pool.query<{ seq: number; state: string }>(
          {
            text: 'SELECT seq, state FROM snapshot WHERE account_id = $1 ORDER BY seq DESC LIMIT 1',
            values: [accountId],
          },
          signal,
        );
        return row === undefined ? null : { accountId, seq: row.seq, state: row.state };
      } catch (error) {
        throw toJournalError(error);
      }
    },

    async saveSnapshot({ accountId, seq, state }, epoch, signal) {
      try {
        await pool.query(
          {
            text: `
              WITH saved AS (
                INSERT INTO snapshot (account_id, seq, workspace_id, state)
                  SELECT account_id, $2, workspace_id, $3 FROM account_head WHERE account_id = $1 AND epoch = $4 AND seq >= $2
                ON CONFLICT DO NOTHING RETURNING seq
              )
              DELETE FROM snapshot WHERE account_id = $1 AND EXISTS (SELECT FROM saved) AND seq NOT IN (
                SELECT seq FROM snapshot WHERE account_id = $1 ORDER BY seq DESC LIMIT ${String(KEPT_SNAPSHOTS - 1)})`,
            values: [accountId, seq, state, epoch],
          },
          signal,
        );
      } catch (error) {
        throw toJournalError(error);
      }
    },

    async *read(accountId, afterSeq, signal) {
      try {
        await pool.settle(signal);
        const head = await readHead(pool, accountId, signal);
        if (head !== null) yield* readEvents(pool, accountId, afterSeq, head, signal);
      } catch (error) {
        throw toJournalError(error);
      }
    },
  };
}

function requireSound(batches: readonly AccountBatch[]): void {
  const accounts = new Set<string>();
  for (const { accountId, expectedSeq, events } of batches) {
    if (accounts.has(accountId)) throw new TypeError(`account ${accountId} is twice in one append`);
    accounts.add(accountId);
    const hole = events.findIndex(
      (event, index) => event.seq !== expectedSeq + index + 1 || event.accountId !== accountId,
    );
    if (hole >= 0 || events.length === 0) {
      throw new JournalError(
        'CORRUPT',
        `the batch of account ${accountId} does not go on from event ${String(expectedSeq)}`,
      );
    }
  }
}

/** Data exceptions, broken constraints, raised conditions, limits: the same rows would fail again. */
const isOfTheRows = (error: unknown): boolean =>
  error instanceof StatementError &&
  error.outcome === 'REFUSED' &&
  /^(22|23|54|P0)/.test(error.sqlState ?? '');

function toJournalError(error: unknown): Error {
  if (error instanceof StatementError) {
    const code = error.outcome === 'UNKNOWN' ? 'UNKNOWN' : 'NOT_COMMITTED';
    return new JournalError(code, `the journal could not be reached or refused: ${error.message}`, {
      cause: error,
    });
  }
  return error instanceof Error ? error : new Error(String(error));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
