import {
  defineOptimizer,
  definePlugin,
  defineStrategy,
  type OptimizerDefinition,
  type Plugin,
  type StrategyDefinition,
  type StrategyRun,
  type StrategyUses,
  T,
  type TSchema,
} from '@omniquant/plugin-sdk';

import type { CheckedParameters } from '../../../core/ports/plugin-catalog.ts';
import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';
import { PluginError } from '../plugin-error.ts';
import type { CheckedStrategy } from '../strategy-parameters.ts';
import type { DescribedExtension } from './read-plugin.ts';
import type { Sandbox } from './sandbox.ts';

/** How a strategy is asked where its own code may not run. */
export interface SandboxedStrategy {
  check(config: unknown, run: StrategyRun): Promise<CheckedStrategy>;
  /** Of parameters that have passed. Rejects with HostedStrategyError. */
  uses(config: unknown, run: StrategyRun): Promise<StrategyUses>;
}

/** The same of an optimizer. */
export interface SandboxedOptimizer {
  check(config: unknown): Promise<CheckedParameters>;
}

const strategies = new WeakMap<object, SandboxedStrategy>();
const optimizers = new WeakMap<object, SandboxedOptimizer>();

/** Undefined for a strategy whose code runs in the gateway. */
export const sandboxedStrategy = (definition: StrategyDefinition): SandboxedStrategy | undefined =>
  strategies.get(definition);

/** Undefined for an optimizer whose code runs in the gateway. */
export const sandboxedOptimizer = (definition: OptimizerDefinition): SandboxedOptimizer | undefined =>
  optimizers.get(definition);

/**
 * A plugin whose code never runs in the gateway: what it declares was read in a sandbox. It may hold strategies, and
 * optimizers for strategies in processes; whatever else a plugin can be has to run in the gateway.
 * @throws PluginError
 */
export async function readSandboxedPlugin(specifier: string, sandbox: Sandbox): Promise<Plugin> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new PluginError('PLUGIN_INVALID', specifier, why, { cause });
  };
  const described = await sandbox.describe(specifier).catch((cause: unknown) => {
    const code = cause instanceof HostedStrategyError ? `${cause.code}: ` : '';
    return refuse(
      `it cannot be read: ${code}${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  });
  const other = described.extensions.find(({ kind }) => kind !== 'strategy' && kind !== 'optimizer');
  if (other !== undefined || described.hasLifecycle) {
    const what = other === undefined ? 'a start or stop' : `the ${other.kind} ${other.id}`;
    refuse(
      `it has ${what}, which would run in the gateway, and its isolation is "process"; ` +
        'give it the isolation "worker" in the list of plugins if you trust its code',
    );
  }
  const { api, name, version } = described;
  const extensions = described.extensions.map((extension) =>
    extension.kind === 'strategy'
      ? strategyOf(specifier, extension, sandbox)
      : optimizerOf(specifier, extension, sandbox),
  );
  return definePlugin({ name, version, api, extensions });
}

function strategyOf(specifier: string, described: DescribedExtension, sandbox: Sandbox): StrategyDefinition {
  const { hasUses, id } = described;
  const definition = defineStrategy({ ...declared(described), create: () => refuseToRun(specifier) });
  strategies.set(definition, {
    check: (config, run) => sandbox.checkStrategy({ specifier, strategy: id, config, run }),
    uses: (config, run) =>
      hasUses ? sandbox.uses({ specifier, strategy: id, config, run }) : Promise.resolve({}),
  });
  return definition;
}

function optimizerOf(
  specifier: string,
  described: DescribedExtension,
  sandbox: Sandbox,
): OptimizerDefinition {
  const { id } = described;
  const definition = defineOptimizer({ ...declared(described), create: () => refuseToRun(specifier) });
  optimizers.set(definition, { check: (config) => sandbox.checkOptimizer({ specifier, id, config }) });
  return definition;
}

const declared = ({ config, description, id }: DescribedExtension) => ({
  ...{ id, description, config: T.Unsafe(config as TSchema) },
});

function refuseToRun(specifier: string): never {
  throw new PluginError('PLUGIN_INVALID', specifier, 'its code runs in sandboxed processes only');
}
