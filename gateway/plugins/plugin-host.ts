import type { BrokerDefinition, Extension } from '@omniquant/plugin-sdk';
import { asValue, type AwilixContainer } from 'awilix';

import type { Logger } from '../telemetry/logger.ts';
import { type LoadedPlugin, loadPlugin, type PluginEntry } from './load-plugin.ts';
import { createPluginContext } from './plugin-context.ts';
import { PluginError } from './plugin-error.ts';
import { inStartOrder } from './start-order.ts';

/** How long a plugin may take to stop. */
const STOP_TIMEOUT_MS = 5_000;

/** An extension in use, with the plugin that it came with. */
export interface RegisteredExtension<E extends Extension = Extension> {
  readonly definition: E;
  /** The plugin's name. */
  readonly plugin: string;
  /** Where a worker imports it from. */
  readonly specifier: string;
}

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
  /** Those that started, in that order. */
  readonly plugins: readonly LoadedPlugin[];
  /** Optional plugins that could not be used. */
  readonly failures: readonly PluginFailure[];
  /** Stops in reverse order, each with a deadline. */
  close(): Promise<void>;
}

export interface PluginHostOptions {
  readonly entries: readonly PluginEntry[];
  /** Extensions are registered here as `kind:id`. */
  readonly container: AwilixContainer;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * Loads the listed plugins, registers their extensions, and starts each after those it names in
 * `after`. A required plugin that fails stops the start with its PluginError; an optional one is kept
 * in `failures`.
 */
export async function startPluginHost(options: PluginHostOptions): Promise<PluginHost> {
  const failures: PluginFailure[] = [];
  const started: LoadedPlugin[] = [];
  const extensions = new Map<string, RegisteredExtension>();
  const stopping = new AbortController();

  const attempt = async (
    entry: PluginEntry,
    loaded: LoadedPlugin | null,
    run: () => Promise<void>,
  ): Promise<void> => {
    try {
      await run();
    } catch (cause) {
      const error =
        cause instanceof PluginError
          ? cause
          : new PluginError('PLUGIN_START_FAILED', entry.specifier, 'it failed to start; see the cause', {
              cause,
            });
      if (entry.required) throw error;
      options.logger.warn({ error, code: error.code }, 'an optional plugin is not used');
      failures.push({ entry, error, loaded });
    }
  };

  const loaded: LoadedPlugin[] = [];
  for (const entry of options.entries) {
    await attempt(entry, null, async () => {
      loaded.push(await loadPlugin(entry));
    });
  }
  for (const plugin of inStartOrder(loaded)) {
    await attempt(plugin.entry, plugin, async () => {
      checkIds(plugin, extensions);
      const context = createPluginContext({
        plugin: plugin.plugin.name,
        extension: null,
        permissions: [],
        signal: stopping.signal,
        logger: options.logger,
        now: options.now,
        secrets: new Map(),
      });
      await plugin.plugin.start?.(context);
      register(plugin, extensions, options.container);
      started.push(plugin);
    });
  }

  const find = (kind: string, id: string): RegisteredExtension | null =>
    extensions.get(`${kind}:${id}`) ?? null;

  return {
    extension: (kind, id) => find(kind, id) as RegisteredExtension<never> | null,
    broker: (id) => find('broker', id) as RegisteredExtension<BrokerDefinition> | null,
    plugins: started,
    failures,
    async close() {
      stopping.abort();
      for (const { plugin } of started.toReversed()) {
        await stopWithin(plugin.stop?.bind(plugin), STOP_TIMEOUT_MS).catch((error: unknown) => {
          options.logger.warn({ error, plugin: plugin.name }, 'a plugin did not stop cleanly');
        });
      }
    },
  };
}

function checkIds(
  { extensions, plugin }: LoadedPlugin,
  known: ReadonlyMap<string, RegisteredExtension>,
): void {
  const own = new Set<string>();
  for (const { kind, id } of extensions) {
    const key = `${kind}:${id}`;
    const giver = own.has(key) ? plugin.name : known.get(key)?.plugin;
    own.add(key);
    if (giver === undefined) continue;
    throw new PluginError(
      'PLUGIN_DUPLICATE_ID',
      plugin.name,
      `${kind} ${id} is already given by ${giver}; take one of the two off the list`,
    );
  }
}

function register(
  { entry, extensions, plugin }: LoadedPlugin,
  registry: Map<string, RegisteredExtension>,
  container: AwilixContainer,
): void {
  for (const definition of extensions) {
    const key = `${definition.kind}:${definition.id}`;
    registry.set(key, { definition, plugin: plugin.name, specifier: entry.specifier });
    container.register(key, asValue(definition));
  }
}

async function stopWithin(stop: (() => Promise<void>) | undefined, timeoutMs: number): Promise<void> {
  if (stop === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it did not stop within ${String(timeoutMs)} ms`));
    }, timeoutMs);
  });
  await Promise.race([stop(), deadline]).finally(() => {
    clearTimeout(timer);
  });
}
