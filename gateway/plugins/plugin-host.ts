import type { BrokerDefinition } from '@omniquant/plugin-sdk';
import { asValue, type AwilixContainer } from 'awilix';

import type { Logger } from '../telemetry/logger.ts';
import { type LoadedPlugin, loadPlugin, type PluginEntry } from './load-plugin.ts';
import { createPluginContext } from './plugin-context.ts';
import { PluginError } from './plugin-error.ts';

/** How long a plugin may take to stop. */
const STOP_TIMEOUT_MS = 5_000;

export interface PluginHost {
  /** Null when no loaded plugin has a broker of that id. */
  broker(id: string): { readonly definition: BrokerDefinition; readonly plugin: string } | null;
  brokers(): readonly BrokerDefinition[];
  /** Optional plugins that could not be used. */
  readonly failures: readonly PluginError[];
  /** Stops in reverse order, each with a deadline. */
  close(): Promise<void>;
}

export interface PluginHostOptions {
  readonly entries: readonly PluginEntry[];
  /** Extensions are registered here as `broker:<id>`. */
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
  const failures: PluginError[] = [];
  const started: LoadedPlugin[] = [];
  const brokers = new Map<string, { definition: BrokerDefinition; plugin: string }>();
  const stopping = new AbortController();

  const attempt = async (entry: PluginEntry, run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      const failure =
        error instanceof PluginError
          ? error
          : new PluginError('PLUGIN_START_FAILED', entry.specifier, 'it failed to start; see the cause', {
              cause: error,
            });
      if (entry.required) throw failure;
      options.logger.warn({ error: failure, code: failure.code }, 'an optional plugin is not used');
      failures.push(failure);
    }
  };

  const loaded: LoadedPlugin[] = [];
  for (const entry of options.entries) {
    await attempt(entry, async () => {
      loaded.push(await loadPlugin(entry));
    });
  }
  for (const plugin of inStartOrder(loaded)) {
    await attempt(plugin.entry, async () => {
      register(plugin, brokers, options.container);
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
      started.push(plugin);
    });
  }

  return {
    broker: (id) => brokers.get(id) ?? null,
    brokers: () => [...brokers.values()].map(({ definition }) => definition),
    failures,
    async close() {
      stopping.abort();
      for (const { plugin } of started.reverse()) {
        await stopWithin(plugin.stop?.bind(plugin), STOP_TIMEOUT_MS).catch((error: unknown) => {
          options.logger.warn({ error, plugin: plugin.name }, 'a plugin did not stop cleanly');
        });
      }
    },
  };
}

function register(
  { plugin, brokers: definitions }: LoadedPlugin,
  brokers: Map<string, { definition: BrokerDefinition; plugin: string }>,
  container: AwilixContainer,
): void {
  for (const definition of definitions) {
    const taken = brokers.get(definition.id);
    if (taken !== undefined) {
      throw new PluginError(
        'PLUGIN_DUPLICATE_ID',
        plugin.name,
        `broker ${definition.id} is already given by ${taken.plugin}; take one of the two off the list`,
      );
    }
    brokers.set(definition.id, { definition, plugin: plugin.name });
    container.register(`broker:${definition.id}`, asValue(definition));
  }
}

/** Depth first over `after`; what is named there but not loaded does not hold anybody back. */
function inStartOrder(loaded: readonly LoadedPlugin[]): readonly LoadedPlugin[] {
  const byName = new Map(loaded.map((plugin) => [plugin.plugin.name, plugin]));
  const ordered = new Set<LoadedPlugin>();
  const visit = (plugin: LoadedPlugin, path: readonly string[]): void => {
    if (ordered.has(plugin)) return;
    const { name } = plugin.plugin;
    if (path.includes(name)) {
      throw new PluginError(
        'PLUGIN_INVALID',
        name,
        `plugins wait for each other: ${[...path, name].join(' -> ')}`,
      );
    }
    for (const dependency of plugin.plugin.after ?? []) {
      const before = byName.get(dependency);
      if (before !== undefined) visit(before, [...path, name]);
    }
    ordered.add(plugin);
  };
  for (const plugin of loaded) visit(plugin, []);
  return [...ordered];
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
