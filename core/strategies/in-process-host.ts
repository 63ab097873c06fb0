import type { OptimizerDefinition, StrategyDefinition } from '@omniquant/plugin-sdk';
import { type FoundOptimizer, lendOptimizers } from '@omniquant/plugin-sdk/optimizer-lending';
import {
  StrategyInstance,
  type StrategyStep,
  usesOf,
  wantedInputs,
} from '@omniquant/plugin-sdk/strategy-instance';

import {
  type HostedStep,
  type HostedStrategy,
  HostedStrategyError,
  type NeededExtension,
  type OpenStrategy,
  type StrategyHost,
} from '../ports/strategy-host.ts';

/**
 * Runs strategies in this process: nothing keeps one from blocking it. For backtests, and for code that is
 * as trusted as the gateway itself. Parameters, those of optimizers too, are taken as they are.
 */
export function createInProcessHost(
  find: (strategy: string) => StrategyDefinition | undefined,
  findOptimizer: (optimizer: string) => OptimizerDefinition | undefined = () => undefined,
): StrategyHost {
  return {
    async open(opening, signal) {
      const definition = find(opening.terms.strategy);
      if (definition === undefined) {
        throw missing('PLUGIN_NOT_FOUND', { kind: 'strategy', id: opening.terms.strategy });
      }
      try {
        return await open(definition, opening, findOptimizer, signal);
      } catch (cause) {
        throw hostedError(cause);
      }
    },
  };
}

async function open(
  definition: StrategyDefinition,
  { instruments, saved, terms }: OpenStrategy,
  findOptimizer: (optimizer: string) => OptimizerDefinition | undefined,
  signal: AbortSignal,
): Promise<HostedStrategy> {
  const { config, interval, seed, symbols } = terms;
  const run = { symbols, interval };
  const { optimizers: uses = {} } = usesOf(definition, config, run);
  const optimizers = await lendOptimizers(
    uses,
    ({ config: given = {}, id }): FoundOptimizer => {
      const found = findOptimizer(id);
      if (found === undefined) throw missing('STRATEGY_OPTIMIZER_NOT_FOUND', { kind: 'optimizer', id });
      return { definition: found, config: given };
    },
    signal,
  );
  const instance = new StrategyInstance({ definition, config, run, seed, instruments, saved, optimizers });
  return {
    inputs: wantedInputs(definition, config, run, optimizers),
    remembers: instance.remembers,
    died: NEVER,
    warm: (bars) =>
      attempt(() => {
        for (const bar of bars) instance.warm(bar);
      }),
    run: (inputs, portfolio, save) => attempt(() => hostedStep(instance.run(inputs, portfolio, save))),
    close: () => Promise.resolve(),
  };
}

const hostedStep = ({ effects, saved, taken }: StrategyStep): HostedStep => ({
  taken,
  effects,
  saved: saved === null ? null : () => JSON.stringify(saved),
});

const NEVER = new Promise<never>(() => undefined);

const missing = (code: string, extension: NeededExtension): HostedStrategyError =>
  new HostedStrategyError(code, `no plugin in use has the ${extension.kind} ${extension.id}`, {
    isHopeless: true,
    missing: extension,
  });

/** What the strategy throws is its own failure. */
function attempt<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (cause) {
    return Promise.reject(hostedError(cause));
  }
}

function hostedError(cause: unknown): HostedStrategyError {
  if (cause instanceof HostedStrategyError) return cause;
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  return new HostedStrategyError(code ?? 'STRATEGY_THREW', message ?? String(cause), { cause });
}
