import type { Extension } from '@omniquant/plugin-sdk';
import { asFunction, type AwilixContainer } from 'awilix';

import type { RegisteredExtension } from './extension-scope.ts';
import { keyOf } from './extension-settings.ts';
import type { LoadedPlugin } from './load-plugin.ts';
import { PluginError } from './plugin-error.ts';

/** The extensions in use, by `kind:id`, here and in the root of the container. */
export interface ExtensionRegistry {
  find<K extends Extension['kind']>(
    kind: K,
    id: string,
  ): RegisteredExtension<Extract<Extension, { kind: K }>> | null;
  /** Throws PluginError PLUGIN_DUPLICATE_ID when another plugin, or the plugin itself, has one of them already. */
  check(plugin: LoadedPlugin): void;
  add(extensions: readonly RegisteredExtension[]): void;
  remove(extensions: readonly RegisteredExtension[]): void;
}

export function createExtensionRegistry(container: AwilixContainer): ExtensionRegistry {
  const known = new Map<string, RegisteredExtension>();

  const resolve = (key: string): Extension => {
    const found = known.get(key);
    if (found !== undefined) return found.definition;
    throw new PluginError('PLUGIN_NOT_FOUND', key, 'its plugin is not in use; enable it');
  };

  return {
    find: (kind, id) => (known.get(`${kind}:${id}`) ?? null) as RegisteredExtension<never> | null,
    check({ extensions, plugin }) {
      const own = new Set<string>();
      for (const extension of extensions) {
        const key = keyOf(extension);
        const giver = own.has(key) ? plugin.name : known.get(key)?.plugin;
        own.add(key);
        if (giver === undefined) continue;
        throw new PluginError(
          'PLUGIN_DUPLICATE_ID',
          plugin.name,
          `${extension.kind} ${extension.id} is already given by ${giver}; take one of the two off the list`,
        );
      }
    },
    add(extensions) {
      for (const extension of extensions) {
        const key = keyOf(extension.definition);
        known.set(key, extension);
        // Awilix forgets no registration, so that it has to ask whether the extension is still there.
        container.register(
          key,
          asFunction(() => resolve(key)),
        );
      }
    },
    remove(extensions) {
      for (const extension of extensions) {
        const key = keyOf(extension.definition);
        if (known.get(key) === extension) known.delete(key);
      }
    },
  };
}
