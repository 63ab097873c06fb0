import type { JsonObject } from '../../core/ports/broker-settings.ts';
import type { ExtensionSettings } from './extension-settings.ts';
import { listedAs, type PluginEntry } from './load-plugin.ts';
import { readSecrets, type Variable } from './secret-references.ts';

/** The operator's last word on whether a plugin is in use. */
export interface PluginSwitch {
  readonly enabled: boolean;
  readonly reason: string | null;
  /** Wall time, epoch ms. */
  readonly changedAt: number;
}

/** What was set for an extension through the API. */
export interface StoredSetting {
  /** Grows with each change. */
  readonly version: number;
  /** Null: as the list has it. */
  readonly config: JsonObject | null;
  readonly secrets: ReadonlyMap<string, string>;
  readonly changedAt: number;
}

/** All that was set of plugins through the API, by plugin as it is listed; it goes before what the list says. */
export interface PluginControls {
  /** Grows with each change. */
  readonly version: number;
  readonly switches: ReadonlyMap<string, PluginSwitch>;
  /** By plugin, by extension as `kind:id`. */
  readonly settings: ReadonlyMap<string, ReadonlyMap<string, StoredSetting>>;
}

export const NO_CONTROLS: PluginControls = { version: 0, switches: new Map(), settings: new Map() };

export const isEnabled = (controls: PluginControls, entry: PluginEntry): boolean =>
  controls.switches.get(listedAs(entry))?.enabled ?? entry.enabled ?? true;

/** When it was last changed through the API; null for never. */
export function changedAt(controls: PluginControls, entry: PluginEntry): number | null {
  const name = listedAs(entry);
  const times = [...(controls.settings.get(name)?.values() ?? [])].map((setting) => setting.changedAt);
  const switched = controls.switches.get(name)?.changedAt;
  const all = switched === undefined ? times : [...times, switched];
  return all.length === 0 ? null : Math.max(...all);
}

/** Another text whenever settings of the plugin were changed: it has to be started with them then. */
export function settingsRevision(controls: PluginControls, entry: PluginEntry): string {
  const settings = [...(controls.settings.get(listedAs(entry)) ?? [])];
  return settings
    .map(([extension, { version }]) => `${extension}@${String(version)}`)
    .sort()
    .join(' ');
}

/** Names of the extensions that anything is set for, on the list or through the API. */
export function settingNames(controls: PluginControls, entry: PluginEntry): ReadonlySet<string> {
  const stored = controls.settings.get(listedAs(entry))?.keys() ?? [];
  return new Set([...Object.keys(entry.config ?? {}), ...Object.keys(entry.secrets ?? {}), ...stored]);
}

/**
 * What holds for one extension.
 * @throws PluginError PLUGIN_CONFIG_INVALID for a credential of the list that is not where it should be.
 */
export function settingsOf(
  controls: PluginControls,
  entry: PluginEntry,
  extension: string,
  variable: Variable,
): ExtensionSettings {
  const stored = controls.settings.get(listedAs(entry))?.get(extension);
  const owner = { plugin: listedAs(entry), extension };
  // One that was set through the API is not looked for where the list says.
  const references = Object.entries(entry.secrets?.[extension] ?? {}).filter(
    ([name]) => stored?.secrets.has(name) !== true,
  );
  return {
    config: { ...entry.config?.[extension], ...stored?.config },
    secrets: new Map([
      ...readSecrets(Object.fromEntries(references), owner, variable),
      ...(stored?.secrets ?? []),
    ]),
  };
}
