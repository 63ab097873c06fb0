import type { JsonObject } from '../../../core/ports/broker-settings.ts';
import type { Secrets } from '../../../core/ports/notification-channels.ts';
import type { Sealer } from '../../auth/sealed-secret.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { unavailable } from '../database-error.ts';
import { openSecrets, type SealedColumns } from './channel-secrets.ts';

/** What a channel's connection is opened with. */
export interface ChannelConnectionSettings {
  readonly workspaceId: string;
  readonly notifier: string;
  readonly config: JsonObject;
  readonly secrets: Secrets;
}

interface StoredSettings extends SealedColumns {
  readonly workspace_id: string;
  readonly notifier: string;
  readonly config: string;
}

export interface ChannelConnectionStore {
  /** Changes whenever the channel does; null when it is not there. */
  version(channelId: string, signal: AbortSignal): Promise<number | null>;
  /** Rejects with SealError where the credentials cannot be read. */
  load(channelId: string, signal: AbortSignal): Promise<ChannelConnectionSettings | null>;
}

/** For connecting, in the rights of the writer; never for answering a request. */
export function createChannelConnectionStore(pool: ConnectionPool, sealer: Sealer): ChannelConnectionStore {
  const ask = async <R extends object>(text: string, id: string, signal: AbortSignal): Promise<R | null> => {
    try {
      const [row] = await pool.query<R>({ text, values: [id] }, signal);
      return row ?? null;
    } catch (cause) {
      throw unavailable('the notification channels', cause);
    }
  };
  return {
    async version(channelId, signal) {
      const text = 'SELECT version FROM notification_channel WHERE id = $1';
      return (await ask<{ version: number }>(text, channelId, signal))?.version ?? null;
    },
    async load(channelId, signal) {
      const text = `SELECT workspace_id, notifier, config, secrets_version, key_id, wrapped_key, nonce, sealed
                      FROM notification_channel WHERE id = $1`;
      const row = await ask<StoredSettings>(text, channelId, signal);
      if (row === null) return null;
      const { config, notifier, workspace_id: workspaceId } = row;
      const secrets = openSecrets(sealer, { workspaceId, channelId }, row);
      return { workspaceId, notifier, config: JSON.parse(config) as JsonObject, secrets };
    },
  };
}
