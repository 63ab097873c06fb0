import { asValue, type AwilixContainer } from 'awilix';

import { createSealer } from '../auth/sealed-secret.ts';
import type { Cradle } from '../container.ts';
import { createPluginControlStore } from '../database/plugin-control-store.ts';
import { createPluginStorageStore } from '../database/plugin-storage-store.ts';
import type { PluginEntry } from './load-plugin.ts';
import { createPluginFollower } from './plugin-follower.ts';
import { watchPluginHealth } from './plugin-health.ts';
import { startPluginHost } from './plugin-host.ts';
import { createPluginOperations } from './plugin-operations.ts';
import { importAfresh } from './reload/import-afresh.ts';
import { reloadOnSave } from './reload/reload-on-save.ts';
import { createStorageOpener } from './storage/extension-storage.ts';

/**
 * Starts the plugins as operators have set them, and what looks after them from then on; registers `pluginHost`,
 * `pluginHealth` and `pluginOperations`. Rejects with the PluginError of a required one that fails.
 */
export async function openPlugins(
  container: AwilixContainer<Cradle>,
  entries: readonly PluginEntry[],
  signal: AbortSignal,
): Promise<{ close(): Promise<void> }> {
  const { bus, clock, config, database, logger, secrets, telemetry } = container.cradle;
  const { variable } = config;
  const now = (): number => clock.now();
  const store = createPluginControlStore(database.app, database.writer, createSealer(secrets.encryptionKey));
  const host = await startPluginHost({
    ...{ entries, container, logger, now, variable, importAfresh },
    openStorage: createStorageOpener(createPluginStorageStore(database.writer, now)),
    controls: await store.load(signal),
  });
  const health = watchPluginHealth({ host, clock, telemetry });
  const follower = createPluginFollower({ store, host, bus, clock, telemetry });
  const reloading = config.PLUGIN_RELOAD ? reloadOnSave({ host, logger, dataDir: config.DATA_DIR }) : null;
  container.register({
    pluginHost: asValue(host),
    pluginHealth: asValue(health),
    pluginOperations: asValue(createPluginOperations({ host, store, follower, health, variable, now })),
  });
  return {
    async close() {
      await reloading?.close();
      follower.close();
      health.close();
      await host.close();
    },
  };
}
