import { describe, expect, it } from '@jest/globals';
import type { BrokerSink, Permission } from '@omniquant/plugin-sdk';
import { createContainer } from 'awilix';

import { createBrokerConnector } from '../../../../gateway/plugins/broker-connector.ts';
import type { PluginEntry } from '../../../../gateway/plugins/load-plugin.ts';
import { type PluginHost, startPluginHost } from '../../../../gateway/plugins/plugin-host.ts';
import { silent, startHost } from '../../../support/plugins/plugin-modules.ts';

const ALL: readonly Permission[] = ['network', 'secrets'];

function entry(file: string, options: Partial<PluginEntry> = {}): PluginEntry {
  const specifier = new URL(`../../../support/plugins/${file}.ts`, import.meta.url).href;
  return { specifier, grants: ALL, required: true, ...options };
}

function start(...entries: PluginEntry[]): Promise<PluginHost> {
  return startHost(entries);
}

const sink: BrokerSink = {
  event: () => undefined,
  status: () => undefined,
  quote: () => undefined,
  trade: () => undefined,
  clock: () => undefined,
};

describe('the plugin host', () => {
  it('registers what a plugin holds under kind:id', async () => {
    const container = createContainer();
    const host = await startPluginHost({
      entries: [entry('good-broker')],
      container,
      logger: silent,
      now: () => 0,
    });
    expect(host.broker('good')?.plugin).toBe('good-broker');
    expect(container.resolve('broker:good')).toBe(host.broker('good')?.definition);
    await host.close();
  });

  it.each([
    ['PLUGIN_NOT_FOUND', entry('no-such-file')],
    ['PLUGIN_NOT_FOUND', { specifier: '@nobody/has-this', grants: ALL, required: true }],
    ['PLUGIN_INVALID', entry('not-a-plugin')],
    ['PLUGIN_API_MISMATCH', entry('future-broker')],
    ['PLUGIN_PERMISSION_DENIED', entry('good-broker', { grants: ['network'] })],
    ['PLUGIN_START_FAILED', entry('failing-broker')],
  ])('stops the start with %s for a required plugin', async (code, bad) => {
    await expect(start(bad)).rejects.toMatchObject({ code });
  });

  it('goes on without an optional plugin and says so', async () => {
    const host = await start(entry('future-broker', { required: false }), entry('good-broker'));
    expect(host.failures.map(({ error }) => error.code)).toEqual(['PLUGIN_API_MISMATCH']);
    expect(host.broker('good')).not.toBeNull();
  });

  it('refuses two extensions of one id, naming both plugins', async () => {
    await expect(start(entry('good-broker'), entry('good-broker'))).rejects.toThrow(
      /good-broker.*already given by good-broker/,
    );
  });
});

describe('a broker connection', () => {
  const connectorFor = async (stored: Record<string, unknown> | null, isShared = false) => {
    const config = { 'broker:good': { url: 'http://127.0.0.1:1' } };
    const secrets = { 'broker:good': { token: { env: 'SHARED_TOKEN' } } };
    const host = await startHost([entry('good-broker', { config, ...(isShared ? { secrets } : {}) })], {
      variable: () => 'shared',
    });
    return createBrokerConnector({
      host,
      store: {
        load: () => Promise.resolve({ config: stored, secrets: stored === null ? null : { token: 't-1' } }),
        changes: (names) => Promise.resolve(new Map(names.map((name) => [name, name.length]))),
      },
    });
  };
  const signal = new AbortController().signal;

  it('gets its config with defaults, its credentials, and only what it has permission for', async () => {
    const connector = await connectorFor({ retries: 5 });
    const broker = await connector.connect({ broker: 'good', connection: 'account:1' }, sink, signal);
    expect(broker).toMatchObject({
      config: { url: 'http://127.0.0.1:1', retries: 5 },
      token: 't-1',
      hasFetch: true,
      hasStorage: false,
    });
  });

  it('is refused with the path of what is wrong in its config', async () => {
    const connector = await connectorFor({ url: 'not a url' });
    await expect(
      connector.connect({ broker: 'good', connection: 'account:1' }, sink, signal),
    ).rejects.toThrow(/url/);
    const misspelt = await connectorFor({ retires: 5 });
    await expect(misspelt.connect({ broker: 'good', connection: 'account:1' }, sink, signal)).rejects.toThrow(
      /retires is not a known option: the nearest is retries/,
    );
  });

  it('says which credential is missing and how to set it', async () => {
    const connector = await connectorFor(null);
    await expect(connector.connect({ broker: 'good', connection: 'default' }, sink, signal)).rejects.toThrow(
      /token is not set; set it with setBrokerCredentials/,
    );
  });

  it('has the gateway’s credentials when it is the shared one, and never with settings of its own', async () => {
    const connector = await connectorFor(null, true);
    const shared = await connector.connect({ broker: 'good', connection: 'default' }, sink, signal);
    expect(shared).toMatchObject({ token: 'shared' });
    await expect(
      connector.connect({ broker: 'good', connection: 'account:1' }, sink, signal),
    ).rejects.toThrow(/token is not set/);
  });

  it('needs a plugin that has the broker', async () => {
    const connector = await connectorFor(null);
    await expect(
      connector.connect({ broker: 'acme', connection: 'default' }, sink, signal),
    ).rejects.toMatchObject({
      code: 'PLUGIN_NOT_FOUND',
    });
  });
});
