import { definePlugin, type Extension, type Permission, type PluginDefinition } from '@omniquant/plugin-sdk';
import { createContainer } from 'awilix';

import type { PluginEntry } from '../../../gateway/plugins/load-plugin.ts';
import {
  type PluginHost,
  type PluginHostOptions,
  startPluginHost,
} from '../../../gateway/plugins/plugin-host.ts';
import { createLogger } from '../../../gateway/telemetry/logger.ts';

export const silent = createLogger({ level: 'silent', instanceId: 'test' });

const ALL: readonly Permission[] = ['network', 'secrets', 'storage'];

/** A plugin that is in memory, as an entry of the list. */
export function memoryEntry(
  definition: Partial<PluginDefinition> & { readonly name: string },
  entry: Partial<PluginEntry> = {},
): PluginEntry {
  const plugin = definePlugin({ version: '1.0.0', api: '^0.1.0', extensions: [], ...definition });
  return {
    specifier: `memory:${definition.name}`,
    listed: definition.name,
    grants: ALL,
    required: false,
    read: () => Promise.resolve(plugin),
    ...entry,
  };
}

/** An extension that does nothing, of any kind that is connected. */
export const extensionOf = (kind: 'broker' | 'feed' | 'notifier', id: string, more: object = {}): Extension =>
  ({
    ...{ kind, id, description: id, config: { type: 'object', properties: {} } },
    connect: () => Promise.reject(new Error('connects to nothing')),
    ...more,
  }) as unknown as Extension;

export function startHost(
  entries: readonly PluginEntry[],
  options: Partial<PluginHostOptions> = {},
): Promise<PluginHost> {
  return startPluginHost({
    ...{ entries, container: createContainer(), logger: silent, now: () => 0 },
    ...options,
  });
}
