import type { Sandbox } from '../../plugins/isolation/sandbox.ts';
import { inItsIsolation } from '../../plugins/isolation/sandbox-entries.ts';
import { type Isolation, loadPlugin } from '../../plugins/load-plugin.ts';
import { NO_CONTROLS, settingNames, settingsOf } from '../../plugins/plugin-controls.ts';
import { PluginError } from '../../plugins/plugin-error.ts';
import { type ListedPlugin, pluginEntryOf, readPluginList } from '../../plugins/plugin-list.ts';
import { checkedSettings } from '../../plugins/running-plugin.ts';
import type { Variable } from '../../plugins/secret-references.ts';
import { withCauses } from '../../plugins/with-causes.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const stateOf = ({ enabled, grants, isolation, required }: ListedPlugin): string =>
  [
    enabled ? 'enabled' : 'disabled',
    required ? 'required' : 'optional',
    grants.length === 0 ? 'no permissions' : grants.join(' and '),
    ...(isolation === undefined ? [] : [`in a ${isolation}`]),
  ].join(', ');

const emptyList = (file: string): string =>
  `There are no plugins on ${file}; omniquant plugin add puts one there.`;

/** Prints what is on the list. */
export function listPlugins(file: string): void {
  const list = readPluginList(file);
  if (list.length === 0) say(emptyList(file));
  for (const entry of list) say(`${entry.plugin}: ${stateOf(entry)}`);
}

export interface ExamineOptions {
  /** The list. */
  readonly file: string;
  readonly usual: Isolation;
  readonly sandbox: Sandbox;
  /** The environment, for credentials that the list refers to. */
  readonly variable: Variable;
}

/**
 * Loads each plugin as the gateway would, with its settings and credentials of the list, and says what it has or
 * what is wrong. Throws when any is.
 */
export async function examinePlugins({ file, sandbox, usual, variable }: ExamineOptions): Promise<void> {
  let broken = 0;
  const entries = readPluginList(file);
  if (entries.length === 0) say(emptyList(file));
  if (entries.some(({ isolation = usual }) => isolation === 'process')) {
    const { level, reason } = await sandbox.support();
    say(`sandboxed plugins are held by ${level}${reason === null ? '' : `, because ${reason}`}`);
  }
  for (const entry of entries) {
    try {
      const wanted = pluginEntryOf(entry, file);
      const loaded = await loadPlugin(inItsIsolation(wanted, usual, sandbox));
      checkedSettings(loaded, {
        settingNames: settingNames(NO_CONTROLS, wanted),
        settingsOf: (extension) => settingsOf(NO_CONTROLS, wanted, extension, variable),
      });
      const { extensions, plugin } = loaded;
      const what = extensions.map(({ id, kind }) => `${kind} ${id}`).join(', ');
      say(`${entry.plugin} ${plugin.version}: ok, API ${plugin.api}: ${what}`);
    } catch (error) {
      broken += 1;
      const code = error instanceof PluginError ? error.code : 'PLUGIN_INVALID';
      say(`${entry.plugin}: ${code}: ${withCauses(error)}`);
    }
  }
  if (broken > 0) throw new Error(`${String(broken)} ${broken === 1 ? 'plugin' : 'plugins'} cannot be used`);
}
