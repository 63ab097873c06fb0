import type { OrderReader } from '../../../core/ports/order-reader.ts';
import type { AlertRow, AuditRow } from '../../../core/ports/read-model.ts';
import type { WorkspaceTransaction } from '../workspace-transaction.ts';
import { Conditions, toPage } from './page.ts';

interface StoredAlert {
  readonly seq: number;
  readonly at: number;
  readonly recorded_at: number;
  readonly severity: AlertRow['severity'];
  readonly code: string;
  readonly message: string;
}

interface StoredAudit {
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

const ALERTS = 'SELECT seq, at, recorded_at, severity, code, message FROM risk_alert WHERE account_id = $1';

export function createAlertReads(
  transaction: WorkspaceTransaction,
): Pick<OrderReader, 'alerts' | 'alertsAfter' | 'audits'> {
  return {
    async alerts(accountId, first, beforeSeq) {
      const rows = await transaction.query<StoredAlert>({
        name: 'reader-alerts',
        text: `${ALERTS} AND seq < $2 ORDER BY seq DESC LIMIT $3`,
        values: [accountId, beforeSeq ?? Number.MAX_SAFE_INTEGER, first + 1],
      });
      return toPage(rows, first, toAlert);
    },

    async alertsAfter(accountId, afterSeq, first) {
      const rows = await transaction.query<StoredAlert>({
        name: 'reader-alerts-after',
        text: `${ALERTS} AND seq > $2 ORDER BY seq LIMIT $3`,
        values: [accountId, afterSeq, first],
      });
      return rows.map(toAlert);
    },

    async audits(accountId, first, beforeSequence) {
      const conditions = new Conditions()
        .add('account_id = ?', accountId)
        .add('sequence < ?', beforeSequence ?? String(Number.MAX_SAFE_INTEGER));
      const rows = await transaction.query<StoredAudit>({
        text: `SELECT sequence, account_id, account_seq, at, actor, action, target, details, previous_hash, hash
                 FROM audit_entry WHERE ${conditions.text} ORDER BY sequence DESC LIMIT ${conditions.parameter(first + 1)}`,
        values: conditions.values,
      });
      return toPage(rows, first, toAudit);
    },
  };
}

const toAlert = (row: StoredAlert): AlertRow => ({
  seq: row.seq,
  at: row.at,
  recordedAt: row.recorded_at,
  severity: row.severity,
  code: row.code,
  message: row.message,
});

const toAudit = (
  row: StoredAudit,
): AuditRow & { sequence: string; hash: string; previousHash: string; accountId: string | null } => ({
  seq: row.account_seq ?? 0,
  at: row.at,
  actor: row.actor,
  action: row.action,
  target: row.target,
  details: row.details === null ? null : (JSON.parse(row.details) as Record<string, unknown>),
  accountId: row.account_id,
  sequence: String(row.sequence),
  hash: row.hash.toString('hex'),
  previousHash: row.previous_hash.toString('hex'),
});
