import type { BrokerDefinition, Extension } from '@omniquant/plugin-sdk';

import { createExtensionRegistry } from './extension-registry.ts';
import type { RegisteredExtension, ScopeSurroundings } from './extension-scope.ts';
import { type ImportModule, listedAs, type LoadedPlugin, type PluginEntry } from './load-plugin.ts';
import { NO_CONTROLS, type PluginControls } from './plugin-controls.ts';
import type { PluginError } from './plugin-error.ts';
import { createPluginLives } from './plugin-lives.ts';
import { createSlot, dependantsOf, type PluginStanding, standingOf } from './plugin-slot.ts';
import type { Variable } from './secret-references.ts';

export type { RegisteredExtension } from './extension-scope.ts';

/** A plugin of the list that could not be used. */
export interface PluginFailure {
  readonly entry: PluginEntry;
  readonly error: PluginError;
  /** What was read of it before it failed. */
  readonly loaded: LoadedPlugin | null;
}

export interface PluginHost {
  /** Null when no plugin in use has it. */
  extension<K extends Extension['kind']>(
    kind: K,
    id: string,
  ): RegisteredExtension<Extract<Extension, { kind: K }>> | null;
  broker(id: string): RegisteredExtension<BrokerDefinition> | null;
  /** All of the list, in its order. */
  readonly standings: readonly PluginStanding[];
  /** Those in use. */
  readonly plugins: readonly LoadedPlugin[];
  /** Optional plugins that are to be used and could not be. */
  readonly failures: readonly PluginFailure[];
  /** What the operator has set through the API, as it was last applied. */
  readonly controls: PluginControls;
  /** Those in use that start after a plugin, directly or not: what stops with it. */
  dependants(listed: string): readonly PluginStanding[];
  /** Stops, starts and starts anew what has to be; one that fails does not disturb the others. */
  apply(controls: PluginControls): Promise<void>;
  /** Takes the files as they are now; those of one that cannot be used leave the last good version running. */
  reload(listed: string): Promise<void>;
  /** Resolves when nothing is being started or stopped. */
  settled(): Promise<void>;
  /** Called after each start, stop or failure; returns what ends that. */
  onChange(listener: () => void): () => void;
  /** Stops in reverse order, each with a deadline. */
  close(): Promise<void>;
}

export interface PluginHostOptions extends Omit<ScopeSurroundings, 'openStorage'> {
  readonly entries: readonly PluginEntry[];
  /** Left out where nothing can be stored. */
  readonly openStorage?: ScopeSurroundings['openStorage'];
  /** Variables of the environment, for credentials that the list refers to. */
  readonly variable?: Variable;
  readonly controls?: PluginControls;
  /** Imports a plugin's files as they are now, for one that is loaded a second time. */
  readonly importAfresh?: ImportModule;
}

/**
 * Loads the listed plugins, registers their extensions as `kind:id`, and starts each after those it names in
 * `after`. A required plugin that fails stops the start with its PluginError; an optional one is kept in
 * `failures`. Whatever is asked for later is done one after the other.
 */
export async function startPluginHost(options: PluginHostOptions): Promise<PluginHost> {
  const registry = createExtensionRegistry(options.container);
  const slots = options.entries.map(createSlot);
  const listeners = new Set<() => void>();
  const lives = createPluginLives({
    slots,
    registry,
    surroundings: { ...options, openStorage: options.openStorage ?? (() => null) },
    variable: options.variable ?? (() => undefined),
    importAfresh: options.importAfresh,
    onChange: () => {
      for (const listener of listeners) listener();
    },
  });
  let controls = options.controls ?? NO_CONTROLS;
  let queue: Promise<void> = Promise.resolve();
  let isClosed = false;

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = queue.then(() => (isClosed ? undefined : work()));
    queue = done.catch(() => undefined);
    return done;
  };

  await lives.settle(controls);
  const required = slots.find(({ entry, error }) => entry.required && error !== null);
  if (required?.error) {
    await lives.stopAll();
    throw required.error;
  }

  return {
    extension: (kind, id) => registry.find(kind, id),
    broker: (id) => registry.find<'broker'>('broker', id),
    get standings() {
      return slots.map(standingOf);
    },
    get plugins() {
      return slots.flatMap(({ running }) => (running === null ? [] : [running.loaded]));
    },
    get failures() {
      return slots
        .filter((slot) => standingOf(slot).state === 'FAILED')
        .flatMap(({ entry, error, loaded }) => (error === null ? [] : [{ entry, error, loaded }]));
    },
    get controls() {
      return controls;
    },
    dependants(listed) {
      const own = slots.filter(({ entry }) => listedAs(entry) === listed);
      return dependantsOf(own, slots)
        .filter(({ running }) => running !== null)
        .map(standingOf);
    },
    apply: (next) =>
      inTurn(async () => {
        if (next.version < controls.version) return;
        controls = next;
        await lives.settle(controls);
      }),
    reload: (listed) =>
      inTurn(async () => {
        const slot = slots.find(({ entry }) => listedAs(entry) === listed);
        if (slot !== undefined) await lives.reload(slot, controls);
      }),
    settled: () => queue,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      await inTurn(async () => {
        isClosed = true;
        await lives.stopAll();
      });
    },
  };
}
