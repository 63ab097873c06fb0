import {
  isPlugin,
  type LentOptimizer,
  type OptimizerDefinition,
  type Plugin,
  type StrategyDefinition,
  StrategyError,
} from '@omniquant/plugin-sdk';
import { lendOptimizer } from '@omniquant/plugin-sdk/optimizer-lending';
import {
  type Optimizers,
  StrategyInstance,
  type StrategyStep,
  usesOf,
  wantedInputs,
} from '@omniquant/plugin-sdk/strategy-instance';
import type { PortfolioData } from '@omniquant/plugin-sdk/strategy-view';

import { HeldInputs } from './held-inputs.ts';
import { unpackInputs } from './packed-inputs.ts';
import type {
  AssignedOptimizer,
  Failure,
  FromStrategy,
  NumberedRequest,
  StrategyAnswer,
  StrategyAssignment,
  StrategyRequest,
} from './strategy-protocol.ts';

/** What a strategy is reached through from inside: the port of a worker thread, the pipe of a process. */
export interface StrategyCarrier {
  tell(message: FromStrategy): void;
  /** Called once the strategy can answer. */
  onRequest(listener: (request: NumberedRequest) => void): void;
}

/** Runs the strategy of an assignment and answers for it; a failure to start is told like an answer. */
export async function serveStrategy(assignment: StrategyAssignment, carrier: StrategyCarrier): Promise<void> {
  try {
    await start(assignment, carrier);
  } catch (error) {
    carrier.tell({ kind: 'failed', id: null, failure: failureOf(error) });
  }
}

/** The plugin of a package name or file URL. Throws when the module has none. */
export async function importPlugin(specifier: string): Promise<Plugin> {
  const module = (await import(specifier)) as { default?: unknown };
  // A CommonJS package's own default export sits one level deeper.
  const exported = isPlugin(module.default)
    ? module.default
    : (module.default as { default?: unknown } | undefined)?.default;
  if (!isPlugin(exported)) throw new Error(`${specifier} has no plugin as its default export`);
  return exported;
}

/** Throws when the plugin has no such strategy. */
export async function findStrategy({
  specifier,
  strategy,
}: Pick<StrategyAssignment, 'specifier' | 'strategy'>): Promise<StrategyDefinition> {
  const { extensions } = await importPlugin(specifier);
  const found = extensions.find(({ kind, id }) => kind === 'strategy' && id === strategy);
  if (found === undefined) throw new Error(`${specifier} has no strategy ${strategy}`);
  return found as unknown as StrategyDefinition;
}

async function start(assignment: StrategyAssignment, carrier: StrategyCarrier): Promise<void> {
  const { config, instruments, run, saved, seed } = assignment;
  const definition = await findStrategy(assignment);
  const optimizers = await optimizersOf(definition, assignment);
  const instance = new StrategyInstance({
    ...{ definition, config, run, seed, instruments, saved, optimizers },
  });
  const answer = answererOf(instance);
  carrier.onRequest(({ id, request }) => {
    try {
      carrier.tell({ kind: 'answer', id, answer: answer(request) });
    } catch (error) {
      carrier.tell({ kind: 'failed', id, failure: failureOf(error) });
    }
  });
  const inputs = wantedInputs(definition, config, run, optimizers);
  carrier.tell({ kind: 'ready', inputs, remembers: instance.remembers });
}

/** The watchdog of the start ends one that takes too long to be set up. */
const NEVER_ABORTED = new AbortController().signal;

async function optimizersOf(
  definition: StrategyDefinition,
  { config, optimizers, run }: StrategyAssignment,
): Promise<Optimizers> {
  const uses = usesOf(definition, config, run).optimizers ?? {};
  const lent = new Map<string, LentOptimizer>();
  for (const name of Object.keys(uses)) {
    const assigned = optimizers.find((one) => one.name === name);
    if (assigned === undefined) throw new Error(`it uses the optimizer ${name}, which it was not lent`);
    const found = await findOptimizer(assigned);
    lent.set(name, await lendOptimizer(found, assigned.config, NEVER_ABORTED).catch(failedAtStart));
  }
  return lent;
}

function failedAtStart(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause);
  throw new StrategyError('STRATEGY_OPTIMIZER_FAILED', message, { cause });
}

/** Throws when the plugin has no such optimizer. */
export async function findOptimizer({
  id,
  specifier,
}: Pick<AssignedOptimizer, 'id' | 'specifier'>): Promise<OptimizerDefinition> {
  const { extensions } = await importPlugin(specifier);
  const found = extensions.find((extension) => extension.kind === 'optimizer' && extension.id === id);
  if (found === undefined) throw new Error(`${specifier} has no optimizer ${id}`);
  return found as unknown as OptimizerDefinition;
}

function answererOf(instance: StrategyInstance): (request: StrategyRequest) => StrategyAnswer {
  const held = new HeldInputs();
  const run = (portfolio: PortfolioData | null, save: boolean): StrategyStep => {
    const step = instance.run(held.inputs, portfolio, save, held.first);
    held.take(step.taken);
    return step;
  };
  return (request) => {
    switch (request.kind) {
      case 'warm':
        for (const bar of request.bars) instance.warm(bar);
        return null;
      case 'run': {
        held.add(request.kept, unpackInputs(request.inputs));
        return run(request.portfolio, request.save);
      }
      case 'goOn':
        return run(null, request.save);
      case 'ping':
        return null;
    }
  };
}

/** What went wrong, as it is told to the gateway. */
export function failureOf(error: unknown): Failure {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' ? code : 'STRATEGY_THREW',
    message: typeof message === 'string' ? message : String(error),
  };
}
