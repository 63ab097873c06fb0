import { afterEach, describe, expect, it } from '@jest/globals';
import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';
import { EMPTY_PORTFOLIO } from '@omniquant/plugin-sdk/strategy-view';

import type { HostedStrategy } from '../../../core/ports/strategy-host.ts';
import { createWorkerStrategies } from '../../../gateway/plugins/isolation/worker-strategies.ts';
import { createLogger } from '../../../gateway/telemetry/logger.ts';
import { placedAt } from '../../support/plugins/placed.ts';
import { readable } from '../../support/plugins/readable-step.ts';

const PLUGIN = new URL('../../support/plugins/unruly-strategies.ts', import.meta.url).href;

const workers = createWorkerStrategies({
  logger: createLogger({ level: 'silent', instanceId: 'test' }),
  channel: { requestTimeoutMs: 2_000, startTimeoutMs: 20_000, heartbeatMs: 200 },
  heapMegabytes: 64,
  externalMegabytes: 128,
});
const host = placedAt(workers, PLUGIN);

const bar = (number: number): StrategyInput => {
  const at = number * 60_000;
  const prices = { open: 100, high: 101, low: 99, close: 100, volume: 1 };
  return { kind: 'bar', at, bar: { symbol: 'AAPL', interval: 'MINUTE_1', at, ...prices } };
};

describe('a strategy in a worker', () => {
  const opened: HostedStrategy[] = [];

  const open = async (strategy: string): Promise<HostedStrategy> => {
    const hosted = await host.open(
      {
        owner: { workspaceId: 'w1', accountId: 'a1' },
        terms: {
          ...{ strategyId: 's1', strategy, symbols: ['AAPL'], interval: 'MINUTE_1', seed: 's1' },
          config: { quantity: '2' },
        },
        instruments: [],
        saved: null,
      },
      AbortSignal.timeout(30_000),
    );
    opened.push(hosted);
    return hosted;
  };

  afterEach(async () => {
    for (const hosted of opened.splice(0)) await hosted.close();
  });

  it('takes inputs up to the first that has effects, and goes on from what it saved', async () => {
    const hosted = await open('steady');
    expect(hosted).toMatchObject({ remembers: true, inputs: { warmup: 0, quotes: false } });
    const step = await hosted.run([bar(1), bar(2)], EMPTY_PORTFOLIO, false);
    expect(readable(step)).toMatchObject({
      taken: 1,
      effects: [{ type: 'log' }, { type: 'place' }],
      saved: { hooks: 1 },
    });
    const next = await hosted.run([bar(2)], null, false);
    expect(readable(next)).toMatchObject({ taken: 1, saved: { hooks: 2 } });
  });

  it.each([
    ['throws', 'STRATEGY_THREW'],
    ['blocks', 'STRATEGY_BLOCKED'],
    ['leaks-heap', 'STRATEGY_OUT_OF_MEMORY'],
    ['leaks-buffers', 'STRATEGY_OUT_OF_MEMORY'],
    ['exits', 'STRATEGY_EXITED'],
    ['yields-nonsense', 'STRATEGY_BAD_EFFECT'],
    ['yields-for-ever', 'STRATEGY_TOO_MANY_EFFECTS'],
  ])(
    'that %s costs itself alone',
    async (strategy, code) => {
      const [hosted, other] = await Promise.all([open(strategy), open('steady')]);
      await expect(hosted.run([bar(1), bar(2), bar(3)], EMPTY_PORTFOLIO, false)).rejects.toMatchObject({
        code,
      });
      expect(await other.run([bar(1)], EMPTY_PORTFOLIO, false)).toMatchObject({ taken: 1 });
    },
    60_000,
  );

  it.each([
    ['throws-later', 'STRATEGY_THREW'],
    ['blocks-later', 'STRATEGY_BLOCKED'],
  ])(
    'that %s is found out between two steps',
    async (strategy, code) => {
      const hosted = await open(strategy);
      await hosted.run([bar(1), bar(2), bar(3)], EMPTY_PORTFOLIO, false);
      await expect(hosted.died).rejects.toMatchObject({ code });
    },
    60_000,
  );

  it('sees nothing of the environment', async () => {
    const hosted = await open('looks-around');
    const step = await hosted.run([bar(1), bar(2), bar(3)], EMPTY_PORTFOLIO, false);
    expect(step.effects).toEqual([{ type: 'log', level: 'INFO', message: 'the environment', data: [] }]);
  });

  it('is not started when its plugin has none such', async () => {
    await expect(open('unknown')).rejects.toThrow(/has no strategy unknown/);
  });
});
