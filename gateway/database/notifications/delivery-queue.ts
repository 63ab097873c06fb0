import type { NotificationSeverity } from '@omniquant/plugin-sdk';
import type { PoolClient } from 'pg';

import type { ChannelQueue, QueuedDelivery } from '../../../core/notifications/condense.ts';
import type { DeliveryContent } from '../../../core/notifications/summary.ts';

interface StoredQueued {
  readonly notification_id: string;
  readonly code: string;
  readonly severity: NotificationSeverity;
  readonly account_id: string | null;
  readonly content: string;
  readonly created_at: number;
  readonly next_attempt_at: number;
  readonly open: boolean;
}

/** What a channel has had since then. Open ones are locked: none is sent while it is being added to. */
export async function readQueues(
  client: PoolClient,
  channelId: string,
  since: number,
): Promise<ChannelQueue> {
  const { rows } = await client.query<StoredQueued>(
    `SELECT notification_id, code, severity, account_id, content, created_at, next_attempt_at, open
       FROM notification_delivery
      WHERE channel_id = $1 AND (created_at > $2 OR (state = 'WAITING' AND open)) ORDER BY position FOR UPDATE`,
    [channelId, since],
  );
  const { rows: counts } = await client.query<{ waiting: number }>(
    `SELECT count(*) AS waiting FROM notification_delivery WHERE channel_id = $1 AND state = 'WAITING'`,
    [channelId],
  );
  return { recent: rows.map(toQueued), waiting: counts[0]?.waiting ?? 0 };
}

export async function addDeliveries(
  client: PoolClient,
  channel: { readonly channelId: string; readonly workspaceId: string },
  added: readonly QueuedDelivery[],
): Promise<void> {
  for (const delivery of added) {
    const { accountId, code, createdAt, id, isOpen, nextAttemptAt, severity } = delivery;
    await client.query({
      name: 'notification-add',
      text: `INSERT INTO notification_delivery (channel_id, notification_id, workspace_id, state, code, severity,
               account_id, content, alerts, open, created_at, next_attempt_at)
             VALUES ($1, $2, $3, 'WAITING', $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
      values: [
        ...[channel.channelId, id, channel.workspaceId, code, severity, accountId],
        ...[JSON.stringify(delivery.content), alertsIn(delivery), isOpen, createdAt, nextAttemptAt],
      ],
    });
  }
}

export async function growDeliveries(
  client: PoolClient,
  channelId: string,
  grown: readonly QueuedDelivery[],
): Promise<void> {
  for (const delivery of grown) {
    await client.query({
      name: 'notification-grow',
      text: `UPDATE notification_delivery SET content = $3, alerts = $4
              WHERE channel_id = $1 AND notification_id = $2`,
      values: [channelId, delivery.id, JSON.stringify(delivery.content), alertsIn(delivery)],
    });
  }
}

const alertsIn = ({ content }: QueuedDelivery): number => content.summary?.count ?? 1;

const toQueued = (row: StoredQueued): QueuedDelivery => ({
  id: row.notification_id,
  code: row.code,
  severity: row.severity,
  accountId: row.account_id,
  content: JSON.parse(row.content) as DeliveryContent,
  createdAt: row.created_at,
  nextAttemptAt: row.next_attempt_at,
  isOpen: row.open,
});
