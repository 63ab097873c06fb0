import type { NotificationSeverity } from '@omniquant/plugin-sdk';

import { type DeliveryContent, toSent } from '../../../core/notifications/summary.ts';
import type { UndeliveredRow } from '../../../core/ports/notification-channels.ts';
import type { WorkspaceTransaction } from '../workspace-transaction.ts';

interface StoredUndelivered {
  readonly notification_id: string;
  readonly state: UndeliveredRow['state'];
  readonly code: string;
  readonly severity: NotificationSeverity;
  readonly content: string;
  readonly alerts: number;
  readonly settled_at: number;
  readonly failure: string | null;
}

/** What a channel's receiver rejected, or did not take in time; the newest first. */
export async function readUndelivered(
  transaction: WorkspaceTransaction,
  channelId: string,
  first: number,
): Promise<readonly UndeliveredRow[]> {
  const rows = await transaction.query<StoredUndelivered>({
    text: `SELECT notification_id, state, code, severity, content, alerts, settled_at, failure
             FROM notification_delivery WHERE channel_id = $1 AND state IN ('REJECTED', 'GIVEN_UP')
            ORDER BY settled_at DESC, position DESC LIMIT $2`,
    values: [channelId, first],
  });
  return rows.map(({ notification_id: id, content, failure, settled_at: at, ...row }) => ({
    ...row,
    id,
    at,
    title: toSent(id, JSON.parse(content) as DeliveryContent).title,
    failure: failure ?? '',
  }));
}
