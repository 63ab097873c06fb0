import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Context, Permission } from '@omniquant/plugin-sdk';

import { createSealer } from '../../../gateway/auth/sealed-secret.ts';
import { Secret } from '../../../gateway/auth/secret.ts';
import {
  createPluginControlStore,
  type PluginControlStore,
} from '../../../gateway/database/plugin-control-store.ts';
import { createPluginStorageStore } from '../../../gateway/database/plugin-storage-store.ts';
import { createPluginFollower } from '../../../gateway/plugins/plugin-follower.ts';
import { watchPluginHealth } from '../../../gateway/plugins/plugin-health.ts';
import type { PluginHost } from '../../../gateway/plugins/plugin-host.ts';
import { createPluginOperations } from '../../../gateway/plugins/plugin-operations.ts';
import { createStorageOpener } from '../../../gateway/plugins/storage/extension-storage.ts';
import { createSystemClock } from '../../../gateway/system/system-clock.ts';
import { until } from '../../support/gateway/until.ts';
import { createMemoryBusLine } from '../../support/memory-bus.ts';
import { extensionOf, memoryEntry, startHost } from '../../support/plugins/plugin-modules.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const signal = AbortSignal.timeout(120_000);
const sealer = createSealer(new Secret('0f'.repeat(32)));
const clock = createSystemClock();
const telemetry = { log: () => undefined, gauge: () => undefined };

const permissions = ['storage', 'secrets'];
const config = { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] };
const secrets = { type: 'object', properties: { token: { type: 'string' } } };
const prices = memoryEntry({
  name: 'prices',
  extensions: [
    extensionOf('feed', 'ticks', { config, permissions, secrets }),
    extensionOf('feed', 'bars', { permissions }),
    extensionOf('broker', 'acme', { permissions }),
  ],
});

/** A gateway as far as plugins go. It hears nothing of the others. */
interface Node {
  readonly host: PluginHost;
  readonly operations: ReturnType<typeof createPluginOperations>;
  readonly store: PluginControlStore;
  close(): Promise<void>;
}

let database: TestStore;
let operator: string;

async function startNode(): Promise<Node> {
  const store = createPluginControlStore(database.connect('app'), database.connect('writer'), sealer);
  const host = await startHost([prices], {
    controls: await store.load(signal),
    openStorage: createStorageOpener(createPluginStorageStore(database.connect('writer'), () => 0)),
  });
  const follower = createPluginFollower({
    store,
    host,
    bus: createMemoryBusLine().connect(),
    clock,
    telemetry,
  });
  const health = watchPluginHealth({ host, clock, telemetry });
  const options = { host, store, follower, health, variable: () => undefined, now: () => Date.now() };
  return {
    host,
    store,
    operations: createPluginOperations(options),
    async close() {
      follower.close();
      health.close();
      await host.close();
    },
  };
}

beforeAll(async () => {
  database = await openTestStore();
  operator = await database.workspace('a-first');
});
afterAll(() => database.close());

const by = () => ({ actor: 'user:1', workspaceId: operator });
const contextOf = ({ host }: Node, id: string) =>
  host.extension('feed', id)?.scope.cradle.extensionContext as Context<Permission>;

describe('what is set of plugins', () => {
  let nodes: readonly [Node, Node];
  beforeAll(async () => {
    nodes = [await startNode(), await startNode()];
  });
  afterAll(() => Promise.all(nodes.map((node) => node.close())));

  it('holds at every gateway within seconds, and after a restart', async () => {
    const [here, there] = nodes;
    const settings = { config: { url: 'http://x' }, secrets: { token: 'sealed away' } };
    const input = { plugin: 'prices', extension: 'ticks', ...settings };
    expect(await here.operations.configure(input, by(), signal)).toMatchObject({ kind: 'changed' });
    await until(
      'the settings',
      () => there.host.extension('feed', 'ticks')?.settings.config['url'] === 'http://x',
    );
    expect(await contextOf(there, 'ticks').secret('token')).toBe('sealed away');

    await there.operations.disable('prices', 'enough', by(), signal);
    await until('the end', () => here.host.extension('feed', 'ticks') === null);
    const restarted = await startNode();
    expect(restarted.host.standings).toMatchObject([{ name: 'prices', state: 'DISABLED' }]);
    await restarted.operations.enable('prices', by(), signal);
    expect(restarted.host.extension('feed', 'ticks')?.settings.config).toEqual({ url: 'http://x' });
    await until('its return', () => nodes.every(({ host }) => host.extension('feed', 'ticks') !== null));
    await restarted.close();
  });

  it('is not disabled while accounts are at its broker', async () => {
    const [here] = nodes;
    await database.admin(
      `INSERT INTO account (account_id, workspace_id, shard, broker, connection) VALUES ('a', $1, 1, 'acme', 'default')`,
      [operator],
    );
    expect(await here.operations.disable('prices', null, by(), signal)).toMatchObject({
      ...{
        kind: 'denied',
        code: 'BROKER_IN_USE',
        message: expect.stringContaining('1 accounts trade over acme'),
      },
    });
    expect(here.host.broker('acme')).not.toBeNull();
  });

  it('is the operator’s: the database lets no other workspace see or change it, nor read a credential', async () => {
    const [{ store }] = nodes;
    const stranger = { actor: 'user:2', workspaceId: await database.workspace('b-second') };
    const change = { ...stranger, plugin: 'prices', at: 0 };
    await expect(store.switch({ ...change, enabled: false, reason: null }, signal)).rejects.toThrow();
    const set = { ...change, extension: 'feed:ticks', config: {}, secrets: {} };
    await expect(store.set(set, signal)).rejects.toThrow();
    expect((await store.load(signal)).switches.get('prices')?.enabled).toBe(true);
    const rows = await database.admin('SELECT * FROM plugin_setting');
    expect(JSON.stringify(rows)).not.toContain('sealed away');
    const app = database.connect('app');
    for (const table of ['plugin_switch', 'plugin_setting', 'plugin_control']) {
      expect(await app.query({ text: `SELECT 1 FROM ${table}` }, signal)).toEqual([]);
    }
  });
});

describe('ctx.storage', () => {
  let nodes: readonly [Node, Node];
  beforeAll(async () => {
    nodes = [await startNode(), await startNode()];
  });
  afterAll(() => Promise.all(nodes.map((node) => node.close())));

  it('keeps texts that the same extension sees at every gateway, and no other one', async () => {
    const [here, there] = nodes.map((node) => contextOf(node, 'ticks').storage);
    await here?.set('cursor', 'zażółć \u0000 🐙');
    expect(await there?.get('cursor')).toBe('zażółć \u0000 🐙');
    await there?.set('cursor', 'next');
    expect(await here?.get('cursor')).toBe('next');
    expect(await contextOf(nodes[0], 'bars').storage.get('cursor')).toBeNull();
    await there?.delete('cursor');
    await there?.delete('cursor');
    expect(await here?.get('cursor')).toBeNull();
  });

  it('is each broker connection’s own', async () => {
    const open = (connection: string) =>
      nodes[0].host.broker('acme')?.contextFor({ connection, secrets: new Map(), signal }).storage;
    await open('account-1')?.set('session', 'one');
    expect(await open('account-2')?.get('session')).toBeNull();
    expect(await open('account-1')?.get('session')).toBe('one');
  });

  it('refuses keys and values beyond its limits, and more than there is room for', async () => {
    const { storage } = contextOf(nodes[0], 'ticks');
    const longest = 'é'.repeat(128);
    await storage.set(longest, 'kept');
    expect(await storage.get(longest)).toBe('kept');
    for (const key of ['', `${longest}e`, '\ud800', 5 as never]) {
      await expect(storage.set(key, 'x')).rejects.toMatchObject({ code: 'STORAGE_KEY_INVALID' });
    }
    for (const value of ['x'.repeat(65_537), '\udfff', null as never]) {
      await expect(storage.set('k', value)).rejects.toMatchObject({ code: 'STORAGE_VALUE_INVALID' });
    }
    const most = 'x'.repeat(65_536);
    for (let index = 0; index < 63; index += 1) await storage.set(`fill-${String(index)}`, most);
    await expect(storage.set('one-more', most)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(await storage.get('one-more')).toBeNull();
    await storage.set('fill-0', most);
    await storage.delete('fill-1');
    await storage.set('one-more', most);
  });

  it('says that it is out of reach, and is closed with its plugin', async () => {
    const gone = await startNode();
    const { storage } = contextOf(gone, 'ticks');
    await gone.close();
    await expect(storage.set('late', 'x')).rejects.toMatchObject({
      ...{ name: 'StorageError', code: 'STORAGE_UNAVAILABLE' },
    });
  });

  it('shows the database’s own roles one owner’s rows at a time', async () => {
    const rows = await database.pool.query({ text: 'SELECT key FROM plugin_storage' }, signal);
    expect(rows).toEqual([]);
    await expect(
      database.connect('app').query({ text: 'SELECT key FROM plugin_storage' }, signal),
    ).rejects.toMatchObject({ sqlState: '42501' });
    const mine = database.pool.query(
      { text: `INSERT INTO plugin_storage VALUES ('other', 'feed:x', '', 'k', 'v', 0)` },
      signal,
    );
    await expect(mine).rejects.toMatchObject({ sqlState: '42501' });
  });
});
