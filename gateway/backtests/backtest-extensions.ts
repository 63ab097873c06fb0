import type {
  Extension,
  OptimizerDefinition,
  StrategyDefinition,
  TunerDefinition,
} from '@omniquant/plugin-sdk';

import { listedAs, loadPlugin, type PluginEntry } from '../plugins/load-plugin.ts';
import { withCauses } from '../plugins/with-causes.ts';

/** What backtests and sweeps in this process or thread are run with. */
export interface BacktestExtensions {
  /** Extension ids, sorted. */
  readonly strategies: readonly string[];
  readonly optimizers: readonly string[];
  readonly tuners: readonly string[];
  strategy(id: string): StrategyDefinition | null;
  optimizer(id: string): OptimizerDefinition | null;
  tuner(id: string): TunerDefinition | null;
  /** Plugins that could not be loaded, and why: what they have is not there. */
  readonly problems: readonly string[];
}

/**
 * Imports plugins into this process or thread, where their code runs from then on: whoever does not trust it calls this
 * in a worker, or in a process of its own. Of two extensions with one id the first counts, as in the gateway.
 */
export async function loadBacktestExtensions(entries: readonly PluginEntry[]): Promise<BacktestExtensions> {
  const found: Extension[] = [];
  const problems: string[] = [];
  for (const entry of entries) {
    try {
      found.push(...(await loadPlugin(entry)).extensions);
    } catch (error) {
      problems.push(`${listedAs(entry)}: ${withCauses(error)}`);
    }
  }
  return { ...backtestExtensionsOf(found), problems };
}

/** The same of extensions that are there already. */
export function backtestExtensionsOf(extensions: readonly Extension[]): BacktestExtensions {
  const strategies = byId(extensions.filter((each) => each.kind === 'strategy'));
  const optimizers = byId(extensions.filter((each) => each.kind === 'optimizer'));
  const tuners = byId(extensions.filter((each) => each.kind === 'tuner'));
  return {
    strategies: [...strategies.keys()].sort(),
    optimizers: [...optimizers.keys()].sort(),
    tuners: [...tuners.keys()].sort(),
    strategy: (id) => strategies.get(id) ?? null,
    optimizer: (id) => optimizers.get(id) ?? null,
    tuner: (id) => tuners.get(id) ?? null,
    problems: [],
  };
}

const byId = <E extends Extension>(extensions: readonly E[]): ReadonlyMap<string, E> =>
  new Map([...extensions].reverse().map((extension) => [extension.id, extension]));
