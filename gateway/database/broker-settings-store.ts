import type { BrokerSettings, BrokerSettingsStore, JsonObject } from '../../core/ports/broker-settings.ts';
import type { SealContext, Sealer } from '../auth/sealed-secret.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';

interface Row {
  readonly workspace_id: string;
  readonly field: string;
  readonly version: number;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly nonce: Buffer;
  readonly sealed: Buffer;
}

export interface PostgresBrokerSettings extends BrokerSettingsStore {
  /** The latest of each part; null parts were never set. For connecting, not for answering requests. */
  load(accountId: string, signal: AbortSignal): Promise<BrokerSettings>;
  /** How many versions each account has; those without any are left out. */
  changes(accountIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
}

const FIELDS = ['config', 'secrets'] as const;

/**
 * Settings of accounts' own broker connections, sealed field by field. Saving adds a version and keeps
 * the old ones, so that a mistake can be traced; it runs with the rights of a request, loading with
 * the writer's.
 */
export function createBrokerSettingsStore(
  app: ConnectionPool,
  writer: ConnectionPool,
  sealer: Sealer,
  now: () => number,
): PostgresBrokerSettings {
  const saveField = async (
    account: { readonly workspaceId: string; readonly accountId: string },
    field: string,
    value: JsonObject,
    signal: AbortSignal,
  ): Promise<void> => {
    const client = await app.connect(signal);
    let broken = true;
    try {
      await client.query('BEGIN');
      await client.query("SELECT set_config('app.workspace', $1, true)", [account.workspaceId]);
      const { rows } = await client.query<{ version: number }>(
        'SELECT coalesce(max(version), 0) + 1 AS version FROM broker_credential WHERE account_id = $1 AND field = $2',
        [account.accountId, field],
      );
      const version = rows[0]?.version ?? 1;
      const sealed = sealer.seal(JSON.stringify(value), { ...account, field, version });
      await client.query(
        `INSERT INTO broker_credential
           (workspace_id, account_id, field, version, key_id, wrapped_key, nonce, sealed, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          account.workspaceId,
          account.accountId,
          field,
          version,
          sealed.keyId,
          sealed.wrappedKey,
          sealed.nonce,
          sealed.sealed,
          now(),
        ],
      );
      await client.query('COMMIT');
      broken = false;
    } catch (cause) {
      throw unavailable('the broker settings', cause);
    } finally {
      client.release(broken);
    }
  };

  return {
    async save(account, settings, signal) {
      for (const field of FIELDS) {
        const value = settings[field];
        if (value !== null) await saveField(account, field, value, signal);
      }
    },

    async load(accountId, signal) {
      const rows = await writer
        .query<Row>(
          {
            text: `SELECT DISTINCT ON (field) workspace_id, field, version, key_id, wrapped_key, nonce, sealed
                     FROM broker_credential WHERE account_id = $1 ORDER BY field, version DESC`,
            values: [accountId],
          },
          signal,
        )
        .catch((cause: unknown) => {
          throw unavailable('the broker settings', cause);
        });
      const part = (field: string): JsonObject | null => {
        const row = rows.find((candidate) => candidate.field === field);
        return row === undefined ? null : openRow(sealer, accountId, row);
      };
      return { config: part('config'), secrets: part('secrets') };
    },

    async changes(accountIds, signal) {
      const rows = await writer
        .query<{ readonly account_id: string; readonly versions: number }>(
          {
            text: `SELECT account_id, count(*)::integer AS versions
                     FROM broker_credential WHERE account_id = ANY ($1) GROUP BY account_id`,
            values: [accountIds],
          },
          signal,
        )
        .catch((cause: unknown) => {
          throw unavailable('the broker settings', cause);
        });
      return new Map(rows.map(({ account_id: accountId, versions }) => [accountId, versions]));
    },
  };
}

function openRow(sealer: Sealer, accountId: string, row: Row): JsonObject {
  const context: SealContext = {
    workspaceId: row.workspace_id,
    accountId,
    field: row.field,
    version: row.version,
  };
  const text = sealer.open(
    { keyId: row.key_id, wrappedKey: row.wrapped_key, nonce: row.nonce, sealed: row.sealed },
    context,
  );
  return JSON.parse(text) as JsonObject;
}
