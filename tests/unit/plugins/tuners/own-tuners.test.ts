import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { API_VERSION, isPlugin, type Plugin, type TunerDefinition } from '@omniquant/plugin-sdk';
import { tunerConformance } from '@omniquant/plugin-sdk/testing';
import cmaEsPlugin, { cmaEs } from '@omniquant/tuner-cma-es';
import gridPlugin, { grid } from '@omniquant/tuner-grid';
import randomPlugin, { randomSearch } from '@omniquant/tuner-random';
import tpePlugin, { tpe } from '@omniquant/tuner-tpe';
import { satisfies } from 'semver';

const OWN: readonly (readonly [
  id: string,
  plugin: Plugin,
  definition: unknown,
  config: unknown,
  bad: readonly unknown[],
])[] = [
  ['grid', gridPlugin, grid, { points: 3 }, [{ points: 1 }]],
  ['random', randomPlugin, randomSearch, { trials: 30 }, [{ trials: 0 }, { sequence: 'sobol' }]],
  ['tpe', tpePlugin, tpe, { trials: 24, startup: 8, generation: 4 }, [{ startup: 1 }, { generation: 0 }]],
  ['cma-es', cmaEsPlugin, cmaEs, { trials: 40 }, [{ population: 3 }, { step: 0 }]],
];

describe.each(OWN)('%s', (id, plugin, given, config, badConfigs) => {
  const definition = given as TunerDefinition;
  const folder = new URL(`../../../../plugins/tuner-${id}/`, import.meta.url);

  for (const { number, run, title } of tunerConformance(definition, { config, badConfigs })) {
    it(`${number} ${title}`, run);
  }

  it('is a plugin with one tuner, of its package’s name and version, for this contract', () => {
    const { name, version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as Plugin;
    expect(isPlugin(plugin)).toBe(true);
    expect(plugin).toMatchObject({ name, version, extensions: [{ kind: 'tuner', id }] });
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
    expect(readme).toContain(`--tuner ${id}`);
  });
});

describe('random', () => {
  const conform = tunerConformance(randomSearch, {
    config: { trials: 20, sequence: 'halton' },
  });
  for (const { number, run, title } of conform) it(`Halton, ${number} ${title}`, run);
});
