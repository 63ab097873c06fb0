import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineOptimizer, defineStrategy, type Extension, T } from '@omniquant/plugin-sdk';

import type { HostedStrategy, OpenStrategy } from '../../../../core/ports/strategy-host.ts';
import { followPlugins } from '../../../../gateway/plugins/following-strategies.ts';
import type { PlacedStrategy } from '../../../../gateway/plugins/isolation/placed-strategy.ts';
import { NO_CONTROLS, type PluginControls } from '../../../../gateway/plugins/plugin-controls.ts';
import type { PluginHost } from '../../../../gateway/plugins/plugin-host.ts';
import { memoryEntry, startHost } from '../../../support/plugins/plugin-modules.ts';

const FOREVER = new AbortController().signal;

const optimizer = defineOptimizer({
  ...{ id: 'even', description: 'The same of each', config: T.Object({ depth: T.Integer({ default: 3 }) }) },
  create: () => ({ bars: 0, weights: () => null }),
});
const strategy = defineStrategy({
  ...{ id: 'weighs', description: 'Uses an optimizer', config: T.Object({}) },
  uses: () => ({ optimizers: { sizes: { id: 'even' } } }),
  create: () => ({}),
});

let version = 0;
const without = (...names: readonly string[]): PluginControls => ({
  ...NO_CONTROLS,
  version: (version += 1),
  switches: new Map(names.map((name) => [name, { enabled: false, reason: null, changedAt: version }])),
});

const opening: OpenStrategy = {
  owner: { workspaceId: 'w1', accountId: 'a1' },
  terms: {
    strategyId: 's1',
    strategy: 'weighs',
    symbols: ['A'],
    interval: 'MINUTE_1',
    config: {},
    seed: '1',
  },
  instruments: [],
  saved: null,
};

describe('a strategy that uses an optimizer of another plugin', () => {
  let host: PluginHost;
  const placed: PlacedStrategy[] = [];

  beforeEach(async () => {
    placed.length = 0;
    const entry = (name: string, extension: unknown) =>
      memoryEntry({ name, extensions: [extension as Extension] });
    host = await startHost([entry('strategies', strategy), entry('optimizers', optimizer)]);
  });
  afterEach(() => host.close());

  const strategies = () =>
    followPlugins(host, {
      open(one) {
        placed.push(one);
        let die: (error: Error) => void = () => undefined;
        const died = new Promise<never>((_, reject) => (die = reject));
        died.catch(() => undefined);
        const never = new Promise<never>(() => undefined);
        const hosted: HostedStrategy = {
          inputs: { warmup: 0, intervals: [], quotes: false, trades: false },
          ...{ remembers: true, died, warm: () => never, run: () => Promise.race([died, never]) },
          close() {
            die(new Error('closed'));
            return Promise.resolve();
          },
        };
        return Promise.resolve(hosted);
      },
    });

  it('is opened with the optimizer’s place and its parameters with their defaults', async () => {
    await strategies().open(opening, FOREVER);
    expect(placed).toMatchObject([
      {
        ...{ specifier: 'memory:strategies', isolation: 'worker' },
        optimizers: [{ name: 'sizes', specifier: 'memory:optimizers', id: 'even', config: { depth: 3 } }],
      },
    ]);
  });

  it.each([
    ['the optimizer', 'optimizers', 'STRATEGY_OPTIMIZER_NOT_FOUND', { kind: 'optimizer', id: 'even' }],
    ['itself', 'strategies', 'PLUGIN_NOT_FOUND', { kind: 'strategy', id: 'weighs' }],
  ] as const)(
    'ends with the plugin of %s, cannot be opened, and is told of its return',
    async (_who, plugin, code, missing) => {
      const following = strategies();
      const hosted = await following.open(opening, FOREVER);
      const running = hosted.run([], null, false);
      await host.apply(without(plugin));
      for (const end of [running, hosted.died, following.open(opening, FOREVER)]) {
        await expect(end).rejects.toMatchObject({ code, missing });
      }
      const isThere = following.whenThere?.(missing, FOREVER);
      await host.apply(without('nobody'));
      await isThere;
      await following.open(opening, FOREVER);
      expect(placed).toHaveLength(2);
    },
  );

  it('begins again when the plugin of the optimizer is replaced', async () => {
    const hosted = await strategies().open(opening, FOREVER);
    await host.reload('optimizers');
    await expect(hosted.died).rejects.toMatchObject({
      ...{ code: 'PLUGIN_REPLACED', message: 'the plugin of optimizer even was started anew' },
    });
  });

  it('waits for an optimizer that is about to come back', async () => {
    await host.apply(without('optimizers'));
    const back = host.apply(without());
    await strategies().open(opening, FOREVER);
    await back;
    expect(placed).toHaveLength(1);
  });
});
