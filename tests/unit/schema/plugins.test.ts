import { afterAll, beforeAll, expect, it } from '@jest/globals';

import type { PluginInfo } from '../../../core/ports/plugin-catalog.ts';
import { type ApiWorld, createApiWorld, principalOf } from '../../support/api-world.ts';

const PLUGINS: readonly PluginInfo[] = [
  {
    ...{ name: 'good', version: '1.2.3', apiVersion: '^0.1.0', status: 'READY', error: null },
    extensions: [
      {
        ...{ kind: 'strategy', id: 'sma-cross', description: 'Crossing means' },
        configSchema: { type: 'object', properties: { fast: { type: 'integer' } } },
        permissions: ['network'],
        ...{ secretsSchema: null, config: { folder: '/srv' }, secretsSet: ['token'] },
      },
    ],
    ...{ enabled: true, reason: null, changedAt: 0 },
  },
  {
    ...{ name: 'bad', version: '', apiVersion: '', status: 'FAILED', extensions: [] },
    error: 'PLUGIN_INVALID: /home/operator/bad.js has no default export',
    ...{ enabled: true, reason: 'the operator’s', changedAt: null },
  },
];

const ALL = `{ plugins {
  name version apiVersion status error extensions { id kind description configSchema permissions } } }`;

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld({ plugins: PLUGINS, operator: 'workspace-1' });
});
afterAll(() => world.gateway.kill());

it('lists plugins with what they bring and what is wrong with them', async () => {
  const viewer = world.caller(principalOf('workspace-1', 'VIEWER'));
  expect(await viewer.ask(ALL)).toEqual({
    plugins: [
      {
        ...{ name: 'good', version: '1.2.3', apiVersion: '^0.1.0', status: 'READY', error: null },
        extensions: [
          {
            ...{ id: 'sma-cross', kind: 'STRATEGY', description: 'Crossing means', permissions: ['network'] },
            configSchema: { type: 'object', properties: { fast: { type: 'integer' } } },
          },
        ],
      },
      {
        ...{ name: 'bad', version: '', apiVersion: '', status: 'FAILED', extensions: [] },
        error: 'PLUGIN_INVALID: /home/operator/bad.js has no default export',
      },
    ],
  });
});

it('tells other workspaces nothing of the machine', async () => {
  const tenant = world.caller(principalOf('workspace-2'));
  const text = JSON.stringify(await tenant.ask(ALL));
  expect(text).toContain('does not work');
  expect(text).not.toContain('/home/operator');
});

const SETTINGS = `{ plugins { enabled reason changedAt extensions { config secretsSet } } }`;

it.each([
  [
    'an admin of the operator’s workspace',
    'workspace-1',
    'ADMIN',
    { folder: '/srv' },
    ['token'],
    'the operator’s',
  ],
  ['others of that workspace', 'workspace-1', 'TRADER', null, null, 'the operator’s'],
  ['admins of other workspaces', 'workspace-2', 'ADMIN', null, null, null],
] as const)('shows settings to %s as is due', async (_who, workspace, role, config, secretsSet, reason) => {
  expect(await world.caller(principalOf(workspace, role)).ask(SETTINGS)).toEqual({
    plugins: [
      {
        enabled: true,
        reason: null,
        changedAt: '1970-01-01T00:00:00.000Z',
        extensions: [{ config, secretsSet }],
      },
      { enabled: true, reason, changedAt: null, extensions: [] },
    ],
  });
});
