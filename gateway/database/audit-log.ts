import { canonicalJson } from '../../core/engine/canonical-json.ts';
import type { AuditLog } from '../../core/ports/audit-log.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { safeText } from './journal/text-table.ts';
import { type WorkspaceTransaction, writeInWorkspace } from './workspace-transaction.ts';

export interface AuditFields {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
}

/**
 * Adds an entry to the chain of the transaction's workspace. Call it last: until the transaction ends,
 * nobody else adds to this chain, the journal included.
 */
export async function appendAudit(transaction: WorkspaceTransaction, fields: AuditFields): Promise<void> {
  const { at, actor, action, target, details } = fields;
  await transaction.query({
    name: 'audit-append',
    text: 'SELECT append_audit(NULL, $1, $2, $3, $4, $5)',
    values: [
      at,
      safeText(actor),
      safeText(action),
      safeText(target),
      details === null ? null : canonicalJson(details),
    ],
  });
}

/** The audit log for what happens outside of journals, under the app's role. */
export function createPostgresAuditLog(pool: ConnectionPool): AuditLog {
  return {
    async append(record, signal) {
      const { workspaceId } = record;
      await writeInWorkspace(pool, workspaceId, signal, (transaction) => appendAudit(transaction, record));
    },
  };
}
