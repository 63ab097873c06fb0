import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';
import { EMPTY_PORTFOLIO } from '@omniquant/plugin-sdk/strategy-view';

import type { HostedStrategy, StrategyHost } from '../../../core/ports/strategy-host.ts';
import { createProcessStrategies } from '../../../gateway/plugins/isolation/process-strategies.ts';
import { Quarantine } from '../../../gateway/plugins/isolation/quarantine.ts';
import { createSandbox, type SandboxOptions } from '../../../gateway/plugins/isolation/sandbox.ts';
import type { AssignedOptimizer } from '../../../gateway/plugins/isolation/strategy-protocol.ts';
import { createLogger } from '../../../gateway/telemetry/logger.ts';
import { placedAt } from './placed.ts';

export const SANDBOXED = new URL('./sandboxed-strategies.mjs', import.meta.url).href;

export const silent = createLogger({ level: 'silent', instanceId: 'test' });

const MEGABYTES = 64;

export const sandboxed = (options: Partial<SandboxOptions> = {}) =>
  createSandbox({
    ...{ namespaces: 'required', logger: silent, heapMegabytes: MEGABYTES, externalMegabytes: MEGABYTES },
    ...options,
  });

/** Strategies of the plugin of strangers, in sandboxed processes. */
export const strangers = (
  options: Partial<SandboxOptions> & {
    readonly crashes?: number;
    readonly plugin?: string;
    readonly optimizers?: readonly AssignedOptimizer[];
    readonly requestTimeoutMs?: number;
  } = {},
): StrategyHost =>
  placedAt(
    createProcessStrategies({
      sandbox: sandboxed(options),
      quarantine: new Quarantine({ crashes: options.crashes ?? 1_000, withinMs: 600_000, now: () => 0 }),
      logger: silent,
      channel: {
        requestTimeoutMs: options.requestTimeoutMs ?? 3_000,
        startTimeoutMs: 20_000,
        heartbeatMs: 200,
      },
    }),
    options.plugin ?? SANDBOXED,
    options.optimizers,
  );

export const openStranger = (
  host: StrategyHost,
  strategy: string,
  {
    config = {},
    strategyId = 's1',
    workspaceId = 'w1',
  }: { config?: Record<string, string>; strategyId?: string; workspaceId?: string } = {},
): Promise<HostedStrategy> =>
  host.open(
    {
      owner: { workspaceId, accountId: 'a1' },
      terms: { strategyId, strategy, symbols: ['AAPL'], interval: 'MINUTE_1', seed: 's1', config },
      instruments: [],
      saved: null,
    },
    AbortSignal.timeout(30_000),
  );

export const barInput = (number: number): StrategyInput => {
  const at = number * 60_000;
  const prices = { open: 100, high: 101, low: 99, close: 100, volume: 1 };
  return { kind: 'bar', at, bar: { symbol: 'AAPL', interval: 'MINUTE_1', at, ...prices } };
};

/** What a strategy that tries things logs of them, once its attempts are over. */
export async function tellings(hosted: HostedStrategy): Promise<readonly string[]> {
  for (let bar = 1; ; bar += 1) {
    const { effects } = await hosted.run([barInput(bar)], EMPTY_PORTFOLIO, false);
    if (effects.length > 0) return effects.map((effect) => ('message' in effect ? effect.message : ''));
  }
}
