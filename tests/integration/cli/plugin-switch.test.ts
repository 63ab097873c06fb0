import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from '@jest/globals';

const COMMAND = fileURLToPath(new URL('../../../bin/omniquant.mjs', import.meta.url));
const PLUGIN = fileURLToPath(new URL('../../support/plugins/settable.ts', import.meta.url));

describe('omniquant plugin', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-list-'));
  const file = join(folder, 'plugins.json');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const plugin = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [COMMAND, 'plugin', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: folder, ...env },
    });
  const list = (entry: object): void => {
    const grants = ['secrets', 'storage'];
    writeFileSync(file, JSON.stringify([{ plugin: PLUGIN, grants, ...entry }]));
  };

  it('enables and disables what is on the list, and leaves the rest of it as it is written', () => {
    list({ config: { 'notifier:pager': { room: 'a' } } });
    expect(plugin(['disable', PLUGIN]).status).toBe(0);
    expect(plugin(['list']).stdout).toContain(`${PLUGIN}: disabled, optional, secrets and storage`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
      {
        plugin: PLUGIN,
        grants: ['secrets', 'storage'],
        config: { 'notifier:pager': { room: 'a' } },
        enabled: false,
      },
    ]);
    expect(plugin(['enable', PLUGIN]).status).toBe(0);
    expect(plugin(['list']).stdout).toContain(`${PLUGIN}: enabled`);
    expect(plugin(['disable', PLUGIN.replace('.ts', '')])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('the nearest is'),
    });
    list({ required: true });
    expect(plugin(['disable', PLUGIN])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is required'),
    });
  });

  it('looks at settings and credentials, too', () => {
    const secrets = { 'feed:ticker': { token: { env: 'TICKER_TOKEN' } } };
    list({ config: { 'feed:ticker': { url: 'http://prices' } }, secrets });
    expect(plugin(['doctor'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('the environment has no variable TICKER_TOKEN'),
    });
    expect(plugin(['doctor'], { TICKER_TOKEN: 'abcd' })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('settable.ts 1.0.0: ok'),
    });
    list({ config: { 'feed:ticker': { url: 5 } } });
    expect(plugin(['doctor']).stdout).toMatch(
      /PLUGIN_CONFIG_INVALID: .*feed:ticker, config.url must be string/,
    );
    list({ secrets: { 'feed:ticker': { token: 'in the clear' } } });
    expect(plugin(['doctor'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('credentials do not stand here in the clear'),
    });
  });
});
