import type { NotificationSeverity } from '@omniquant/plugin-sdk';

import type { JsonObject } from '../../../core/ports/broker-settings.ts';
import type { ChannelRow } from '../../../core/ports/notification-channels.ts';

/** A channel as the database gives it. */
export interface StoredChannel {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly notifier: string;
  readonly config: string;
  readonly minimum_severity: NotificationSeverity;
  readonly codes: readonly string[] | null;
  readonly every_account: boolean;
  readonly account_ids: readonly string[];
  readonly every_workspace: boolean;
  readonly enabled: boolean;
  readonly created_at: number;
  readonly secret_names: readonly string[];
  readonly delivered: number;
  readonly undelivered: number;
  readonly last_delivered_at: number | null;
  readonly last_failed_at: number | null;
  readonly last_failure: string | null;
  readonly waiting: number;
}

/** Accounts of a channel `c`. */
export const ACCOUNT_IDS =
  'ARRAY(SELECT a.account_id FROM notification_channel_account a WHERE a.channel_id = c.id ORDER BY 1) AS account_ids';

export const CHANNEL_COLUMNS = `c.id, c.workspace_id, c.name, c.notifier, c.config, c.minimum_severity, c.codes,
  c.every_account, c.every_workspace, c.enabled, c.created_at, c.secret_names, c.delivered, c.undelivered,
  c.last_delivered_at, c.last_failed_at, c.last_failure, ${ACCOUNT_IDS},
  (SELECT count(*) FROM notification_delivery d WHERE d.channel_id = c.id AND d.state = 'WAITING') AS waiting`;

export function toChannel(row: StoredChannel): ChannelRow {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    notifier: row.notifier,
    config: JSON.parse(row.config) as JsonObject,
    minimumSeverity: row.minimum_severity,
    codes: row.codes,
    accountIds: row.every_account ? null : row.account_ids,
    everyWorkspace: row.every_workspace,
    enabled: row.enabled,
    createdAt: row.created_at,
    secretNames: row.secret_names,
    delivered: row.delivered,
    undelivered: row.undelivered,
    lastDeliveredAt: row.last_delivered_at,
    lastFailure:
      row.last_failed_at === null ? null : { at: row.last_failed_at, message: row.last_failure ?? '' },
    waiting: row.waiting,
  };
}
