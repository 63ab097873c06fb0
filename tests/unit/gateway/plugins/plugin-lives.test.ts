import { describe, expect, it } from '@jest/globals';
import { createContainer } from 'awilix';

import { createPluginCatalog } from '../../../../gateway/plugins/catalog.ts';
import { NO_CONTROLS, type PluginControls } from '../../../../gateway/plugins/plugin-controls.ts';
import { watchPluginHealth } from '../../../../gateway/plugins/plugin-health.ts';
import { extensionOf, memoryEntry, startHost } from '../../../support/plugins/plugin-modules.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const told: string[] = [];
const plugin = (name: string, after: readonly string[] = []) => ({
  ...{ name, after, extensions: [extensionOf('feed', name)] },
  start: () => Promise.resolve(void told.push(`${name} starts`)),
  stop: () => Promise.resolve(void told.push(`${name} stops`)),
});
const heard = (): readonly string[] => told.splice(0);

let version = 0;
const switched = (states: Readonly<Record<string, boolean>>): PluginControls => ({
  ...NO_CONTROLS,
  version: (version += 1),
  switches: new Map(
    Object.entries(states).map(([name, enabled]) => [name, { enabled, reason: null, changedAt: version }]),
  ),
});
const configured = (name: string, config: Readonly<Record<string, unknown>>): PluginControls => ({
  ...NO_CONTROLS,
  version: (version += 1),
  settings: new Map([
    [
      name,
      new Map([
        [`feed:${name}`, { version, config, secrets: new Map<string, string>(), changedAt: version }],
      ]),
    ],
  ]),
});

describe('plugins that depend on each other', () => {
  it('start in the order of `after` and stop in reverse', async () => {
    const host = await startHost(
      [plugin('c', ['b']), plugin('a'), plugin('b', ['a'])].map((p) => memoryEntry(p)),
    );
    expect(heard()).toEqual(['a starts', 'b starts', 'c starts']);
    await host.close();
    expect(heard()).toEqual(['c stops', 'b stops', 'a stops']);
  });

  it('stop before the one that is disabled, say why, and come back with it', async () => {
    const host = await startHost(
      [plugin('a'), plugin('b', ['a']), plugin('other')].map((p) => memoryEntry(p)),
    );
    heard();
    await host.apply(switched({ a: false }));
    expect(heard()).toEqual(['b stops', 'a stops']);
    expect(host.standings).toMatchObject([
      { name: 'a', state: 'DISABLED', error: null },
      { name: 'b', state: 'DISABLED', error: { code: 'PLUGIN_DEPENDENCY_STOPPED' } },
      { name: 'other', state: 'RUNNING' },
    ]);
    expect(host.standings[1]?.error?.message).toContain('it starts after a, which is disabled; enable that');
    expect(host.failures).toEqual([]);
    await host.apply(switched({ a: true }));
    expect(heard()).toEqual(['a starts', 'b starts']);
    await host.close();
  });

  it('that wait for each other are refused, and the others start', async () => {
    const host = await startHost(
      [plugin('a', ['b']), plugin('b', ['a']), plugin('c')].map((p) => memoryEntry(p)),
    );
    expect(host.failures.map(({ error }) => error.message)).toContainEqual(
      expect.stringContaining('plugins wait for each other'),
    );
    expect(host.plugins.map(({ plugin: { name } }) => name)).toEqual(['c']);
    await host.close();
  });
});

describe('a plugin that is changed', () => {
  const schema = { config: { type: 'object', properties: { size: { type: 'integer' } } } };

  it('starts anew with its settings in a scope of its own; extensions of its last life are over', async () => {
    const container = createContainer();
    const entry = memoryEntry({ ...plugin('a'), extensions: [extensionOf('feed', 'a', schema)] });
    const host = await startHost([{ ...entry, config: { 'feed:a': { size: 1 } } }], { container });
    const before = host.extension('feed', 'a');
    expect(before?.scope.cradle.extensionConfig).toEqual({ size: 1 });
    heard();
    await host.apply(configured('a', { size: 2 }));
    expect(heard()).toEqual(['a stops', 'a starts']);
    expect(before?.signal.aborted).toBe(true);
    expect(host.extension('feed', 'a')?.scope.cradle.extensionConfig).toEqual({ size: 2 });
    expect(host.extension('feed', 'a')?.life).not.toBe(before?.life);
    await host.apply(switched({ a: false }));
    expect(() => container.resolve('feed:a')).toThrow(/enable it/);
    await host.close();
  });

  it.each([
    ['a wrong setting', { config: { 'feed:a': { size: 'big' } } }, /feed:a, config.size must be integer/],
    [
      'settings of what it has not',
      { config: { 'feed:b': {} } },
      /settings for feed:b, which it does not have/,
    ],
    [
      'a credential whose variable is not set',
      { secrets: { 'feed:a': { token: { env: 'NOT_SET' } } } },
      /feed:a, secrets.token: the environment has no variable NOT_SET/,
    ],
    [
      'a credential whose file is not there',
      { secrets: { 'feed:a': { token: { file: '/not/there' } } } },
      /secrets.token: the file \/not\/there cannot be read/,
    ],
  ])('is refused with %s', async (_what, settings, message) => {
    const extensions = [extensionOf('feed', 'a', { ...schema, secrets: { type: 'object' } })];
    const host = await startHost([memoryEntry({ name: 'a', extensions }, settings)]);
    expect(host.failures[0]?.error).toMatchObject({ code: 'PLUGIN_CONFIG_INVALID', plugin: 'a' });
    expect(host.failures[0]?.error.message).toMatch(message);
    await host.close();
  });

  it.each([
    ['cannot be read', () => Promise.reject(new Error('a syntax error'))],
    ['does not start', memoryEntry({ ...plugin('a'), start: () => Promise.reject(new Error('a bug')) }).read],
  ])('leaves its last good version running when the new one %s, and says why', async (_what, bad) => {
    const good = memoryEntry(plugin('a'));
    const better = memoryEntry({ ...plugin('a'), version: '1.1.0' });
    const versions = [good.read, bad, better.read];
    const host = await startHost([
      { ...good, read: () => versions.shift()?.() ?? Promise.reject(new Error('there is no more')) },
    ]);
    const catalog = createPluginCatalog(host, { problemOf: () => null });
    await host.reload('a');
    expect(catalog.plugins()).toMatchObject([
      { version: '1.0.0', status: 'DEGRADED', error: expect.stringMatching(/a syntax error|a bug/) },
    ]);
    expect(host.extension('feed', 'a')?.signal.aborted).toBe(false);
    await host.reload('a');
    expect(catalog.plugins()).toMatchObject([{ version: '1.1.0', status: 'READY', error: null }]);
    await host.close();
  });
});

describe('health', () => {
  it('is asked for at intervals; one that throws or hangs is DEGRADED and goes on', async () => {
    const clock = createVirtualClock();
    const gauges = new Map<string, number>();
    const lines: string[] = [];
    let answer: () => Promise<{ status: 'READY' } | { status: 'DEGRADED'; message: string }> = () =>
      Promise.resolve({ status: 'READY' });
    const host = await startHost([memoryEntry({ ...plugin('a'), health: () => answer() })]);
    const health = watchPluginHealth({
      ...{ host, clock },
      telemetry: {
        gauge: (name, value) => void gauges.set(name, value),
        log: (_level, message) => void lines.push(message),
      },
    });
    const shown = () => createPluginCatalog(host, health).plugins()[0];
    expect(shown()).toMatchObject({ status: 'READY', error: null });

    answer = () => Promise.resolve({ status: 'DEGRADED', message: 'the line is slow' });
    await clock.advance(10_000);
    expect(shown()).toMatchObject({ status: 'DEGRADED', error: 'the line is slow' });
    expect(gauges).toEqual(
      new Map([
        ['plugin_up', 1],
        ['plugin_ready', 0],
      ]),
    );

    answer = () => Promise.reject(new Error('a bug'));
    await clock.advance(10_000);
    expect(shown()).toMatchObject({ status: 'DEGRADED', error: 'its health check failed: a bug' });
    answer = () => new Promise(() => undefined);
    await clock.advance(12_000);
    expect(shown()?.error).toContain('did not answer within 2000 ms');

    answer = () => Promise.resolve({ status: 'READY' });
    await clock.advance(10_000);
    expect(shown()).toMatchObject({ status: 'READY', error: null });
    expect(lines).toEqual([...Array<string>(3).fill('a plugin is degraded'), 'a plugin is well again']);
    health.close();
    await host.close();
  });
});
