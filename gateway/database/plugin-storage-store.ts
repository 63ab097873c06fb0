import type { PoolClient } from 'pg';

import type { StorageOwner, StorageStore } from '../plugins/storage/extension-storage.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';

/** Turns of one owner; and the owner of the transaction's rows, by which row-level security goes. */
const BEGIN = `SELECT set_config('app.storage_plugin', $1, true), set_config('app.storage_extension', $2, true),
                      set_config('app.storage_connection', $3, true)`;
const TURN = `SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(chr(31), $1::text, $2::text, $3::text), 7310042119))`;

/** What plugins store, under the writer's role: each transaction sees the values of one owner. */
export function createPluginStorageStore(pool: ConnectionPool, now: () => number): StorageStore {
  const within = async <T>(
    owner: StorageOwner,
    work: (client: PoolClient, ids: readonly string[]) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    const ids = [owner.plugin, owner.extension, owner.connection];
    let client: PoolClient | null = null;
    const abandon = (): void => {
      client?.release(true);
      client = null;
    };
    try {
      const opened = await pool.connect(signal);
      client = opened;
      opened.on('error', ignore);
      signal.addEventListener('abort', abandon, { once: true });
      await opened.query('BEGIN');
      await opened.query(BEGIN, ids);
      const result = await work(opened, ids);
      await opened.query('COMMIT');
      signal.removeEventListener('abort', abandon);
      opened.off('error', ignore);
      opened.release();
      client = null;
      return result;
    } catch (cause) {
      throw unavailable('the storage of plugins', cause);
    } finally {
      signal.removeEventListener('abort', abandon);
      abandon();
    }
  };

  return {
    get: (owner, key, signal) =>
      within(
        owner,
        async (client) => {
          const { rows } = await client.query<{ value: Buffer }>(
            'SELECT value FROM plugin_storage WHERE key = $1',
            [key],
          );
          return rows[0]?.value ?? null;
        },
        signal,
      ),

    set: (owner, key, value, totalBytes, signal) =>
      within(
        owner,
        async (client, ids) => {
          await client.query(TURN, [...ids]);
          const { rowCount } = await client.query(
            `INSERT INTO plugin_storage (plugin, extension, connection, key, value, changed_at)
             SELECT $1, $2, $3, $4, $5, $6
              WHERE octet_length($4::bytea) + octet_length($5::bytea) + (
                    SELECT coalesce(sum(octet_length(key) + octet_length(value)), 0)
                      FROM plugin_storage WHERE key <> $4) <= $7
             ON CONFLICT (plugin, extension, connection, key)
             DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
            [...ids, key, value, now(), totalBytes],
          );
          return rowCount === 1;
        },
        signal,
      ),

    delete: (owner, key, signal) =>
      within(
        owner,
        async (client) => {
          await client.query('DELETE FROM plugin_storage WHERE key = $1', [key]);
        },
        signal,
      ),
  };
}

const ignore = (): void => undefined;
