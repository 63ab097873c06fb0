import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { makeEmptyDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { startStrategy } from '../support/gateway/strategy-orders.ts';
import { until } from '../support/gateway/until.ts';

jest.setTimeout(180_000);

const EVENTS = 'subscription($id: ID!) { strategyEvents(strategyId: $id) { message data } }';
const PLUGINS = '{ plugins { name version status error } }';
const STRATEGY = 'query($id: ID!) { strategy(id: $id) { status error restarts } }';

/** A word of its own module that the strategy says, so that both files have to be loaded anew. */
const words = (word: string, format: Format): string =>
  format === 'esm' ? `export const word = '${word}';` : `exports.word = '${word}';`;

type Format = 'esm' | 'cjs';

const strategy = (version: string, id: string, format: Format): string => `
${
  format === 'esm'
    ? `import { definePlugin, defineStrategy, log, setTimer, T } from '@omniquant/plugin-sdk'; import { word } from './lib/word.js';`
    : `const { definePlugin, defineStrategy, log, setTimer, T } = require('@omniquant/plugin-sdk'); const { word } = require('./lib/word.js');`
}
const counts = defineStrategy({
  id: '${id}', description: 'Counts its bars', config: T.Object({}),
  create() {
    let bars = 0;
    return {
      // With the timer every bar is a step that is saved.
      *onBar({ at }) { bars += 1; yield setTimer('never', at + 1e12); yield log('INFO', word + ' ${version}', { bars }); },
      snapshot: () => bars,
      restore: (snapshot) => void (bars = snapshot),
    };
  },
});
${format === 'esm' ? 'export default' : 'module.exports ='} definePlugin({
  name: '${id}', version: '${version}', api: '^0.1.0', extensions: [counts] });
`;

interface Said {
  readonly message: string;
  readonly bars: number;
}

describe('a plugin that is edited while the gateway runs', () => {
  let folder: string;
  let dataDir: string;
  let gateway: GatewayProcess;
  let client: ApiClient;

  /** As many editors do: a new file takes the old one's place. */
  const save = (plugin: string, file: string, text: string): void => {
    const path = join(folder, plugin, file);
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
  };
  const make = (plugin: string, format: Format): void => {
    mkdirSync(join(folder, plugin, 'lib'), { recursive: true });
    const manifest = { name: plugin, type: format === 'esm' ? 'module' : 'commonjs', main: './index.js' };
    save(plugin, 'package.json', JSON.stringify(manifest));
    save(plugin, 'lib/word.js', words('first', format));
    save(plugin, 'index.js', strategy('1.0.0', plugin, format));
  };
  const shown = async (name: string) =>
    (
      await client.ask<{
        plugins: { name: string; version: string; status: string; error: string | null }[];
      }>(PLUGINS)
    ).plugins.find((plugin) => plugin.name === name);

  beforeAll(async () => {
    folder = makeEmptyDataDir('plugins');
    dataDir = join(folder, 'data');
    mkdirSync(dataDir, { mode: 0o711 });
    mkdirSync(join(folder, 'node_modules', '@omniquant'), { recursive: true });
    symlinkSync(join(process.cwd(), 'plugins/sdk'), join(folder, 'node_modules', '@omniquant', 'plugin-sdk'));
    make('counts-esm', 'esm');
    make('counts-cjs', 'cjs');
    const list = join(folder, 'plugins.json');
    writeFileSync(list, JSON.stringify([{ plugin: './counts-esm' }, { plugin: './counts-cjs' }]));
    const env = { PLUGINS_FILE: list, PLUGIN_RELOAD: 'true', VENUE_SPEED: '120' };
    gateway = await startGatewayProcess({ dataDir, env });
    client = await signIn(() => gateway.address, gateway.demo);
  });
  afterAll(async () => {
    await gateway.stop();
    await removeDataDir(dataDir);
    await removeDataDir(folder);
  });

  it.each([
    ['counts-esm', 'esm'],
    ['counts-cjs', 'cjs'],
  ] as const)(
    '%s goes on with its snapshot and the new code; broken it stays as it was',
    async (plugin, format) => {
      const id = await startStrategy(client, gateway.demo.accountId, plugin);
      const socket = client.socket();
      const heard: Said[] = [];
      const listening = (async () => {
        for await (const { data } of socket.iterate<{
          strategyEvents: { message: string; data: { bars: number } | null };
        }>({ query: EVENTS, variables: { id } })) {
          const said = data?.strategyEvents;
          if (said?.data?.bars !== undefined) heard.push({ message: said.message, bars: said.data.bars });
        }
      })().catch(() => undefined);
      const says = (word: string) =>
        until(`the word ${word}`, () => heard.some(({ message }) => message === word));

      await says('first 1.0.0');
      save(plugin, 'lib/word.js', words('second', format));
      await says('second 1.0.0');
      save(plugin, 'index.js', strategy('1.1.0', plugin, format));
      await says('second 1.1.0');
      const second = await until('the second version', async () => {
        const now = await shown(plugin);
        return now?.version === '1.1.0' ? now : null;
      });
      expect(second).toMatchObject({ status: 'READY' });

      save(plugin, 'index.js', 'this is no JavaScript');
      const broken = await until('its fault', async () => {
        const now = await shown(plugin);
        return now?.status === 'DEGRADED' ? now : null;
      });
      expect(broken).toMatchObject({
        version: '1.1.0',
        error: expect.stringMatching(/^PLUGIN_INVALID: .*importing it failed/),
      });
      const before = heard.length;
      await until('more words of the last good version', () => heard.length > before + 1);

      save(plugin, 'lib/word.js', words('mended', format));
      save(plugin, 'index.js', strategy('1.2.0', plugin, format));
      await says('mended 1.2.0');
      const mended = await until('the mended version', async () => {
        const now = await shown(plugin);
        return now?.version === '1.2.0' ? now : null;
      });
      expect(mended).toMatchObject({ status: 'READY', error: null });

      expect(await client.ask(STRATEGY, { id })).toEqual({
        strategy: { status: 'RUNNING', error: null, restarts: 0 },
      });
      // It counts on where it was: nothing twice, nothing left out.
      const counts = heard.map(({ bars }) => bars);
      expect(counts).toEqual(counts.map((_, index) => (counts[0] ?? 0) + index));
      await client.ask('mutation($id: ID!) { stopStrategy(id: $id) { status } }', { id });
      await socket.dispose();
      await listening;
      expect(gateway.stderr()).toBe('');
    },
  );
});
