import type { JournaledEvent } from '../../../core/engine/account-event.ts';
import { JournalError } from '../../../core/ports/journal.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { chainHash, GENESIS } from './event-chain.ts';
import { EVENT_COLUMNS, type EventRow, toEvent } from './event-row.ts';

interface ChainedRow extends EventRow {
  readonly hash: Buffer;
}

export interface JournalHead {
  readonly seq: number;
  readonly hash: string;
}

const PAGE_ROWS = 2_000;

const PAGE_QUERY = `
  SELECT ${EVENT_COLUMNS}, hash
    FROM journal_event WHERE account_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT ${String(PAGE_ROWS)}`;

/** The end of an account's journal as its fence has it, or null when there is no such account. */
export async function readHead(
  pool: ConnectionPool,
  accountId: string,
  signal: AbortSignal,
): Promise<JournalHead | null> {
  const [row] = await pool.query<{ seq: number; hash: Buffer }>(
    {
      name: 'journal-head',
      text: 'SELECT seq, hash FROM account_head WHERE account_id = $1',
      values: [accountId],
    },
    signal,
  );
  return row === undefined ? null : { seq: row.seq, hash: row.hash.toString('hex') };
}

/**
 * Events after a sequence up to `head`, in pages, the next one being fetched while one is worked on.
 * Each is checked against the hash before it and the last against the head, so that a hole, a change
 * and a missing end are found: JournalError CORRUPT. NEWER_SCHEMA for events of a newer gateway.
 */
export async function* readEvents(
  pool: ConnectionPool,
  accountId: string,
  afterSeq: number,
  head: JournalHead,
  signal: AbortSignal,
): AsyncGenerator<readonly JournaledEvent[]> {
  let at: JournalHead = { seq: afterSeq, hash: await hashAt(pool, accountId, afterSeq, signal) };
  const fetch = (after: number): Promise<readonly ChainedRow[]> => {
    const page =
      after < head.seq
        ? pool.query<ChainedRow>(
            { name: 'journal-page', text: PAGE_QUERY, values: [accountId, after, head.seq] },
            signal,
          )
        : Promise.resolve([]);
    // Whoever reads no further waits for no page: its failure is nobody's then.
    page.catch(() => undefined);
    return page;
  };
  let next = fetch(afterSeq);
  while (at.seq < head.seq) {
    const rows = await next;
    const last = rows.at(-1);
    if (last === undefined) {
      throw corrupt(accountId, at.seq + 1, 'is missing');
    }
    next = fetch(last.seq);
    const page: JournaledEvent[] = [];
    for (const row of rows) {
      page.push(checked(accountId, row, at));
      at = { seq: row.seq, hash: row.hash.toString('hex') };
    }
    yield page;
  }
  if (at.hash !== head.hash) {
    throw corrupt(accountId, at.seq, 'is not what the head was moved to');
  }
}

function checked(accountId: string, row: ChainedRow, before: JournalHead): JournaledEvent {
  if (row.seq !== before.seq + 1) {
    throw corrupt(accountId, before.seq + 1, 'is missing');
  }
  const event = toEvent(accountId, row);
  if (chainHash(before.hash, event, row.payload) !== row.hash.toString('hex')) {
    throw corrupt(accountId, row.seq, 'or the one before it was changed');
  }
  return event;
}

async function hashAt(
  pool: ConnectionPool,
  accountId: string,
  seq: number,
  signal: AbortSignal,
): Promise<string> {
  if (seq === 0) return GENESIS;
  const [row] = await pool.query<{ hash: Buffer }>(
    {
      name: 'journal-hash',
      text: 'SELECT hash FROM journal_event WHERE account_id = $1 AND seq = $2',
      values: [accountId, seq],
    },
    signal,
  );
  if (row === undefined) throw corrupt(accountId, seq, 'is missing');
  return row.hash.toString('hex');
}

function corrupt(accountId: string, seq: number, what: string): JournalError {
  return new JournalError(
    'CORRUPT',
    `event ${String(seq)} of account ${accountId} ${what}: restore the journal from a backup`,
  );
}
