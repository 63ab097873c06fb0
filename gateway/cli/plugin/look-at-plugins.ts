import { loadPlugin } from '../../plugins/load-plugin.ts';
import { PluginError } from '../../plugins/plugin-error.ts';
import { type ListedPlugin, pluginEntryOf, readPluginList } from '../../plugins/plugin-list.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const stateOf = ({ enabled, grants, required }: ListedPlugin): string =>
  [
    enabled ? 'enabled' : 'disabled',
    required ? 'required' : 'optional',
    grants.length === 0 ? 'no permissions' : grants.join(' and '),
  ].join(', ');

/** Prints what is on the list. */
export function listPlugins(file: string): void {
  const list = readPluginList(file);
  if (list.length === 0) say(`There are no plugins on ${file}; omniquant plugin add puts one there.`);
  for (const entry of list) say(`${entry.plugin}: ${stateOf(entry)}`);
}

/** Loads each plugin as the gateway would and says what it has or what is wrong. Throws when any is. */
export async function examinePlugins(file: string): Promise<void> {
  let broken = 0;
  for (const entry of readPluginList(file)) {
    try {
      const { extensions, plugin } = await loadPlugin(pluginEntryOf(entry, file));
      const what = extensions.map(({ id, kind }) => `${kind} ${id}`).join(', ');
      say(`${entry.plugin} ${plugin.version}: ok, API ${plugin.api}: ${what}`);
    } catch (error) {
      broken += 1;
      const code = error instanceof PluginError ? error.code : 'PLUGIN_INVALID';
      say(`${entry.plugin}: ${code}: ${describe(error)}`);
    }
  }
  if (broken > 0) throw new Error(`${String(broken)} plugins cannot be used`);
}

/** With what caused it, which is what an author has to know. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
