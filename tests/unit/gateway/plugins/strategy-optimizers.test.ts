import { describe, expect, it } from '@jest/globals';
import minimumVariancePlugin from '@omniquant/optimizer-minimum-variance';
import { defineStrategy, type Plugin, type StrategyDefinition, T } from '@omniquant/plugin-sdk';
import rebalancePlugin, { rebalance } from '@omniquant/strategy-rebalance';

import type { PluginHost } from '../../../../gateway/plugins/plugin-host.ts';
import { checkStart, optimizersFor } from '../../../../gateway/plugins/strategy-optimizers.ts';

const RUN = { symbols: ['A', 'B'], interval: 'DAY_1' } as const;

/** A host that has these plugins. */
function hostOf(plugins: readonly Plugin[]): PluginHost {
  const extensions = plugins.flatMap((plugin) =>
    plugin.extensions.map((definition) => ({ plugin, definition })),
  );
  return {
    extension(kind: string, id: string) {
      const found = extensions.find(({ definition }) => definition.kind === kind && definition.id === id);
      return found === undefined
        ? null
        : { ...found, plugin: found.plugin.name, specifier: found.plugin.name };
    },
    plugins,
  } as unknown as PluginHost;
}

const host = hostOf([rebalancePlugin, minimumVariancePlugin]);
const definition = rebalance as unknown as StrategyDefinition;

const strategyOf = (one: StrategyDefinition) => ({
  definition: one,
  entry: { specifier: 'test', grants: [], required: false },
});
const check = (config: object, one = definition) => checkStart(host, strategyOf(one), config, RUN);

describe('what a strategy uses', () => {
  it('is checked with its own parameters, with the field of the strategy that is wrong', async () => {
    expect(await check({ optimizer: 'minimum-variance', optimizerConfig: { period: 10 } })).toMatchObject({
      config: { optimizerConfig: { period: 10 } },
    });
    expect(
      await check({ optimizer: 'minimum-variance', optimizerConfig: { period: 1, depth: 3 } }),
    ).toMatchObject({
      problems: [
        { field: 'optimizerConfig.depth', message: expect.stringContaining('is not a known option') },
        { field: 'optimizerConfig.period', message: expect.stringContaining('must be >= 2') },
      ],
    });
  });

  it('is to be there: what is spelt most like it is suggested', async () => {
    const message =
      'names the optimizer "min-variance", which no loaded plugin has: the nearest is minimum-variance';
    expect(await check({ optimizer: 'min-variance' })).toMatchObject({
      problems: [{ field: 'optimizer', message }],
    });
  });

  it('is not asked for where the strategy’s own parameters are wrong, nor where it needs none', async () => {
    expect(await check({ everyBars: 0, optimizer: 'none' })).toMatchObject({
      problems: [{ field: 'everyBars' }],
    });
    expect(await check({ method: 'fixed', weights: { A: 1 }, optimizer: 'none' })).toHaveProperty('config');
  });

  it('is a problem of the start when the strategy cannot say it', async () => {
    const broken = defineStrategy({
      ...{ id: 'broken', description: 'Cannot say what it uses', config: T.Object({}) },
      uses() {
        throw new Error('a bug');
      },
      create: () => ({}),
    }) as unknown as StrategyDefinition;
    expect(await check({}, broken)).toEqual({
      problems: [{ field: '', message: 'cannot be checked: on uses: a bug' }],
    });
  });

  it('is assigned with its defaults and where to import it from', async () => {
    const config = { method: 'optimizer', optimizer: 'minimum-variance', optimizerConfig: { period: 10 } };
    const found = await optimizersFor(host, strategyOf(definition), config, RUN);
    expect(found.map(({ assigned }) => assigned)).toEqual([
      {
        ...{ name: 'weights', id: 'minimum-variance', specifier: '@omniquant/optimizer-minimum-variance' },
        config: { period: 10, shrinkage: 0.1 },
      },
    ]);
    const gone = optimizersFor(host, strategyOf(definition), { ...config, optimizer: 'gone' }, RUN);
    await expect(gone).rejects.toMatchObject({
      ...{ code: 'STRATEGY_OPTIMIZER_NOT_FOUND', isHopeless: false },
      missing: { kind: 'optimizer', id: 'gone' },
    });
  });
});
