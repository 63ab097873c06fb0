import { readFileSync, writeFileSync } from 'node:fs';

import { readPluginList } from '../../plugins/plugin-list.ts';
import { nearestText } from '../../services/nearest-text.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Enables or disables a plugin on the list, for the next start of the gateway. What was set through the API goes
 * before it. Throws UsageError for one that the list does not have, or that it requires.
 */
export function switchPlugin(file: string, name: string, enabled: boolean): void {
  const list = readPluginList(file);
  const found = list.find(({ plugin }) => plugin === name);
  if (found === undefined) {
    const nearest = nearestText(
      name,
      list.map(({ plugin }) => plugin),
    );
    const hint = nearest === null ? '' : `; the nearest is ${nearest}`;
    throw new UsageError(`${name} is not on ${file}${hint}`);
  }
  if (found.required && !enabled) {
    throw new UsageError(`${name} is required: take that off its entry on ${file} first`);
  }
  // As it is written but for this, without the defaults of what it leaves out.
  const written = JSON.parse(readFileSync(file, 'utf8')) as { readonly plugin: string }[];
  const changed = written.map((entry) => (entry.plugin === name ? { ...entry, enabled } : entry));
  writeFileSync(file, `${JSON.stringify(changed, null, 2)}\n`);
  process.stdout.write(
    `${name} is ${enabled ? 'enabled' : 'disabled'} on the list. That holds from the gateway's next start, unless it was set with enablePlugin or disablePlugin.\n`,
  );
}
