import { PluginError } from './plugin-error.ts';

/** What the order goes by. */
export interface Ordered {
  readonly name: string;
  /** Names of those that come before; one that is not there does not hold anybody back. */
  readonly after: readonly string[];
}

/** Depth first over `after`; those of a cycle come in the order given. */
export function inStartOrder<T extends Ordered>(plugins: readonly T[]): readonly T[] {
  const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  const ordered = new Set<T>();
  const visit = (plugin: T, path: ReadonlySet<T>): void => {
    if (ordered.has(plugin) || path.has(plugin)) return;
    for (const name of plugin.after) {
      const before = byName.get(name);
      if (before !== undefined) visit(before, new Set([...path, plugin]));
    }
    ordered.add(plugin);
  };
  for (const plugin of plugins) visit(plugin, new Set());
  return [...ordered];
}

/** Throws PluginError PLUGIN_INVALID for a plugin that waits for itself. */
export function refuseCycle(plugin: Ordered, plugins: readonly Ordered[]): void {
  const byName = new Map(plugins.map((each) => [each.name, each]));
  const seen = new Set<string>();
  const search = (name: string, path: readonly string[]): void => {
    for (const before of byName.get(name)?.after ?? []) {
      if (before === plugin.name) {
        throw new PluginError(
          'PLUGIN_INVALID',
          plugin.name,
          `plugins wait for each other: ${[...path, before].join(' -> ')}; disable one of them`,
        );
      }
      if (seen.has(before)) continue;
      seen.add(before);
      search(before, [...path, before]);
    }
  };
  search(plugin.name, [plugin.name]);
}
