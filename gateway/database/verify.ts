import { hash } from 'node:crypto';

import { JournalError } from '../../core/ports/journal.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { readEvents, readHead } from './journal/event-reader.ts';

export interface VerifiedChain {
  readonly entries: number;
  /** Of the last entry; null where there is none. */
  readonly hash: string | null;
}

/**
 * Reads the whole journal of an account and checks numbering, every hash and the head, for `omniquant
 * journal verify`. Throws JournalError CORRUPT at the first thing wrong. Writer's role.
 */
export async function verifyJournal(
  pool: ConnectionPool,
  accountId: string,
  signal: AbortSignal,
): Promise<VerifiedChain> {
  const head = await readHead(pool, accountId, signal);
  if (head === null) return { entries: 0, hash: null };
  let entries = 0;
  for await (const page of readEvents(pool, accountId, 0, head, signal)) entries += page.length;
  return { entries, hash: head.hash };
}

/** All accounts that have a journal, in order. Writer's role. */
export async function accountsWithJournal(
  pool: ConnectionPool,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rows = await pool.query<{ account_id: string }>(
    { text: 'SELECT account_id FROM account_head ORDER BY account_id' },
    signal,
  );
  return rows.map((row) => row.account_id);
}

interface AuditRow {
  readonly sequence: number;
  readonly account_id: string | null;
  readonly account_seq: number | null;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly details: string | null;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

const PAGE = 1_000;

/** As {@link verifyJournal}, for the audit chain of a workspace; the hashed text is that of audit_chain. */
export async function verifyAudit(
  pool: ConnectionPool,
  workspaceId: string,
  signal: AbortSignal,
): Promise<VerifiedChain> {
  let sequence = 0;
  let previous = '0'.repeat(64);
  for (;;) {
    const rows = await pool.query<AuditRow>(
      {
        text: `SELECT sequence, account_id, account_seq, at, actor, action, target, details, previous_hash, hash
                 FROM audit_entry WHERE workspace_id = $1 AND sequence > $2 ORDER BY sequence LIMIT ${String(PAGE)}`,
        values: [workspaceId, sequence],
      },
      signal,
    );
    for (const row of rows) {
      const intact =
        row.sequence === sequence + 1 &&
        row.previous_hash.toString('hex') === previous &&
        row.hash.toString('hex') === hash('sha256', previous + auditText(workspaceId, row), 'hex');
      if (!intact) {
        throw new JournalError(
          'CORRUPT',
          `audit entry ${String(sequence + 1)} of workspace ${workspaceId} is missing or changed`,
        );
      }
      sequence = row.sequence;
      previous = row.hash.toString('hex');
    }
    if (rows.length < PAGE) return { entries: sequence, hash: sequence === 0 ? null : previous };
  }
}

const auditText = (workspaceId: string, row: AuditRow): string =>
  `{"accountId":${JSON.stringify(row.account_id)},"accountSeq":${JSON.stringify(row.account_seq)}` +
  `,"action":${JSON.stringify(row.action)},"actor":${JSON.stringify(row.actor)},"at":${String(row.at)}` +
  `,"details":${row.details ?? 'null'},"sequence":${String(row.sequence)},"target":${JSON.stringify(row.target)}` +
  `,"workspaceId":${JSON.stringify(workspaceId)}}`;
