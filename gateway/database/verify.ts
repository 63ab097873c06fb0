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

/** All workspaces that have an audit log, in order. Writer's role. */
export async function workspacesWithAudit(
  pool: ConnectionPool,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rows = await pool.query<{ workspace_id: string }>(
    { text: 'SELECT workspace_id FROM audit_head ORDER BY workspace_id' },
    signal,
  );
  return rows.map((row) => row.workspace_id);
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
    if (rows.length < PAGE) break;
  }
  await requireHead(pool, workspaceId, { sequence, hash: previous }, signal);
  return { entries: sequence, hash: sequence === 0 ? null : previous };
}

/** Entries cut off at the end leave a chain that is sound in itself, but not the head that the last one moved. */
async function requireHead(
  pool: ConnectionPool,
  workspaceId: string,
  last: { readonly sequence: number; readonly hash: string },
  signal: AbortSignal,
): Promise<void> {
  const [head] = await pool.query<{ sequence: number; hash: Buffer }>(
    { text: 'SELECT sequence, hash FROM audit_head WHERE workspace_id = $1', values: [workspaceId] },
    signal,
  );
  // Entries may have been added since the last page was read.
  const cutOff = head === undefined ? last.sequence > 0 : head.sequence < last.sequence;
  const replaced = head?.sequence === last.sequence && head.hash.toString('hex') !== last.hash;
  const [after] = await pool.query<{ sequence: number }>(
    {
      text: 'SELECT sequence FROM audit_entry WHERE workspace_id = $1 AND sequence = $2',
      values: [workspaceId, last.sequence + 1],
    },
    signal,
  );
  const missing = (head?.sequence ?? 0) > last.sequence && after === undefined;
  if (cutOff || replaced || missing) {
    throw new JournalError(
      'CORRUPT',
      `the audit log of workspace ${workspaceId} does not end where its head says`,
    );
  }
}

const auditText = (workspaceId: string, row: AuditRow): string =>
  `{"accountId":${JSON.stringify(row.account_id)},"accountSeq":${JSON.stringify(row.account_seq)}` +
  `,"action":${JSON.stringify(row.action)},"actor":${JSON.stringify(row.actor)},"at":${String(row.at)}` +
  `,"details":${row.details ?? 'null'},"sequence":${String(row.sequence)},"target":${JSON.stringify(row.target)}` +
  `,"workspaceId":${JSON.stringify(workspaceId)}}`;
