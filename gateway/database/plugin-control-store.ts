import type { JsonObject } from '../../core/ports/broker-settings.ts';
import type { Sealer } from '../auth/sealed-secret.ts';
import type { PluginControls, PluginSwitch, StoredSetting } from '../plugins/plugin-controls.ts';
import { appendAudit } from './audit-log.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';
import { openWorkspaceTransaction, type WorkspaceTransaction } from './workspace-transaction.ts';

/** Who changes something of a plugin, and when. */
export interface ControlChange {
  /** As it is listed. */
  readonly plugin: string;
  /** "user:<id>", "key:<id>". */
  readonly actor: string;
  /** The operator's: row-level security lets no other one change anything. */
  readonly workspaceId: string;
  /** Wall time, epoch ms. */
  readonly at: number;
}

export interface SwitchChange extends ControlChange {
  readonly enabled: boolean;
  readonly reason: string | null;
}

export interface SettingChange extends ControlChange {
  readonly extension: string;
  /** Undefined: as it was; null: as the list has it. */
  readonly config: JsonObject | null | undefined;
  /** Each credential that is named is set, or taken away with null. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

/** What operators set of plugins. A change is durable, with its audit entry, when it resolves. */
export interface PluginControlStore {
  version(signal: AbortSignal): Promise<number>;
  load(signal: AbortSignal): Promise<PluginControls>;
  switch(change: SwitchChange, signal: AbortSignal): Promise<void>;
  set(change: SettingChange, signal: AbortSignal): Promise<void>;
  /** How many accounts there are at these brokers, in all workspaces. */
  accountsAt(brokers: readonly string[], signal: AbortSignal): Promise<number>;
}

interface SettingRow {
  readonly plugin: string;
  readonly extension: string;
  readonly version: number;
  readonly config: string | null;
  readonly key_id: string | null;
  readonly wrapped_key: Buffer;
  readonly nonce: Buffer;
  readonly sealed: Buffer;
  readonly changed_at: number;
}

const SETTING =
  'SELECT plugin, extension, version, config, key_id, wrapped_key, nonce, sealed, changed_at FROM plugin_setting';

/** Reads with the writer's rights, for the gateway itself; changes with those of a request. */
export function createPluginControlStore(
  app: ConnectionPool,
  writer: ConnectionPool,
  sealer: Sealer,
): PluginControlStore {
  const read = async <R extends object>(text: string, signal: AbortSignal, values: unknown[] = []) => {
    try {
      return await writer.query<R>({ text, values }, signal);
    } catch (cause) {
      throw unavailable('the settings of plugins', cause);
    }
  };

  const version = async (signal: AbortSignal): Promise<number> =>
    (await read<{ version: number }>('SELECT version FROM plugin_control', signal))[0]?.version ?? 0;

  /** In turns: the row of the version is locked until the end. */
  const change = async (
    by: ControlChange,
    action: string,
    work: (transaction: WorkspaceTransaction, version: number) => Promise<Readonly<Record<string, unknown>>>,
    signal: AbortSignal,
  ): Promise<void> => {
    const { actor, at, plugin, workspaceId } = by;
    const transaction = openWorkspaceTransaction(app, { workspaceId, mode: 'READ WRITE' }, signal);
    try {
      const [row] = await transaction.query<{ version: number }>({
        text: 'UPDATE plugin_control SET version = version + 1 RETURNING version',
      });
      if (row === undefined) throw new Error('plugins are for the workspace that runs the gateway to change');
      const details = await work(transaction, row.version);
      await appendAudit(transaction, { at, actor, action, target: plugin, details });
      await transaction.commit();
    } finally {
      await transaction.rollback();
    }
  };

  return {
    version,

    async load(signal) {
      // The version first: a change in between is then found by the next look.
      const known = await version(signal);
      const switches = await read<{
        plugin: string;
        enabled: boolean;
        reason: string | null;
        changed_at: number;
      }>('SELECT plugin, enabled, reason, changed_at FROM plugin_switch', signal);
      const rows = await read<SettingRow>(SETTING, signal);
      const byPlugin = Map.groupBy(rows, ({ plugin }) => plugin);
      return {
        version: known,
        switches: new Map(
          switches.map(({ changed_at: changedAt, enabled, plugin, reason }): [string, PluginSwitch] => [
            plugin,
            { enabled, reason, changedAt },
          ]),
        ),
        settings: new Map(
          [...byPlugin].map(([plugin, own]) => [
            plugin,
            new Map(own.map((row): [string, StoredSetting] => [row.extension, toSetting(sealer, row)])),
          ]),
        ),
      };
    },

    switch: (by, signal) =>
      change(
        by,
        by.enabled ? 'plugin.enabled' : 'plugin.disabled',
        async (transaction) => {
          const { actor, at, enabled, plugin, reason } = by;
          await transaction.query({
            text: `INSERT INTO plugin_switch (plugin, enabled, reason, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (plugin) DO UPDATE SET enabled = excluded.enabled, reason = excluded.reason,
                     changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
            values: [plugin, enabled, reason, actor, at],
          });
          return { reason };
        },
        signal,
      ),

    set: (by, signal) =>
      change(
        by,
        'plugin.configured',
        async (transaction, next) => {
          const { extension, plugin } = by;
          const [row] = await transaction.query<SettingRow>({
            text: `${SETTING} WHERE plugin = $1 AND extension = $2`,
            values: [plugin, extension],
          });
          const before = row === undefined ? null : toSetting(sealer, row);
          const config = by.config === undefined ? (before?.config ?? null) : by.config;
          const secrets = changed(before?.secrets ?? new Map<string, string>(), by.secrets);
          await save(transaction, sealer, by, { version: next, config, secrets });
          return { extension, config, secrets: [...secrets.keys()] };
        },
        signal,
      ),

    async accountsAt(brokers, signal) {
      const text = 'SELECT count(*)::integer AS accounts FROM account WHERE broker = ANY ($1)';
      return (await read<{ accounts: number }>(text, signal, [brokers]))[0]?.accounts ?? 0;
    },
  };
}

/** Where a sealed text belongs: it opens for no other extension, nor another version. */
const sealContext = (plugin: string, extension: string, version: number) => ({
  ...{ workspaceId: 'plugin', accountId: plugin, field: extension, version },
});

function toSetting(sealer: Sealer, row: SettingRow): StoredSetting {
  const { changed_at: changedAt, config, key_id: keyId, wrapped_key: wrappedKey, nonce, sealed } = row;
  const context = sealContext(row.plugin, row.extension, row.version);
  const text = keyId === null ? '{}' : sealer.open({ keyId, wrappedKey, nonce, sealed }, context);
  return {
    version: row.version,
    config: config === null ? null : (JSON.parse(config) as JsonObject),
    secrets: new Map(Object.entries(JSON.parse(text) as Record<string, string>)),
    changedAt,
  };
}

function changed(
  before: ReadonlyMap<string, string>,
  change: Readonly<Record<string, string | null>>,
): ReadonlyMap<string, string> {
  const after = new Map(before);
  for (const [name, value] of Object.entries(change)) {
    if (value === null) after.delete(name);
    else after.set(name, value);
  }
  return after;
}

async function save(
  transaction: WorkspaceTransaction,
  sealer: Sealer,
  { actor, at, extension, plugin }: SettingChange,
  { config, secrets, version }: Omit<StoredSetting, 'changedAt'>,
): Promise<void> {
  const text = JSON.stringify(Object.fromEntries(secrets));
  const sealed = secrets.size === 0 ? null : sealer.seal(text, sealContext(plugin, extension, version));
  await transaction.query({
    text: `INSERT INTO plugin_setting (plugin, extension, version, config, secret_names, key_id, wrapped_key, nonce, sealed, changed_by, changed_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (plugin, extension) DO UPDATE SET version = excluded.version, config = excluded.config,
             secret_names = excluded.secret_names, key_id = excluded.key_id, wrapped_key = excluded.wrapped_key,
             nonce = excluded.nonce, sealed = excluded.sealed, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    values: [
      ...[plugin, extension, version, config === null ? null : JSON.stringify(config), [...secrets.keys()]],
      ...[sealed?.keyId ?? null, sealed?.wrappedKey ?? null, sealed?.nonce ?? null, sealed?.sealed ?? null],
      ...[actor, at],
    ],
  });
}
