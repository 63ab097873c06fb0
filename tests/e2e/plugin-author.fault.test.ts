import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { pluginEntries } from '../../gateway/plugins/plugin-list.ts';
import { type ApiClient, createApiClient, signIn } from '../support/gateway/api-client.ts';
import { makeEmptyDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import {
  faultsInTurns,
  startStrategy,
  type StrategyOrder,
  strategyOrders,
} from '../support/gateway/strategy-orders.ts';
import { until } from '../support/gateway/until.ts';
import { CHROMIUM, launchBrowser, openGraphiqlPage } from '../support/graphiql/graphiql-page.ts';
import { startTestRegistry, type TestRegistry } from '../support/npm-registry.ts';

/* The guide for authors, plugins/README.md, as it is written; then what it makes trades, and is killed. */
jest.setTimeout(240_000);

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = join(ROOT, 'bin/omniquant.mjs');
const GUIDE = readFileSync(join(ROOT, 'plugins/README.md'), 'utf8');

const STRATEGY = `query($id: ID!) { strategy(id: $id) { status error restarts } }`;
const STOP = `mutation($id: ID!) { stopStrategy(id: $id) { status } }`;
const PLUGINS = `{ plugins { name status extensions { kind id } } }`;

interface Started {
  readonly startStrategy: { readonly id: string };
}

describe('a plugin written outside the repository', () => {
  let folder: string;
  let dataDir: string;
  let registry: TestRegistry;
  let gateway: GatewayProcess;
  let client: ApiClient;
  const strategies = new Map<string, string>();

  /** Runs a command of the guide; those that the guide lacks are no test of it. */
  const run = async (
    shown: string,
    command: string,
    args: readonly string[],
    cwd: string,
  ): Promise<string> => {
    expect(GUIDE).toContain(shown);
    const env = { ...process.env, DATA_DIR: dataDir, npm_config_userconfig: registry.userConfig };
    // Not synchronous: the registry answers from this process.
    const { stdout } = await execute(command, [...args], { cwd, env });
    return stdout;
  };
  const omniquant = (shown: string, ...args: readonly string[]): Promise<string> =>
    run(shown, process.execPath, [COMMAND, ...args], folder);

  const start = async (): Promise<void> => {
    gateway = await startGatewayProcess({ dataDir });
    client = createApiClient({
      address: () => gateway.address,
      headers: (await signIn(() => gateway.address, gateway.demo)).headers,
    });
  };

  /**
   * The guide's mutation, in GraphiQL, on one line: an editor shows only the lines that there is room for. A short
   * average crosses often. Without a browser, over the API.
   */
  async function startAsTheGuideSays(): Promise<string> {
    const shown = /```graphql\n(mutation[^`]*startStrategy[^`]*)```/.exec(GUIDE)?.[1] ?? '';
    const document = shown
      .replace('<account>', gateway.demo.accountId ?? '')
      .replace('period: 20', 'period: 3')
      .replaceAll(/\s+/g, ' ');
    if (CHROMIUM === undefined) return (await client.ask<Started>(document, {})).startStrategy.id;
    const browser = await launchBrowser();
    try {
      const graphiql = await openGraphiqlPage(browser);
      await graphiql.open(gateway.address);
      await graphiql.setHeaders(client.headers);
      await graphiql.type(document);
      const { data, errors } = await graphiql.answer<Started>();
      if (data === undefined || data === null) throw new Error(JSON.stringify(errors));
      return data.startStrategy.id;
    } finally {
      await browser.close();
    }
  }

  const ordersOf = (name: string): Promise<readonly StrategyOrder[]> =>
    strategyOrders(client, gateway.demo.accountId, strategies.get(name));

  beforeAll(async () => {
    folder = makeEmptyDataDir('author');
    dataDir = join(folder, 'data');
    registry = await startTestRegistry(folder);
  });

  afterAll(async () => {
    // Not there when only a part of the tests is run.
    const left = gateway as GatewayProcess | undefined;
    if (left?.isRunning === true) await left.kill9();
    await registry.close();
    await removeDataDir(dataDir);
    await removeDataDir(folder);
  });

  it.each([
    ['my-strategy', 'esm'],
    ['my-cjs-strategy', 'cjs'],
  ])('%s comes from the template, builds, is tested, packed and added as %s', async (name, format) => {
    await omniquant(
      'npx omniquant plugin create',
      'plugin',
      'create',
      name,
      '--kind',
      'strategy',
      '--format',
      format,
    );
    expect(await run('npm test', 'npm', ['test'], join(folder, name))).toMatch(/pass 16\n.*fail 0/);
    await run('npm pack', 'npm', ['pack'], join(folder, name));
    const packed = `${name}/${name}-0.1.0.tgz`;
    expect(await omniquant('npx omniquant plugin add', 'plugin', 'add', packed)).toContain(
      `strategy ${name}`,
    );
    expect(await omniquant('npx omniquant plugin test', 'plugin', 'test', name)).toMatch(
      /ok +\S+ S1 (.|\n)*S14/,
    );
    expect(await omniquant('npx omniquant plugin doctor', 'plugin', 'doctor')).toContain(`${name} 0.1.0: ok`);
  });

  it('an optimizer comes from the template, builds and is tested', async () => {
    await omniquant('npx omniquant plugin create', 'plugin', 'create', 'my-optimizer', '--kind', 'optimizer');
    expect(await run('npm test', 'npm', ['test'], join(folder, 'my-optimizer'))).toMatch(/pass 17\n.*fail 0/);
    const tested = await omniquant('npx omniquant plugin test', 'plugin', 'test', './my-optimizer');
    expect(tested).toMatch(/ok +\S+ O1 (.|\n)*O16/);
  });

  it('a notifier comes from the template and is tested; refused, it is not left installed', async () => {
    const create = ['create', 'my-notifier', '--kind', 'notifier'];
    const next = await omniquant('npx omniquant plugin create', 'plugin', ...create);
    expect(next).toContain('npm --prefix ./my-notifier test\n');
    expect(next).toContain('npx omniquant plugin add ./my-notifier --grant network\n');
    const tested = await run('npm test', 'npm', ['--prefix', './my-notifier', 'test'], folder);
    expect(tested).toMatch(/pass 3\n.*fail 0/);
    const installed = join(dataDir, 'plugins/node_modules/my-notifier');
    const refused = omniquant('npx omniquant plugin add', 'plugin', 'add', './my-notifier');
    await expect(refused).rejects.toThrow('add it with --grant network');
    expect(existsSync(installed)).toBe(false);
    const grant = ['--grant', 'network'];
    await omniquant('npx omniquant plugin add', 'plugin', 'add', './my-notifier', ...grant);
    expect(existsSync(installed)).toBe(true);
    // What is saved in the folder is what the gateway imports, and watches.
    const entry = pluginEntries(join(dataDir, 'plugins.json')).find(({ listed }) => listed === 'my-notifier');
    expect(entry).toMatchObject({ isLocal: true, grants: ['network'] });
    // One that is on the list already stays.
    await expect(omniquant('npx omniquant plugin add', 'plugin', 'add', './my-notifier')).rejects.toThrow(
      'my-notifier stays on the list',
    );
    expect(existsSync(installed)).toBe(true);
  });

  it.each([
    ['my-broker', 'esm'],
    ['my-cjs-broker', 'cjs'],
  ])('%s comes from the template, passes the cases of brokers and loads, as %s', async (name, format) => {
    const made = ['create', name, '--kind', 'broker', '--format', format];
    await omniquant('npx omniquant plugin create', 'plugin', ...made);
    const cases = await run('npm test', 'npm', ['test'], join(folder, name));
    expect(cases).toMatch(/B1 (.|\n)*B44(.|\n)*fail 0/);
    const grants = ['--grant', 'network,secrets'];
    const added = await omniquant('npx omniquant plugin add', 'plugin', 'add', `./${name}`, ...grants);
    expect(added).toContain(`broker ${name}`);
    expect(await omniquant('npx omniquant plugin test', 'plugin', 'test', name)).toMatch(
      /ok +\S+ B1 (.|\n)*B44/,
    );
    expect(await omniquant('npx omniquant plugin doctor', 'plugin', 'doctor')).toContain(`${name} 0.1.0: ok`);
  });

  it('is published, and added by its name and version', async () => {
    const author = join(folder, 'my-strategy');
    await run('npm version patch', 'npm', ['version', 'patch'], author);
    await run('npm publish --access public', 'npm', ['publish', '--access', 'public'], author);
    const added = await omniquant(
      'npx omniquant plugin add my-strategy@0.1.1',
      'plugin',
      'add',
      'my-strategy@0.1.1',
    );
    expect(added).toContain('my-strategy 0.1.1 is on the list');
    const list = JSON.parse(readFileSync(join(dataDir, 'plugins.json'), 'utf8')) as readonly {
      plugin: string;
    }[];
    expect(list.filter(({ plugin }) => plugin === 'my-strategy')).toHaveLength(1);
  });

  it('trades on paper, and goes on after kill -9 where it was', async () => {
    await start();
    const { plugins } = await client.ask<{ plugins: readonly { name: string; status: string }[] }>(
      PLUGINS,
      {},
    );
    for (const name of ['my-strategy', 'my-cjs-strategy']) {
      expect(plugins).toContainEqual(expect.objectContaining({ name, status: 'READY' }));
    }
    strategies.set('my-strategy', await startAsTheGuideSays());
    const config = { period: 3, quantity: '5' };
    const other = await startStrategy(client, gateway.demo.accountId, 'my-cjs-strategy', { config });
    strategies.set('my-cjs-strategy', other);
    const both = async (count: number): Promise<boolean> => {
      const [a, b] = await Promise.all([...strategies.keys()].map(ordersOf));
      return (a?.length ?? 0) >= count && (b?.length ?? 0) >= count;
    };
    await until('some orders of both', () => both(4), 60_000);
    await gateway.kill9();
    await start();
    await until('more orders of both', () => both(9), 60_000);
    for (const [name, id] of strategies) {
      await client.ask(STOP, { id });
      await until(`the end of ${name}`, async () => {
        const { strategy } = await client.ask<{ strategy: { status: string } }>(STRATEGY, { id });
        return strategy.status === 'STOPPED';
      });
      const { strategy } = await client.ask<{ strategy: object }>(STRATEGY, { id });
      expect(strategy).toEqual({ status: 'STOPPED', error: null, restarts: 0 });
      // It buys and sells in turn: one order repeated or skipped would show.
      expect(faultsInTurns(await ordersOf(name))).toEqual([]);
    }
  });
});
