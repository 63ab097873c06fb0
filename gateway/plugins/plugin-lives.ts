import type { ExtensionRegistry } from './extension-registry.ts';
import type { ScopeSurroundings } from './extension-scope.ts';
import { type ImportModule, listedAs, type LoadedPlugin, loadPlugin } from './load-plugin.ts';
import {
  isEnabled,
  type PluginControls,
  settingNames,
  settingsOf,
  settingsRevision,
} from './plugin-controls.ts';
import { PluginError } from './plugin-error.ts';
import { dependantsOf, type PluginSlot } from './plugin-slot.ts';
import { startPlugin } from './running-plugin.ts';
import type { Variable } from './secret-references.ts';
import { inStartOrder, refuseCycle } from './start-order.ts';
import { withCauses } from './with-causes.ts';

/*
 * Brings what runs in line with what is wanted:
 *
 *   not wanted, or a dependency not in use -> stopped, those that depend on it first
 *   wanted with other settings             -> stopped and started
 *   wanted, and last tried otherwise       -> loaded, checked, started
 *
 * What fails keeps its error until something of it is changed.
 */
export interface PluginLives {
  settle(controls: PluginControls): Promise<void>;
  /** Of a version that cannot be used nothing stays but the error. */
  reload(slot: PluginSlot, controls: PluginControls): Promise<void>;
  stopAll(): Promise<void>;
}

export interface PluginLivesOptions {
  readonly slots: readonly PluginSlot[];
  readonly registry: ExtensionRegistry;
  readonly surroundings: ScopeSurroundings;
  readonly variable: Variable;
  /** Takes the files as they are now, though they have been imported before. */
  readonly importAfresh: ImportModule | undefined;
  readonly onChange: () => void;
}

export function createPluginLives(options: PluginLivesOptions): PluginLives {
  const { registry, slots, surroundings } = options;
  const { logger } = surroundings;
  let lives = 0;

  function fail(slot: PluginSlot, cause: unknown): void {
    slot.error = toPluginError(slot, cause);
    logger.warn({ error: slot.error, code: slot.error.code }, 'a plugin is not used');
    options.onChange();
  }

  async function load(slot: PluginSlot, importModule?: ImportModule): Promise<LoadedPlugin> {
    const loaded = await loadPlugin(slot.entry, importModule);
    const twin = slots.find((other) => other !== slot && other.loaded?.plugin.name === loaded.plugin.name);
    // Two of one name are told apart by their extensions; that they have one in common is found when they start.
    if (twin !== undefined) logger.warn({ plugin: loaded.plugin.name }, 'two plugins have the same name');
    return loaded;
  }

  async function start(slot: PluginSlot, loaded: LoadedPlugin, controls: PluginControls): Promise<void> {
    const { entry } = slot;
    registry.check(loaded);
    const running = await startPlugin(loaded, {
      ...surroundings,
      life: (lives += 1),
      settingsOf: (extension) => settingsOf(controls, entry, extension, options.variable),
      settingNames: settingNames(controls, entry),
    });
    registry.add(running.extensions);
    slot.loaded = loaded;
    slot.running = running;
    slot.revision = settingsRevision(controls, entry);
    slot.error = null;
    options.onChange();
  }

  async function stop(slot: PluginSlot, why: 'DISABLED' | 'REPLACED' | 'CLOSING'): Promise<void> {
    const { running } = slot;
    if (running === null) return;
    slot.running = null;
    registry.remove(running.extensions);
    await running.stop(why);
    options.onChange();
  }

  const stopInReverse = async (
    which: readonly PluginSlot[],
    why: Parameters<typeof stop>[1],
  ): Promise<void> => {
    for (const slot of inStartOrder(slots).toReversed()) if (which.includes(slot)) await stop(slot, why);
  };

  /** Of those it starts after, the first that is on the list and not to be in use. */
  const missingDependency = ({ after }: PluginSlot): PluginSlot | undefined =>
    slots.find((slot) => after.includes(slot.name) && slot.running === null);

  async function loadWanted(controls: PluginControls): Promise<void> {
    for (const slot of slots) {
      slot.isWanted = isEnabled(controls, slot.entry);
      const attempt = attemptOf(slot, controls);
      if (!slot.isWanted) slot.error = null;
      if (slot.running !== null || !slot.isWanted || slot.tried === attempt) continue;
      // What failed, or was stopped, may have been mended since.
      const importModule = slot.tried === null ? undefined : options.importAfresh;
      slot.tried = attempt;
      slot.error = null;
      try {
        slot.loaded = await load(slot, importModule);
      } catch (error) {
        fail(slot, error);
      }
    }
    for (const slot of slots.filter(({ error, isWanted, running }) => isWanted && !running && !error)) {
      try {
        refuseCycle(slot, slots);
      } catch (error) {
        fail(slot, error);
      }
    }
  }

  async function startWanted(controls: PluginControls): Promise<void> {
    for (const slot of inStartOrder(slots)) {
      const { loaded } = slot;
      if (!slot.isWanted || slot.running !== null || loaded === null) continue;
      // Its own failure stays; that of a dependency may be over.
      if (slot.error !== null && slot.error.code !== 'PLUGIN_DEPENDENCY_STOPPED') continue;
      const missing = missingDependency(slot);
      if (missing !== undefined) {
        slot.error = dependencyError(slot, missing);
        continue;
      }
      await start(slot, loaded, controls).catch((error: unknown) => {
        fail(slot, error);
      });
    }
  }

  /** Answers with what is wrong with it, or with one that it starts after. */
  async function startWith(
    slot: PluginSlot,
    loaded: LoadedPlugin,
    controls: PluginControls,
  ): Promise<PluginError | null> {
    slot.error = null;
    slot.loaded = loaded;
    await startWanted(controls);
    return slot.error;
  }

  return {
    async settle(controls) {
      await loadWanted(controls);
      const ended = slots.filter((slot) => slot.running !== null && !slot.isWanted);
      await stopInReverse([...ended, ...dependantsOf(ended, slots)], 'DISABLED');
      const changed = slots.filter(
        (slot) => slot.running !== null && slot.revision !== settingsRevision(controls, slot.entry),
      );
      for (const slot of changed) {
        slot.tried = attemptOf(slot, controls);
        slot.error = null;
      }
      await stopInReverse([...changed, ...dependantsOf(changed, slots)], 'REPLACED');
      await startWanted(controls);
    },

    async reload(slot, controls) {
      if (!slot.isWanted) return;
      const last = slot.loaded;
      let loaded: LoadedPlugin;
      try {
        loaded = await load(slot, options.importAfresh);
      } catch (error) {
        fail(slot, error);
        return;
      }
      const affected = [slot, ...dependantsOf([slot], slots)];
      await stopInReverse(affected, 'REPLACED');
      const error = await startWith(slot, loaded, controls);
      if (error !== null && last !== null) {
        slot.error = (await startWith(slot, last, controls)) ?? error;
      }
      if (error === null) logger.info({ plugin: slot.name }, 'a plugin was loaded anew');
      options.onChange();
    },

    stopAll: () => stopInReverse(slots, 'CLOSING'),
  };
}

const attemptOf = ({ entry }: PluginSlot, controls: PluginControls): string =>
  [controls.switches.get(listedAs(entry))?.changedAt ?? 0, settingsRevision(controls, entry)].join(' ');

const toPluginError = ({ entry }: PluginSlot, cause: unknown): PluginError =>
  cause instanceof PluginError
    ? cause
    : new PluginError('PLUGIN_START_FAILED', listedAs(entry), `it failed to start: ${withCauses(cause)}`, {
        cause,
      });

const dependencyError = ({ name }: PluginSlot, missing: PluginSlot): PluginError =>
  new PluginError(
    'PLUGIN_DEPENDENCY_STOPPED',
    name,
    missing.isWanted
      ? `it starts after ${missing.name}, which does not work; put that right first`
      : `it starts after ${missing.name}, which is disabled; enable that`,
  );
