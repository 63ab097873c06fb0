import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, createApiClient, signIn } from '../support/gateway/api-client.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import {
  faultsInTurns,
  startStrategy,
  type StrategyOrder,
  strategyOrders,
} from '../support/gateway/strategy-orders.ts';
import { until } from '../support/gateway/until.ts';

/* The guide for authors, plugins/README.md, as it is written; then what it makes trades, and is killed. */
jest.setTimeout(240_000);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = join(ROOT, 'bin/omniquant.mjs');
const GUIDE = readFileSync(join(ROOT, 'plugins/README.md'), 'utf8');

const STRATEGY = `query($id: ID!) { strategy(id: $id) { status error restarts } }`;
const STOP = `mutation($id: ID!) { stopStrategy(id: $id) { status } }`;
const PLUGINS = `{ plugins { name status extensions { kind id } } }`;

describe('a plugin written outside the repository', () => {
  let folder: string;
  let dataDir: string;
  let gateway: GatewayProcess;
  let client: ApiClient;
  const strategies = new Map<string, string>();

  /** Runs a command of the guide; those that the guide lacks are no test of it. */
  const run = (shown: string, command: string, args: readonly string[], cwd: string): string => {
    expect(GUIDE).toContain(shown);
    const { status, stderr, stdout } = spawnSync(command, args, {
      ...{ cwd, encoding: 'utf8' },
      env: { ...process.env, DATA_DIR: dataDir },
    });
    if (status !== 0) throw new Error(`${shown} ended with ${String(status)}: ${stdout}${stderr}`);
    return stdout;
  };
  const omniquant = (shown: string, ...args: readonly string[]): string =>
    run(shown, process.execPath, [COMMAND, ...args], folder);

  const start = async (): Promise<void> => {
    gateway = await startGatewayProcess({ dataDir });
    client = createApiClient({
      address: () => gateway.address,
      headers: (await signIn(() => gateway.address, gateway.demo)).headers,
    });
  };

  const ordersOf = (name: string): Promise<readonly StrategyOrder[]> =>
    strategyOrders(client, gateway.demo.accountId, strategies.get(name));

  beforeAll(() => {
    folder = makeDataDir('author');
    dataDir = join(folder, 'data');
  });

  afterAll(async () => {
    if (gateway.isRunning) await gateway.kill9();
    await removeDataDir(dataDir);
    await removeDataDir(folder);
  });

  it.each([
    ['my-strategy', 'esm'],
    ['my-cjs-strategy', 'cjs'],
  ])('%s comes from the template, builds, is tested, packed and added as %s', (name, format) => {
    omniquant(
      'npx omniquant plugin create',
      'plugin',
      'create',
      name,
      '--kind',
      'strategy',
      '--format',
      format,
    );
    expect(run('npm test', 'npm', ['test'], join(folder, name))).toMatch(/pass 15\n.*fail 0/);
    run('npm pack', 'npm', ['pack'], join(folder, name));
    const packed = `${name}/${name}-0.1.0.tgz`;
    expect(omniquant('npx omniquant plugin add', 'plugin', 'add', packed)).toContain(`strategy ${name}`);
    expect(omniquant('npx omniquant plugin test', 'plugin', 'test', name)).toMatch(/ok +\S+ S1 (.|\n)*S14/);
    expect(omniquant('npx omniquant plugin doctor', 'plugin', 'doctor')).toContain(`${name} 0.1.0: ok`);
  });

  it('trades on paper, and goes on after kill -9 where it was', async () => {
    await start();
    const { plugins } = await client.ask<{ plugins: readonly { name: string; status: string }[] }>(
      PLUGINS,
      {},
    );
    for (const name of ['my-strategy', 'my-cjs-strategy']) {
      expect(plugins).toContainEqual(expect.objectContaining({ name, status: 'READY' }));
      const config = { period: 3, quantity: '5' };
      strategies.set(name, await startStrategy(client, gateway.demo.accountId, name, { config }));
    }
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
