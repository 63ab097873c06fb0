/** A worker thread that runs one strategy; started by worker-strategies.ts. */
import { parentPort, workerData } from 'node:worker_threads';

import { isPlugin, type Plugin, type StrategyDefinition } from '@omniquant/plugin-sdk';
import { type StrategyInput, StrategyInstance, wantedInputs } from '@omniquant/plugin-sdk/strategy-instance';

import { unpackInputs } from './packed-inputs.ts';
import type {
  Failure,
  FromStrategy,
  NumberedRequest,
  StrategyAnswer,
  StrategyAssignment,
  StrategyRequest,
} from './strategy-protocol.ts';

const tell = (message: FromStrategy): void => parentPort?.postMessage(message);

const failureOf = (error: unknown): Failure => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' ? code : 'STRATEGY_THREW',
    message: typeof message === 'string' ? message : String(error),
  };
};

async function findDefinition({ specifier, strategy }: StrategyAssignment): Promise<StrategyDefinition> {
  const module = (await import(specifier)) as { default?: unknown };
  // A CommonJS package's own default export sits one level deeper.
  const exported = isPlugin(module.default)
    ? module.default
    : (module.default as { default?: unknown } | undefined)?.default;
  const found = (exported as Plugin | undefined)?.extensions.find(
    ({ kind, id }) => kind === 'strategy' && id === strategy,
  );
  if (found === undefined) throw new Error(`${specifier} has no strategy ${strategy}`);
  return found as unknown as StrategyDefinition;
}

/** Inputs that were sent and not taken yet. */
let rest: readonly StrategyInput[] = [];

function answer(instance: StrategyInstance, request: StrategyRequest): StrategyAnswer {
  switch (request.kind) {
    case 'warm':
      for (const bar of request.bars) instance.warm(bar);
      return null;
    case 'run': {
      const inputs = [...rest.slice(0, request.kept), ...unpackInputs(request.inputs)];
      const step = instance.run(inputs, request.portfolio, request.save);
      rest = inputs.slice(step.taken);
      return step;
    }
    case 'ping':
      return null;
  }
}

async function start(assignment: StrategyAssignment): Promise<void> {
  const { config, instruments, run, saved, seed } = assignment;
  const definition = await findDefinition(assignment);
  const instance = new StrategyInstance({ definition, config, run, seed, instruments, saved });
  parentPort?.on('message', ({ id, request }: NumberedRequest) => {
    try {
      tell({ kind: 'answer', id, answer: answer(instance, request) });
    } catch (error) {
      tell({ kind: 'failed', id, failure: failureOf(error) });
    }
  });
  const inputs = wantedInputs(definition, config, run);
  tell({ kind: 'ready', inputs, remembers: instance.remembers });
}

start(workerData as StrategyAssignment).catch((error: unknown) => {
  tell({ kind: 'failed', id: null, failure: failureOf(error) });
});
