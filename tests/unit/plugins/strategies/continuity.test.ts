import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { API_VERSION, isPlugin, type Plugin, type StrategyDefinition } from '@omniquant/plugin-sdk';
import breakoutPlugin from '@omniquant/strategy-breakout';
import executionPlugin from '@omniquant/strategy-execution';
import meanReversionPlugin from '@omniquant/strategy-mean-reversion';
import pairsPlugin from '@omniquant/strategy-pairs';
import rebalancePlugin from '@omniquant/strategy-rebalance';
import smaCrossPlugin from '@omniquant/strategy-sma-cross';
import { satisfies } from 'semver';

import { STRATEGIES, trade } from './strategies.ts';

const SEEDS = ['1', '2', '3', '4'];

describe.each(STRATEGIES)('$name on a random market', (one) => {
  it('goes on from its snapshot before any input as if nothing had been', () => {
    for (const seed of SEEDS) {
      const whole = trade(one, { seed });
      const restored = trade(one, { seed, restores: true });
      expect(restored.effects).toEqual(whole.effects);
      expect(restored.cash).toBe(whole.cash);
    }
  });

  it('does the same in two runs, and something else on another market', () => {
    const [first, again, other] = ['1', '1', '2'].map((seed) => trade(one, { seed }).effects);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('trades, so that all this says something', () => {
    const orders = SEEDS.map((seed) => trade(one, { seed }).placed.length);
    expect(Math.min(...orders)).toBeGreaterThanOrEqual(4);
  });

  it('places ever fewer orders while all are refused', () => {
    for (const status of ['DENIED', 'REJECTED', 'CANCELED', 'EXPIRED'] as const) {
      const desk = trade(one, {
        ...{ seed: '1', minutes: 600 },
        onPlaced: (ref, at) => void at.status(ref, status, 'always'),
        disturb: () => undefined,
      });
      // One symbol is refused after 1, 2, 4, 8, 16, 32, 32 … bars.
      expect(desk.placed.length).toBeLessThanOrEqual(24 * one.symbols.length);
    }
  });
});

const PLUGINS: readonly (readonly [id: string, plugin: Plugin])[] = [
  ['breakout', breakoutPlugin],
  ['execution', executionPlugin],
  ['mean-reversion', meanReversionPlugin],
  ['pairs', pairsPlugin],
  ['rebalance', rebalancePlugin],
  ['sma-cross', smaCrossPlugin],
];

describe.each(PLUGINS)('the package of %s', (id, plugin) => {
  const folder = new URL(`../../../../plugins/strategy-${id}/`, import.meta.url);
  const [extension] = plugin.extensions as unknown as readonly [StrategyDefinition];

  it('is a plugin with one strategy, of its package’s name and version, for this contract', () => {
    const { name, version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as Plugin;
    expect(isPlugin(plugin)).toBe(true);
    expect(plugin).toMatchObject({ name, version, extensions: [{ kind: 'strategy', id }] });
    expect(plugin.extensions).toHaveLength(1);
    expect(satisfies(API_VERSION, plugin.api)).toBe(true);
  });

  it('documents each parameter with its default, and how it is started', () => {
    const readme = readFileSync(new URL('README.md', folder), 'utf8');
    const { properties } = extension.config as unknown as {
      properties: Record<string, { description?: string; default?: unknown; type?: string }>;
    };
    for (const [name, schema] of Object.entries(properties)) {
      expect(schema.description).toMatch(/\S/);
      const value = schema.default;
      const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      const rows = readme.split('\n').filter((line) => line.startsWith(`| \`${name}\``));
      expect(rows.join('\n')).toContain(isPlain ? `\`${String(value)}\`` : name);
    }
    expect(readme).toContain(`strategy: "${id}"`);
  });

  it('bounds every number, so that a tuner knows where to look', () => {
    const { properties } = extension.config as unknown as { properties: Record<string, { type?: string }> };
    for (const schema of Object.values(properties)) {
      if (schema.type !== 'integer' && schema.type !== 'number') continue;
      expect(schema).toMatchObject({ minimum: expect.any(Number), maximum: expect.any(Number) });
    }
  });
});
