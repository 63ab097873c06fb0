import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { queryAsAdmin } from '../support/gateway/admin-database.ts';
import { type ApiClient, refusalOf, signUp } from '../support/gateway/api-client.ts';
import { type Floor, openFloor } from '../support/gateway/floor.ts';
import { faultsInTurns, startStrategy, strategyOrders } from '../support/gateway/strategy-orders.ts';
import { until } from '../support/gateway/until.ts';

const PLUGIN = fileURLToPath(new URL('../support/plugins/settable.ts', import.meta.url));
const MINUTE = 60_000;
const CHANGED = '... on PluginChanged { plugin { name status enabled reason error } }';
const DENIED = '... on PluginChangeDenied { code message }';
const ENABLE = `mutation($name: String!) { change: enablePlugin(name: $name) { ${CHANGED} ${DENIED} } }`;
const DISABLE = `mutation($name: String!, $reason: String) {
  change: disablePlugin(name: $name, reason: $reason) { ${CHANGED} ${DENIED} } }`;
const CONFIGURE = `mutation($input: ConfigurePluginInput!) {
  change: configurePlugin(input: $input) { ${CHANGED} ${DENIED} } }`;
const ALL = '{ plugins { name status error enabled extensions { kind id config secretsSet } } }';

interface Change {
  readonly name?: string;
  readonly status?: string;
  readonly code?: string;
  readonly message?: string;
}

interface Shown {
  readonly name: string;
  readonly status: string;
  readonly extensions: readonly {
    readonly id: string;
    readonly config: unknown;
    readonly secretsSet: unknown;
  }[];
}

describe('plugins of a running gateway', () => {
  let folder: string;
  let floor: Floor;
  let stranger: ApiClient;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plugins-'));
    const list = join(folder, 'plugins.json');
    const config = { 'notifier:pager': { room: 'from-the-list' } };
    writeFileSync(
      list,
      JSON.stringify([
        { plugin: PLUGIN, grants: ['secrets', 'storage'], config },
        { plugin: './not-there.js' },
        { plugin: './never-looked-at.js', enabled: false },
      ]),
    );
    floor = await openFloor({ PLUGINS_FILE: list });
    stranger = await signUp(() => floor.local.address, 'stranger@example.com');
  });
  afterAll(async () => {
    await floor.close();
    rmSync(folder, { recursive: true });
  });

  const change = async (mutation: string, variables: object): Promise<Change> => {
    const answer = await floor.client.ask<{ change: Change & { readonly plugin?: Change } }>(mutation, {
      ...variables,
    });
    return answer.change.plugin ?? answer.change;
  };
  const shown = async (name: string): Promise<Shown | undefined> =>
    (await floor.client.ask<{ plugins: Shown[] }>(ALL)).plugins.find((plugin) => plugin.name === name);

  it('are changed by admins of the operator’s workspace alone', async () => {
    for (const [mutation, variables] of [
      [ENABLE, { name: 'settable' }],
      [DISABLE, { name: 'settable' }],
      [CONFIGURE, { input: { plugin: 'settable' } }],
    ] as const) {
      expect(await refusalOf(stranger, mutation, variables)).toMatchObject({
        code: 'FORBIDDEN',
        message: 'This is for the workspace that runs the gateway.',
      });
    }
    const { plugins } = await stranger.ask<{ plugins: Shown[] }>(ALL);
    expect(plugins.flatMap(({ extensions }) => extensions).every(({ config }) => config === null)).toBe(true);
  });

  it('are not changed when that is refused, and the refusal says why', async () => {
    expect(await change(DISABLE, { name: 'setable' })).toMatchObject({
      code: 'NOT_LISTED',
      message: expect.stringContaining('The nearest is settable.'),
    });
    expect(await change(ENABLE, { name: 'nobody' })).toMatchObject({ code: 'NOT_LISTED' });
    expect(await change(DISABLE, { name: '@omniquant/broker-simulated' })).toMatchObject({
      code: 'REQUIRED',
      message: expect.stringContaining('is required'),
    });
    expect(await change(CONFIGURE, { input: { plugin: './never-looked-at.js' } })).toMatchObject({
      code: 'NOT_LOADED',
    });
    expect(await shown('./never-looked-at.js')).toMatchObject({ status: 'DISABLED', extensions: [] });
  });

  it('say what is wrong when they cannot be enabled, and nothing else is disturbed', async () => {
    expect(await change(ENABLE, { name: './never-looked-at.js' })).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/^PLUGIN_NOT_FOUND: .*install that or take it off the list/),
    });
    expect(await change(DISABLE, { name: './never-looked-at.js' })).toMatchObject({ status: 'DISABLED' });
    expect(await shown('settable')).toMatchObject({ status: 'READY' });
  });

  it.each([
    ['an extension that is to be named', {}, 'input.extension', 'name one of feed:ticker, notifier:pager'],
    ['an extension that there is not', { extension: 'feed:tickr' }, 'input.extension', 'is none of'],
    ['parameters of a strategy', { extension: 'turns', config: {} }, 'input.extension', 'is none of'],
    [
      'a value of another type',
      { extension: 'ticker', config: { url: 5 } },
      'input.config.url',
      'must be string',
    ],
    ['no address', { extension: 'ticker', config: { every: 2 } }, 'input.config.url', 'required property'],
    [
      'a setting that there is not',
      { extension: 'ticker', config: { url: 'http://x', evry: 2 } },
      'input.config.evry',
      'is not a known option',
    ],
    [
      'credentials that are no text',
      { extension: 'ticker', secrets: { token: 5 } },
      'input.secrets.token',
      '',
    ],
    ['credentials that are too short', { extension: 'ticker', secrets: { token: 'abc' } }, 'input.', ''],
    ['credentials that it has not', { extension: 'pager', secrets: { token: 'abcd' } }, 'input.secrets', ''],
  ])('are not configured with %s', async (_what, settings, field, message) => {
    const before = await shown('settable');
    const refusal = await refusalOf(floor.client, CONFIGURE, { input: { plugin: 'settable', ...settings } });
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', field: expect.stringContaining(field) });
    expect(refusal.message).toContain(message);
    expect(await shown('settable')).toEqual(before);
  });

  it('are configured: on top of the list, with credentials that are never shown', async () => {
    const secret = 'a-secret-that-nobody-sees';
    const configure = (settings: object) =>
      change(CONFIGURE, { input: { plugin: 'settable', extension: 'feed:ticker', ...settings } });
    const own = async () => (await shown('settable'))?.extensions.find(({ id }) => id === 'ticker');
    const { cradle } = floor.local.gateway;
    const life = cradle.pluginHost.extension('feed', 'ticker');

    const first = await configure({ config: { url: 'http://prices' }, secrets: { token: secret } });
    expect(first).toMatchObject({ status: 'READY' });
    expect(await own()).toMatchObject({ config: { url: 'http://prices' }, secretsSet: ['token'] });
    const running = cradle.pluginHost.extension('feed', 'ticker');
    expect(life?.signal.aborted).toBe(true);
    expect(running?.scope.cradle.extensionConfig).toEqual({ url: 'http://prices', every: 5 });
    const context = running?.scope.cradle.extensionContext as { secret(name: string): Promise<string> };
    expect(await context.secret('token')).toBe(secret);

    await configure({ config: { url: 'http://others', every: 9 } });
    expect(await own()).toMatchObject({ config: { url: 'http://others', every: 9 }, secretsSet: ['token'] });
    await configure({ secrets: { token: null } }).catch(() => undefined);
    const audit = JSON.stringify(
      await floor.client.ask('{ auditLog(first: 50) { nodes { action target details } } }'),
    );
    expect(audit).toContain('plugin.configured');
    expect(audit + JSON.stringify(await floor.client.ask(ALL))).not.toContain(secret);
    const stored = await queryAsAdmin(
      floor.local.dataDir,
      'SELECT *, encode(sealed, $$escape$$) FROM plugin_setting',
    );
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect((await shown('settable'))?.extensions.find(({ id }) => id === 'pager')).toMatchObject({
      config: { room: 'from-the-list' },
    });
  });

  it('that are disabled leave their strategies waiting, which go on when they are enabled again', async () => {
    const desk = await floor.openDesk();
    const id = await startStrategy(floor.client, desk.accountId, 'turns');
    const orders = () => strategyOrders(floor.client, desk.accountId, id);
    const moveUntil = (count: number) =>
      until(`${String(count)} orders`, async () => {
        await floor.venue.advance(MINUTE);
        await sleep(200);
        return (await orders()).length >= count;
      });
    const strategy = async () =>
      (
        await floor.client.ask<{ strategy: { status: string; error: string | null } }>(
          'query($id: ID!) { strategy(id: $id) { status error } }',
          { id },
        )
      ).strategy;

    await moveUntil(3);
    expect(await change(DISABLE, { name: 'settable', reason: 'to be looked at' })).toMatchObject({
      ...{ status: 'DISABLED', enabled: false, reason: 'to be looked at', error: null },
    });
    await until('the strategy to say so', async () => (await strategy()).error?.includes('no plugin in use'));
    expect(await strategy()).toMatchObject({ status: 'RUNNING' });
    const before = (await orders()).length;
    await floor.venue.advance(3 * MINUTE);
    const start = 'mutation($input: StartStrategyInput!) { startStrategy(input: $input) { id } }';
    const input = { accountId: desk.accountId, strategy: 'turns', symbols: ['AAPL'], interval: 'MINUTE_1' };
    expect(await refusalOf(floor.client, start, { input })).toMatchObject({ field: 'input.strategy' });
    expect((await orders()).length).toBe(before);

    expect(await change(ENABLE, { name: 'settable' })).toMatchObject({
      status: 'READY',
      enabled: true,
      error: null,
    });
    await moveUntil(before + 3);
    expect(faultsInTurns(await orders())).toEqual([]);

    await change(DISABLE, { name: 'settable' });
    await floor.client.ask('mutation($id: ID!) { stopStrategy(id: $id) { status } }', { id });
    await until('its end without its plugin', async () => (await strategy()).status === 'STOPPED');
    await change(ENABLE, { name: 'settable' });
  });
});
