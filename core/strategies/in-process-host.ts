import type { StrategyDefinition } from '@omniquant/plugin-sdk';
import { StrategyInstance, wantedInputs } from '@omniquant/plugin-sdk/strategy-instance';

import { type HostedStrategy, HostedStrategyError, type StrategyHost } from '../ports/strategy-host.ts';

/**
 * Runs strategies in this process: nothing keeps one from blocking it. For backtests, and for code that is
 * as trusted as the gateway itself.
 */
export function createInProcessHost(
  find: (strategy: string) => StrategyDefinition | undefined,
): StrategyHost {
  return {
    open({ terms, instruments, saved }): Promise<HostedStrategy> {
      const definition = find(terms.strategy);
      if (definition === undefined) {
        const message = `no loaded plugin has the strategy ${terms.strategy}`;
        return Promise.reject(new HostedStrategyError('PLUGIN_NOT_FOUND', message, { isHopeless: true }));
      }
      const { config, interval, seed, symbols } = terms;
      return attempt(() => {
        const run = { symbols, interval };
        const instance = new StrategyInstance({ definition, config, run, seed, instruments, saved });
        return {
          inputs: wantedInputs(definition, config, run),
          remembers: instance.remembers,
          died: NEVER,
          warm: (bars) =>
            attempt(() => {
              for (const bar of bars) instance.warm(bar);
            }),
          run: (inputs, portfolio, save) => attempt(() => instance.run(inputs, portfolio, save)),
          close: () => Promise.resolve(),
        };
      });
    },
  };
}

const NEVER = new Promise<never>(() => undefined);

/** What the strategy throws is its own failure. */
function attempt<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (cause) {
    const { code, message } = cause as { readonly code?: string; readonly message?: string };
    return Promise.reject(
      new HostedStrategyError(code ?? 'STRATEGY_THREW', message ?? String(cause), { cause }),
    );
  }
}
