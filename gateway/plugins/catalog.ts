import type { Extension, StrategyRun } from '@omniquant/plugin-sdk';

import type {
  CheckedParameters,
  ExtensionInfo,
  PluginCatalog,
  PluginInfo,
  StrategyCatalog,
  StrategyParameters,
} from '../../core/ports/plugin-catalog.ts';
import { checkConfig } from './config-check.ts';
import type { LoadedPlugin } from './load-plugin.ts';
import type { PluginFailure, PluginHost } from './plugin-host.ts';

/** What the plugins in use, and those that could not be used, have to offer. */
export function createPluginCatalog(host: PluginHost): PluginCatalog & StrategyCatalog {
  return {
    plugins: () => [...host.plugins.map(readyInfo), ...host.failures.map(failedInfo)],
    strategies: () =>
      host.plugins
        .flatMap(({ extensions }) => extensions)
        .filter(({ kind }) => kind === 'strategy')
        .map(({ id }) => id)
        .sort(),
    checkStrategy(strategy, config, run) {
      const found = host.extension('strategy', strategy);
      return found === null ? null : check(found.definition, config, run);
    },
  };
}

function check(
  definition: Extract<Extension, { kind: 'strategy' }>,
  given: StrategyParameters,
  run: StrategyRun,
): CheckedParameters {
  const { problems, value } = checkConfig(definition.config, given);
  if (problems.length > 0) {
    return { problems: problems.map(({ path, message }) => ({ field: path, message })) };
  }
  const problem = attempt(() => definition.check?.(value, run) ?? null);
  return problem === null ? { config: value as StrategyParameters } : { problems: [problem] };
}

/** A check that throws is a fault of the plugin; the strategy would not start either. */
function attempt(
  run: () => { readonly field: string; readonly message: string } | null,
): { readonly field: string; readonly message: string } | null {
  try {
    return run();
  } catch (error) {
    return {
      field: '',
      message: `cannot be checked: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

const extensionInfo = (extension: Extension): ExtensionInfo => ({
  kind: extension.kind,
  id: extension.id,
  description: extension.description,
  configSchema: { ...extension.config },
  permissions: 'permissions' in extension ? (extension.permissions ?? []) : [],
});

const readyInfo = ({ extensions, plugin }: LoadedPlugin): PluginInfo => ({
  name: plugin.name,
  version: plugin.version,
  apiVersion: plugin.api,
  status: 'READY',
  error: null,
  extensions: extensions.map(extensionInfo),
});

const failedInfo = ({ entry, error, loaded }: PluginFailure): PluginInfo => ({
  name: loaded?.plugin.name ?? entry.specifier,
  version: loaded?.plugin.version ?? '',
  apiVersion: loaded?.plugin.api ?? '',
  status: 'FAILED',
  error: `${error.code}: ${error.message}`,
  extensions: loaded?.extensions.map(extensionInfo) ?? [],
});
