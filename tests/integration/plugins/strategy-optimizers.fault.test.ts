import { afterEach, describe, expect, it } from '@jest/globals';
import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';
import { EMPTY_PORTFOLIO } from '@omniquant/plugin-sdk/strategy-view';

import type { HostedStrategy } from '../../../core/ports/strategy-host.ts';
import { createWorkerStrategies } from '../../../gateway/plugins/isolation/worker-strategies.ts';
import { createLogger } from '../../../gateway/telemetry/logger.ts';
import { placedAt } from '../../support/plugins/placed.ts';

const UNRULY = new URL('../../support/plugins/unruly-jobs.ts', import.meta.url).href;
const SYMBOLS = ['A', 'B'];

type Parameters = Readonly<Record<string, number>>;

/** Runs the rebalancer in a worker, with an optimizer of a plugin of its own. */
const hostOf = (specifier: string, id: string, config: Parameters) =>
  placedAt(workers, '@omniquant/strategy-rebalance', [{ name: 'weights', specifier, id, config }]);

const workers = createWorkerStrategies({
  logger: createLogger({ level: 'silent', instanceId: 'test' }),
  channel: { requestTimeoutMs: 2_000, startTimeoutMs: 20_000, heartbeatMs: 200 },
  heapMegabytes: 64,
  externalMegabytes: 128,
});

const opened: HostedStrategy[] = [];

async function open(specifier: string, id: string, config: Parameters = {}): Promise<HostedStrategy> {
  const own = { method: 'optimizer', weights: {}, optimizer: id, optimizerConfig: config };
  const numbers = { minWeight: 0, maxWeight: 1, everyBars: 1, driftBand: 0, cashBuffer: 0, minTrade: 0 };
  const hosted = await hostOf(specifier, id, config).open(
    {
      owner: { workspaceId: 'w1', accountId: 'a1' },
      terms: {
        ...{ strategyId: 's1', strategy: 'rebalance', symbols: SYMBOLS, interval: 'MINUTE_1', seed: 's1' },
        config: { ...own, ...numbers },
      },
      instruments: SYMBOLS.map((symbol) => ({
        ...{ symbol, currency: 'USD', tickSize: '0.01', lotSize: '1', multiplier: '1' },
        ...{ shortable: true, fractionable: false },
      })),
      saved: null,
    },
    AbortSignal.timeout(30_000),
  );
  opened.push(hosted);
  return hosted;
}

afterEach(async () => {
  for (const hosted of opened.splice(0)) await hosted.close();
});

const barsAt = (minute: number, closes: readonly number[]) =>
  SYMBOLS.map((symbol, index) => {
    const close = closes[index]!;
    const prices = { open: close, high: close, low: close, close, volume: 1 };
    return { symbol, interval: 'MINUTE_1' as const, at: minute * 60_000, ...prices };
  });

const roundAt = (minute: number, closes: readonly number[]): StrategyInput[] =>
  barsAt(minute, closes).map((bar) => ({ kind: 'bar', at: bar.at + 60_000, bar }));

const begin = async (hosted: HostedStrategy): Promise<void> => {
  await hosted.run([{ kind: 'start', at: 0 }], { ...EMPTY_PORTFOLIO, cash: 10_000 }, false);
};

describe('a strategy in a worker with an optimizer of another plugin', () => {
  it('is told what the optimizer needs, and trades by its weights', async () => {
    const hosted = await open('@omniquant/optimizer-inverse-volatility', 'inverse-volatility', { period: 2 });
    expect(hosted.inputs.warmup).toBe(2);
    await hosted.warm([...barsAt(0, [100, 100]), ...barsAt(1, [110, 105])]);
    await begin(hosted);
    const { effects } = await hosted.run(roundAt(2, [110, 105]), null, false);
    // A third of 10,000 at 110, two thirds at 105.
    expect(effects.filter(({ type }) => type === 'place')).toMatchObject([
      { order: { symbol: 'A', side: 'BUY', quantity: '30' } },
      { order: { symbol: 'B', side: 'BUY', quantity: '63' } },
    ]);
  });

  it.each([
    ['throws', 'STRATEGY_OPTIMIZER_FAILED'],
    ['refuses', 'STRATEGY_OPTIMIZER_FAILED'],
    ['blocks', 'STRATEGY_BLOCKED'],
  ])('fails when its optimizer %s', async (id, code) => {
    const hosted = await open(UNRULY, id);
    await begin(hosted);
    await expect(hosted.run(roundAt(0, [100, 100]), null, false)).rejects.toMatchObject({ code });
  });

  it('does not start without it', async () => {
    await expect(open(UNRULY, 'unknown')).rejects.toThrow(/has no optimizer unknown/);
  });
});
