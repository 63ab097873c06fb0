import { createExtensionScope, type RegisteredExtension, type ScopeSurroundings } from './extension-scope.ts';
import { checkSettings, type ExtensionSettings, keyOf } from './extension-settings.ts';
import type { LoadedPlugin } from './load-plugin.ts';
import { createPluginContext } from './plugin-context.ts';
import { PluginError } from './plugin-error.ts';
import { PluginStopped } from './plugin-stopped.ts';
import { withCauses } from './with-causes.ts';

/** How long a plugin may take to start, and to stop. */
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

/** One life of a plugin, from its start to its stop. */
export interface RunningPlugin {
  readonly loaded: LoadedPlugin;
  readonly extensions: readonly RegisteredExtension[];
  /** Tells whoever uses it first; never rejects. */
  stop(why: 'DISABLED' | 'REPLACED' | 'CLOSING'): Promise<void>;
}

export interface StartPluginOptions extends ScopeSurroundings {
  readonly life: number;
  /** By extension as `kind:id`. Throws PluginError. */
  readonly settingsOf: (extension: string) => ExtensionSettings;
  /** Extensions that settings were made for. */
  readonly settingNames: ReadonlySet<string>;
}

/**
 * Checks its settings and starts a plugin.
 * @throws PluginError PLUGIN_CONFIG_INVALID or PLUGIN_START_FAILED.
 */
export async function startPlugin(loaded: LoadedPlugin, options: StartPluginOptions): Promise<RunningPlugin> {
  const { plugin } = loaded;
  const settings = checkedSettings(loaded, options);
  const life = new AbortController();
  const extensions = loaded.extensions.map((definition, index) =>
    createExtensionScope(
      loaded,
      definition,
      settings[index] ?? { config: {}, secrets: new Map() },
      { number: options.life, signal: life.signal },
      options,
    ),
  );
  const dispose = async (): Promise<void> => {
    await Promise.all(extensions.map(({ scope }) => scope.dispose()));
  };
  const context = createPluginContext({
    ...{ plugin: plugin.name, extension: null, permissions: [], logger: options.logger, now: options.now },
    ...{ secrets: new Map(), secretsSetBy: 'configurePlugin', storage: null, signal: life.signal },
  });
  try {
    await within(START_TIMEOUT_MS, 'start', plugin.start?.bind(plugin, context));
  } catch (cause) {
    life.abort(new PluginStopped(plugin.name, 'DISABLED'));
    await dispose();
    throw new PluginError('PLUGIN_START_FAILED', plugin.name, `it failed to start: ${withCauses(cause)}`, {
      cause,
    });
  }
  return {
    loaded,
    extensions,
    async stop(why) {
      life.abort(new PluginStopped(plugin.name, why));
      try {
        await within(STOP_TIMEOUT_MS, 'stop', plugin.stop?.bind(plugin));
      } catch (error) {
        options.logger.warn({ error, plugin: plugin.name }, 'a plugin did not stop cleanly');
      }
      await dispose();
    },
  };
}

/**
 * The settings of its extensions, in their order.
 * @throws PluginError PLUGIN_CONFIG_INVALID naming the extension and the field that is wrong.
 */
export function checkedSettings(
  loaded: LoadedPlugin,
  options: Pick<StartPluginOptions, 'settingNames' | 'settingsOf'>,
): readonly ExtensionSettings[] {
  refuseStraySettings(loaded, options.settingNames);
  return loaded.extensions.map((extension) => checkedFor(loaded, extension, options.settingsOf));
}

function refuseStraySettings({ extensions, plugin }: LoadedPlugin, names: ReadonlySet<string>): void {
  const known = new Set(extensions.map(keyOf));
  for (const name of names) {
    if (known.has(name)) continue;
    throw new PluginError(
      'PLUGIN_CONFIG_INVALID',
      plugin.name,
      `there are settings for ${name}, which it does not have; it has ${[...known].join(', ')}`,
    );
  }
}

function checkedFor(
  { plugin }: LoadedPlugin,
  extension: LoadedPlugin['extensions'][number],
  settingsOf: StartPluginOptions['settingsOf'],
): ExtensionSettings {
  const settings = settingsOf(keyOf(extension));
  const [problem] = checkSettings(extension, settings);
  if (problem === undefined) return settings;
  const field = [problem.part, problem.path].filter((part) => part !== '').join('.');
  throw new PluginError(
    'PLUGIN_CONFIG_INVALID',
    plugin.name,
    `extension ${keyOf(extension)}, ${field} ${problem.message}; put it right on the list or with configurePlugin`,
  );
}

async function within(
  ms: number,
  what: 'start' | 'stop',
  work: (() => Promise<void>) | undefined,
): Promise<void> {
  if (work === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it did not ${what} within ${String(ms)} ms`));
    }, ms);
  });
  await Promise.race([work(), deadline]).finally(() => {
    clearTimeout(timer);
  });
}
