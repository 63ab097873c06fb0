import { listedAs, type LoadedPlugin, type PluginEntry } from './load-plugin.ts';
import type { PluginError } from './plugin-error.ts';
import type { RunningPlugin } from './running-plugin.ts';
import type { Ordered } from './start-order.ts';

/** One plugin of the list, in use or not. */
export interface PluginStanding {
  readonly entry: PluginEntry;
  /** The plugin's own name; as it is listed where it was never read. */
  readonly name: string;
  /** What was last read of it. */
  readonly loaded: LoadedPlugin | null;
  readonly state: 'RUNNING' | 'FAILED' | 'DISABLED';
  /** Why it is not in use; of one that is, why a newer version of its files is not. */
  readonly error: PluginError | null;
  readonly running: RunningPlugin | null;
}

/** The host's own notes of it. */
export interface PluginSlot extends Ordered {
  readonly entry: PluginEntry;
  loaded: LoadedPlugin | null;
  running: RunningPlugin | null;
  isWanted: boolean;
  error: PluginError | null;
  /** What it was last tried with: the same would fail the same way. */
  tried: string | null;
  /** Of the settings that it runs with. */
  revision: string;
}

export function createSlot(entry: PluginEntry): PluginSlot {
  return {
    entry,
    loaded: null,
    running: null,
    isWanted: false,
    error: null,
    tried: null,
    revision: '',
    get name() {
      return this.loaded?.plugin.name ?? listedAs(entry);
    },
    get after() {
      return this.loaded?.plugin.after ?? [];
    },
  };
}

export function standingOf({ entry, error, isWanted, loaded, name, running }: PluginSlot): PluginStanding {
  const idle = isWanted && error?.code !== 'PLUGIN_DEPENDENCY_STOPPED' ? 'FAILED' : 'DISABLED';
  return { entry, name, loaded, error, running, state: running === null ? idle : 'RUNNING' };
}

/** Those that start after one of `slots`, directly or not, among `all`; `slots` themselves are not in it. */
export function dependantsOf(
  slots: readonly PluginSlot[],
  all: readonly PluginSlot[],
): readonly PluginSlot[] {
  const found = new Set(slots);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    const names = new Set([...found].map(({ name }) => name));
    for (const slot of all) if (slot.after.some((name) => names.has(name))) found.add(slot);
  }
  return [...found].filter((slot) => !slots.includes(slot));
}
