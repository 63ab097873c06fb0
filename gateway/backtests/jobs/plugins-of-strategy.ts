import type { StrategyDefinition } from '@omniquant/plugin-sdk';

import type { PluginHost, RegisteredExtension } from '../../plugins/plugin-host.ts';
import type { BacktestPlugin } from './backtest-task.ts';

type Plugins = Pick<PluginHost, 'extension' | 'plugins'>;

/** The plugin of an extension, for a thread to import. */
export const pluginOf = ({ entry, specifier }: RegisteredExtension): BacktestPlugin => ({
  specifier,
  grants: entry.grants,
});

/** Those of a strategy whose parameters are not known yet: its own, and those of all that it may name. */
export const pluginsOfStrategy = (
  strategy: RegisteredExtension<StrategyDefinition>,
  host: Plugins,
): readonly BacktestPlugin[] => [
  pluginOf(strategy),
  ...(strategy.definition.uses === undefined ? [] : pluginsOfKind('optimizer', host)),
];

/** Code that nobody vouches for is not imported into a thread. */
export const pluginsOfKind = (wanted: 'optimizer' | 'tuner', host: Plugins): readonly BacktestPlugin[] =>
  host.plugins.flatMap(({ extensions }) =>
    extensions.flatMap(({ id, kind }) => {
      const found = kind === wanted ? host.extension(wanted, id) : null;
      return found === null || found.entry.read !== undefined ? [] : [pluginOf(found)];
    }),
  );
