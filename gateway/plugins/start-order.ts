import type { LoadedPlugin } from './load-plugin.ts';
import { PluginError } from './plugin-error.ts';

/**
 * Depth first over `after`; what is named there but not loaded does not hold anybody back. Throws
 * PluginError for plugins that wait for each other.
 */
export function inStartOrder(loaded: readonly LoadedPlugin[]): readonly LoadedPlugin[] {
  const byName = new Map(loaded.map((plugin) => [plugin.plugin.name, plugin]));
  const ordered = new Set<LoadedPlugin>();
  const visit = (plugin: LoadedPlugin, path: readonly string[]): void => {
    if (ordered.has(plugin)) return;
    const { name } = plugin.plugin;
    if (path.includes(name)) {
      throw new PluginError(
        'PLUGIN_INVALID',
        name,
        `plugins wait for each other: ${[...path, name].join(' -> ')}`,
      );
    }
    for (const dependency of plugin.plugin.after ?? []) {
      const before = byName.get(dependency);
      if (before !== undefined) visit(before, [...path, name]);
    }
    ordered.add(plugin);
  };
  for (const plugin of loaded) visit(plugin, []);
  return [...ordered];
}
