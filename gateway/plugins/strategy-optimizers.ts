import type {
  OptimizerDefinition,
  OptimizerUse,
  StrategyDefinition,
  StrategyRun,
  StrategyUses,
} from '@omniquant/plugin-sdk';
import { usesOf } from '@omniquant/plugin-sdk/strategy-instance';

import type { CheckedParameters } from '../../core/ports/plugin-catalog.ts';
import { HostedStrategyError } from '../../core/ports/strategy-host.ts';
import { nearestHint } from '../services/nearest-text.ts';
import { sandboxedOptimizer, sandboxedStrategy } from './isolation/sandboxed-plugin.ts';
import type { AssignedOptimizer } from './isolation/strategy-protocol.ts';
import { type Isolation, isolationOf } from './load-plugin.ts';
import type { PluginHost, RegisteredExtension } from './plugin-host.ts';
import { checkOptimizerParameters, checkStrategyParameters } from './strategy-parameters.ts';

type Plugins = Pick<PluginHost, 'extension' | 'plugins'>;
type Strategy = Pick<RegisteredExtension<StrategyDefinition>, 'definition' | 'entry'>;

/** An optimizer for a strategy that is to be opened. */
export interface FoundOptimizer {
  readonly assigned: AssignedOptimizer;
  readonly extension: RegisteredExtension<OptimizerDefinition>;
}

/** `field` is a path in the strategy's parameters; empty where the strategy does not say which. */
interface UseProblem {
  readonly field: string;
  readonly message: string;
  readonly code: 'STRATEGY_OPTIMIZER_NOT_FOUND' | 'STRATEGY_OPTIMIZER_ISOLATED' | 'PLUGIN_CONFIG_INVALID';
  readonly optimizer: string;
}

/**
 * Checks the parameters of a strategy that is to be started, and those of what it uses, before anything is. Code of
 * plugins that nobody vouches for runs in sandboxed processes for it.
 */
export async function checkStart(
  host: Plugins,
  strategy: Strategy,
  config: unknown,
  run: StrategyRun,
): Promise<CheckedParameters> {
  const { definition, entry } = strategy;
  const sandboxed = sandboxedStrategy(definition);
  const checked =
    sandboxed === undefined
      ? checkStrategyParameters(definition, config, run)
      : await sandboxed.check(config, run);
  if (!('config' in checked)) return checked;
  const { problems } = await findAll(host, isolationOf(entry), checked.uses);
  if (problems.length === 0) return { config: checked.config };
  return { problems: problems.map(({ field, message }) => ({ field, message })) };
}

/** What a strategy uses that is to be opened. Rejects with HostedStrategyError with what is wrong first. */
export async function optimizersFor(
  host: Plugins,
  { definition, entry }: Strategy,
  config: unknown,
  run: StrategyRun,
): Promise<readonly FoundOptimizer[]> {
  const uses = await (sandboxedStrategy(definition)?.uses(config, run) ?? usesOf(definition, config, run));
  const { found, problems } = await findAll(host, isolationOf(entry), uses);
  const [problem] = problems;
  if (problem === undefined) return found;
  const { code, field, message, optimizer } = problem;
  // A plugin that is gone may come back; parameters stay as they are.
  if (code === 'STRATEGY_OPTIMIZER_NOT_FOUND') throw absentOptimizer(optimizer);
  throw new HostedStrategyError(code, `${field} ${message}`.trim(), { isHopeless: true });
}

/** Not PLUGIN_NOT_FOUND, which stands for the strategy's own plugin. */
export const absentOptimizer = (id: string): HostedStrategyError =>
  new HostedStrategyError('STRATEGY_OPTIMIZER_NOT_FOUND', `no plugin in use has the optimizer ${id}`, {
    missing: { kind: 'optimizer', id },
  });

async function findAll(
  host: Plugins,
  isolation: Isolation,
  { optimizers = {} }: StrategyUses,
): Promise<{ readonly found: readonly FoundOptimizer[]; readonly problems: readonly UseProblem[] }> {
  const found: FoundOptimizer[] = [];
  const problems: UseProblem[] = [];
  for (const [name, use] of Object.entries(optimizers)) {
    const one = await find(host, isolation, name, use);
    if ('assigned' in one) found.push(one);
    else problems.push(...one.problems);
  }
  return { found, problems };
}

async function find(
  host: Plugins,
  isolation: Isolation,
  name: string,
  { config = {}, fields = {}, id }: OptimizerUse,
): Promise<FoundOptimizer | { readonly problems: readonly UseProblem[] }> {
  const extension = host.extension('optimizer', id);
  const refuse = (code: UseProblem['code'], why: string) => ({
    problems: [{ code, field: fields.id ?? '', message: `names the optimizer ${why}`, optimizer: id }],
  });
  if (extension === null) {
    const named = JSON.stringify(id.slice(0, 80));
    return refuse('STRATEGY_OPTIMIZER_NOT_FOUND', `${named}, ${missing(host, id)}`);
  }
  const { definition, specifier } = extension;
  const sandboxed = sandboxedOptimizer(definition);
  if (sandboxed !== undefined && isolation === 'worker') {
    return refuse('STRATEGY_OPTIMIZER_ISOLATED', ISOLATED(id));
  }
  const checked = await (sandboxed?.check(config) ?? checkOptimizerParameters(definition, config));
  if ('config' in checked) return { extension, assigned: { name, specifier, id, config: checked.config } };
  return {
    problems: checked.problems.map(({ field, message }) => ({
      code: 'PLUGIN_CONFIG_INVALID',
      field: [fields.config ?? '', field].filter((part) => part !== '').join('.'),
      message: `${message} (parameters of the optimizer ${id})`,
      optimizer: id,
    })),
  };
}

const ISOLATED = (id: string): string =>
  `${id}, whose plugin has the isolation "process", and this strategy runs in a thread of the gateway: give the ` +
  'plugin of the strategy the isolation "process" too, or that of the optimizer "worker" if you trust its code';

function missing(host: Plugins, id: string): string {
  const known = host.plugins
    .flatMap(({ extensions }) => extensions)
    .filter(({ kind }) => kind === 'optimizer')
    .map((extension) => extension.id);
  return known.length === 0
    ? 'and no loaded plugin has any'
    : `which no loaded plugin has${nearestHint(id, known)}`;
}
