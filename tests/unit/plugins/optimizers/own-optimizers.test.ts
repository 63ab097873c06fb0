import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import equalWeightPlugin, { equalWeight } from '@omniquant/optimizer-equal-weight';
import inverseVolatilityPlugin, { inverseVolatility } from '@omniquant/optimizer-inverse-volatility';
import minimumVariancePlugin, { minimumVariance } from '@omniquant/optimizer-minimum-variance';
import { API_VERSION, isPlugin, type OptimizerDefinition, type Plugin } from '@omniquant/plugin-sdk';
import { lentOptimizer, optimizerConformance } from '@omniquant/plugin-sdk/testing';
import { satisfies } from 'semver';

const OWN: readonly (readonly [id: string, plugin: Plugin, definition: unknown, bad: readonly unknown[]])[] =
  [
    ['equal-weight', equalWeightPlugin, equalWeight, [{ period: 3 }]],
    ['inverse-volatility', inverseVolatilityPlugin, inverseVolatility, [{ period: 1 }, { period: 2.5 }]],
    ['minimum-variance', minimumVariancePlugin, minimumVariance, [{ period: 1 }, { shrinkage: 1.1 }]],
  ];

describe.each(OWN)('%s', (id, plugin, given, badConfigs) => {
  const definition = given as OptimizerDefinition;
  const folder = new URL(`../../../../plugins/optimizer-${id}/`, import.meta.url);

  for (const { number, run, title } of optimizerConformance(definition, { badConfigs })) {
    it(`${number} ${title}`, run);
  }

  it('is a plugin with one optimizer, of its package’s name and version, for this contract', () => {
    const { name, version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as Plugin;
    expect(isPlugin(plugin)).toBe(true);
    expect(plugin).toMatchObject({ name, version, extensions: [{ kind: 'optimizer', id }] });
    expect(satisfies(API_VERSION, plugin.api)).toBe(true);
  });

  it('documents each parameter with its default, and how it is used', () => {
    const readme = readFileSync(new URL('README.md', folder), 'utf8');
    const { properties } = definition.config as unknown as {
      properties: Record<string, { description?: string; default?: unknown }>;
    };
    for (const [name, schema] of Object.entries(properties)) {
      expect(schema.description).toMatch(/\S/);
      expect(readme).toMatch(new RegExp(`^\\| \`${name}\` .*\`${String(schema.default)}\``, 'm'));
    }
    expect(readme).toContain(`optimizer: "${id}"`);
  });
});

const assets = (closes: Readonly<Record<string, readonly number[]>>) =>
  Object.entries(closes).map(([symbol, series]) => ({ symbol, closes: series }));

describe('inverse-volatility', () => {
  it('gives twice the weight to what has half the deviation', async () => {
    const optimizer = await lentOptimizer(inverseVolatility, { period: 2 });
    // Returns of 10 % and 0 %, 5 % and 0 %.
    const weights = optimizer.weights({ assets: assets({ A: [100, 110, 110], B: [100, 105, 105] }) });
    expect(weights).toEqual({ A: expect.closeTo(1 / 3, 12), B: expect.closeTo(2 / 3, 12) });
  });
});

interface Reference {
  readonly shrinkage: number;
  readonly min: readonly number[];
  readonly max: readonly number[];
  /** An asset a row. */
  readonly closes: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('scipy-minimum-variance.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Reference[] };

describe('minimum-variance', () => {
  it.each(cases.map((reference, index) => [index, reference] as const))(
    'has the weights of scipy: %i',
    async (_, { closes, max, min, shrinkage, weights }) => {
      const period = closes[0]!.length - 1;
      const optimizer = await lentOptimizer(minimumVariance, { period, shrinkage });
      const found = optimizer.weights({
        assets: closes.map((series, index) => ({
          ...{ symbol: `S${String(index)}`, closes: series },
          ...{ min: min[index]!, max: max[index]! },
        })),
      });
      expect(Object.values(found ?? {})).toEqual(weights.map((weight) => expect.closeTo(weight, 5)));
    },
  );

  it('has no less variance anywhere on a grid of all portfolios of three assets', async () => {
    const series = {
      A: [100, 102, 101, 104, 103],
      B: [50, 49.5, 51, 50, 51.5],
      C: [10, 10.4, 9.9, 10.3, 10],
    };
    const optimizer = await lentOptimizer(minimumVariance, { period: 4, shrinkage: 0 });
    const variance = (weights: readonly number[]): number => {
      const returns = [0, 1, 2, 3].map((at) =>
        Object.values(series).reduce(
          (sum, closes, asset) => sum + weights[asset]! * (closes[at + 1]! / closes[at]! - 1),
          0,
        ),
      );
      const mean = returns.reduce((sum, value) => sum + value, 0) / 4;
      return returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3;
    };
    const found = optimizer.weights({ assets: assets(series) });
    const least = variance(Object.values(found!));
    for (let a = 0; a <= 100; a += 1) {
      for (let b = 0; a + b <= 100; b += 1) {
        expect(variance([a / 100, b / 100, (100 - a - b) / 100])).toBeGreaterThanOrEqual(least - 1e-15);
      }
    }
  });

  it('shares evenly between assets that move as one', async () => {
    const optimizer = await lentOptimizer(minimumVariance, { period: 3, shrinkage: 0 });
    const closes = [100, 101, 99, 102];
    const weights = optimizer.weights({ assets: assets({ A: closes, B: closes, C: closes, D: closes }) });
    for (const weight of Object.values(weights!)) expect(weight).toBeCloseTo(0.25, 6);
  });
});
