import type { Bar } from '@omniquant/plugin-sdk';
import { Random } from '@omniquant/plugin-sdk/random';
import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';
import { fakeStrategyContext } from '@omniquant/plugin-sdk/testing';

import type { HostedStrategy, StrategyHost } from '../../core/ports/strategy-host.ts';
import { createInProcessHost } from '../../core/strategies/in-process-host.ts';
import { createWorkerStrategies } from '../../gateway/plugins/isolation/worker-strategies.ts';
import { createLogger } from '../../gateway/telemetry/logger.ts';
import { crossing } from '../support/plugins/crossing-strategy.ts';
import { placedAt } from '../support/plugins/placed.ts';
import type { Bench } from './bench.ts';
import { median } from './median.ts';

const PLUGIN = new URL('../support/plugins/crossing-strategy.ts', import.meta.url).href;
const ROUNDS = 3;
const BATCH = 1_024;
const SYMBOL = 'AAPL';
const REFERENCE = 'the hooks of the same strategy called in a loop';

/** Bars a second through a strategy of moving averages, in this process and in a worker. */
export const strategyHost: Bench = {
  name: 'strategy-host',
  async *run({ quick }) {
    const inputs = randomBars(quick ? 100_000 : 4_000_000);
    const workers = createWorkerStrategies({
      logger: createLogger({ level: 'silent', instanceId: 'bench' }),
      channel: { requestTimeoutMs: 10_000, startTimeoutMs: 20_000, heartbeatMs: 10_000 },
      heapMegabytes: 256,
      externalMegabytes: 256,
    });
    const worker = placedAt(workers, PLUGIN);
    const rates = { bare: [] as number[], inProcess: [] as number[], worker: [] as number[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const bare = callHooks(inputs);
      const inProcess = await drive(
        createInProcessHost(() => crossing),
        inputs,
      );
      const isolated = await drive(worker, inputs);
      // The first round warms up.
      if (round === 0) continue;
      rates.bare.push(bare);
      rates.inProcess.push(inProcess);
      rates.worker.push(isolated);
    }
    const reference = median(rates.bare);
    for (const [name, measured, target] of [
      ['in-process', rates.inProcess, '2,000,000'],
      ['worker', rates.worker, '200,000'],
    ] as const) {
      const value = median(measured);
      const text = `${REFERENCE}; target ${target}`;
      yield { name, value, unit: 'bars/s', ratio: value / reference, reference: text };
    }
  },
};

function randomBars(count: number): readonly StrategyInput[] {
  const random = Random.fromSeed('strategy-host');
  let close = 100;
  return Array.from({ length: count }, (_, index): StrategyInput => {
    const open = close;
    close *= 1 + (random.fraction() - 0.5) / 500;
    const at = index * 60_000;
    const bar: Bar = {
      ...{ symbol: SYMBOL, interval: 'MINUTE_1' as const, at, open, close, volume: 1 },
      high: Math.max(open, close),
      low: Math.min(open, close),
    };
    return { kind: 'bar', at: at + 60_000, bar };
  });
}

const perSecond = (count: number, since: number): number => (count * 1_000) / (performance.now() - since);

function callHooks(inputs: readonly StrategyInput[]): number {
  const context = fakeStrategyContext({ symbols: [SYMBOL], interval: 'MINUTE_1' });
  const hooks = crossing.create({}, context);
  const since = performance.now();
  let effects = 0;
  for (const input of inputs) {
    if (input.kind === 'bar' && hooks.onBar?.(input.bar, {} as never) !== undefined) effects += 1;
  }
  if (effects === 0) throw new Error('the averages never crossed');
  return perSecond(inputs.length, since);
}

async function drive(host: StrategyHost, inputs: readonly StrategyInput[]): Promise<number> {
  const hosted = await host.open(
    {
      owner: { workspaceId: 'w', accountId: 'a' },
      terms: {
        ...{ strategyId: 's', strategy: 'crossing', symbols: [SYMBOL], config: {}, seed: 's' },
        interval: 'MINUTE_1',
      },
      instruments: [],
      saved: null,
    },
    AbortSignal.timeout(60_000),
  );
  try {
    return await feed(hosted, inputs);
  } finally {
    await hosted.close();
  }
}

async function feed(hosted: HostedStrategy, inputs: readonly StrategyInput[]): Promise<number> {
  const since = performance.now();
  for (let next = 0; next < inputs.length;) {
    const { taken } = await hosted.run(inputs.slice(next, next + BATCH), null, false);
    next += taken;
  }
  return perSecond(inputs.length, since);
}
