import type { AuditAction } from '../../../core/ports/audit-log.ts';
import type {
  ChannelChange,
  ChannelSettings,
  NotificationChannels,
  Secrets,
} from '../../../core/ports/notification-channels.ts';
import type { Sealer } from '../../auth/sealed-secret.ts';
import { appendAudit } from '../audit-log.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { readInWorkspace, type WorkspaceTransaction, writeInWorkspace } from '../workspace-transaction.ts';
import { CHANNEL_COLUMNS, type StoredChannel, toChannel } from './channel-rows.ts';
import { sealSecrets } from './channel-secrets.ts';
import { readUndelivered } from './undelivered.ts';

/** Channels under the app's role: each call is a transaction of one workspace. */
export function createNotificationChannels(pool: ConnectionPool, sealer: Sealer): NotificationChannels {
  return {
    list: (workspaceId, signal) =>
      readInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const text = `SELECT ${CHANNEL_COLUMNS} FROM notification_channel c ORDER BY c.created_at, c.id`;
        return (await transaction.query<StoredChannel>({ text })).map(toChannel);
      }),

    find: (workspaceId, id, signal) =>
      readInWorkspace(pool, workspaceId, signal, async (transaction) => {
        const text = `SELECT ${CHANNEL_COLUMNS} FROM notification_channel c WHERE c.id = $1`;
        const [row] = await transaction.query<StoredChannel>({ text, values: [id] });
        return row === undefined ? null : toChannel(row);
      }),

    undelivered: (workspaceId, id, first, signal) =>
      readInWorkspace(pool, workspaceId, signal, (transaction) => readUndelivered(transaction, id, first)),

    create: (change, id, settings, secrets, most, signal) =>
      writeInWorkspace(pool, change.workspaceId, signal, async (transaction) => {
        if (!(await hasRoom(transaction, change.workspaceId, most))) return false;
        await transaction.query({
          text: `INSERT INTO notification_channel (id, workspace_id, version, created_by, created_at, secret_names,
                   name, notifier, config, minimum_severity, codes, every_account, every_workspace, enabled)
                 VALUES ($1, $2, 1, $3, $4, '{}', $5, $6, $7, $8, $9, $10, $11, $12)`,
          values: [id, change.workspaceId, change.actor, change.at, ...settingValues(settings)],
        });
        await writeRest(transaction, change, id, settings, secrets, 1);
        await audit(transaction, change, 'notification-channel.created', id, settings);
        return true;
      }),

    update: (change, id, settings, secrets, signal) =>
      writeInWorkspace(pool, change.workspaceId, signal, async (transaction) => {
        const [row] = await transaction.query<{ version: number }>({
          // What it was held back for may be mended by the change.
          text: `UPDATE notification_channel SET version = version + 1, held_until = 0, failures = 0, name = $2,
                   notifier = $3, config = $4, minimum_severity = $5, codes = $6, every_account = $7,
                   every_workspace = $8, enabled = $9
                  WHERE id = $1 RETURNING version`,
          values: [id, ...settingValues(settings)],
        });
        if (row === undefined) return false;
        const text = 'DELETE FROM notification_channel_account WHERE channel_id = $1';
        await transaction.query({ text, values: [id] });
        await writeRest(transaction, change, id, settings, secrets, row.version);
        await audit(transaction, change, 'notification-channel.changed', id, settings);
        return true;
      }),

    remove: (change, id, signal) =>
      writeInWorkspace(pool, change.workspaceId, signal, async (transaction) => {
        const text = 'DELETE FROM notification_channel WHERE id = $1 RETURNING id';
        const rows = await transaction.query({ text, values: [id] });
        if (rows.length === 0) return false;
        await audit(transaction, change, 'notification-channel.deleted', id, null);
        return true;
      }),
  };

  async function writeRest(
    transaction: WorkspaceTransaction,
    { workspaceId }: ChannelChange,
    id: string,
    { accountIds }: ChannelSettings,
    secrets: Secrets | null,
    version: number,
  ): Promise<void> {
    await transaction.query({
      text: `INSERT INTO notification_channel_account (workspace_id, channel_id, account_id)
               SELECT $1, $2, unnest($3::text[])`,
      values: [workspaceId, id, [...new Set(accountIds ?? [])]],
    });
    if (secrets === null) return;
    const names = Object.keys(secrets).sort();
    const sealed = sealSecrets(sealer, { workspaceId, channelId: id }, version, secrets);
    await transaction.query({
      text: `UPDATE notification_channel SET secret_names = $2, secrets_version = $3, key_id = $4, wrapped_key = $5,
               nonce = $6, sealed = $7 WHERE id = $1`,
      values: [id, names, version, sealed.key_id, sealed.wrapped_key, sealed.nonce, sealed.sealed],
    });
  }
}

/** One at a time for a workspace, so that two that are made at once are both counted. */
async function hasRoom(
  transaction: WorkspaceTransaction,
  workspaceId: string,
  most: number,
): Promise<boolean> {
  const text = `SELECT pg_advisory_xact_lock(hashtextextended('notification-channels:' || $1, 0))`;
  await transaction.query({ text, values: [workspaceId] });
  const [row] = await transaction.query<{ n: number }>({
    text: 'SELECT count(*) AS n FROM notification_channel',
  });
  return (row?.n ?? 0) < most;
}

function settingValues(settings: ChannelSettings): unknown[] {
  const { accountIds, codes, config, enabled, everyWorkspace, minimumSeverity, name, notifier } = settings;
  const own = [name, notifier, JSON.stringify(config), minimumSeverity, codes];
  return [...own, accountIds === null, everyWorkspace, enabled];
}

function audit(
  transaction: WorkspaceTransaction,
  { actor, at }: ChannelChange,
  action: AuditAction,
  id: string,
  settings: ChannelSettings | null,
): Promise<void> {
  const details =
    settings === null
      ? null
      : {
          notifier: settings.notifier,
          minimumSeverity: settings.minimumSeverity,
          everyWorkspace: settings.everyWorkspace,
          enabled: settings.enabled,
        };
  return appendAudit(transaction, { at, actor, action, target: `notification-channel:${id}`, details });
}
