import { join } from 'node:path';

import type { Config } from '../config.ts';
import type { Sandbox } from './isolation/sandbox.ts';
import { inItsIsolation } from './isolation/sandbox-entries.ts';
import { listedAs, type PluginEntry } from './load-plugin.ts';
import { pluginEntries } from './plugin-list.ts';

/**
 * Plugins of ours and those of the operator's list. One of ours that is on the list, too, is as the list says: with
 * settings, or not enabled. Its code is trusted, whatever its strategies run in.
 */
export function entriesInUse(
  config: Pick<Config, 'DATA_DIR' | 'PLUGINS_FILE' | 'STRATEGY_ISOLATION'>,
  own: readonly PluginEntry[],
  sandbox: Sandbox,
): readonly PluginEntry[] {
  const isolation = config.STRATEGY_ISOLATION;
  const isOwn = (entry: PluginEntry): boolean => own.some((each) => listedAs(each) === listedAs(entry));
  const listed = pluginEntries(config.PLUGINS_FILE ?? join(config.DATA_DIR, 'plugins.json')).map((entry) =>
    isOwn(entry) ? { isolation, ...entry } : inItsIsolation(entry, isolation, sandbox),
  );
  const unlisted = own.filter((each) => !listed.some((entry) => listedAs(entry) === listedAs(each)));
  return [...unlisted.map((each) => ({ isolation, ...each })), ...listed];
}
