import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { measureSandbox } from '../../gateway/plugins/isolation/sandbox-support.ts';
import { createLogger } from '../../gateway/telemetry/logger.ts';
import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { makeEmptyDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { faultsInTurns, startStrategy, strategyOrders } from '../support/gateway/strategy-orders.ts';
import { until } from '../support/gateway/until.ts';
import { processesBelow, stillRunning } from '../support/processes.ts';

/* Strategies of plugins that nobody vouches for, each in a sandboxed process, on a gateway that is killed. */
jest.setTimeout(300_000);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = join(ROOT, 'bin/omniquant.mjs');
const STRANGER = fileURLToPath(new URL('../support/plugins/sandboxed-strategies.mjs', import.meta.url));
const NAME = 'my-stranger';
const STRATEGY = `query($id: ID!) { strategy(id: $id) { status error restarts } }`;
const START = `mutation($input: StartStrategyInput!) { startStrategy(input: $input) { id } }`;

interface Told {
  readonly status: string;
  readonly error: string | null;
  readonly restarts: number;
}

const { level } = await measureSandbox(createLogger({ level: 'silent', instanceId: 'test' }));

describe('plugins whose isolation is a process', () => {
  let folder: string;
  let dataDir: string;
  let gateway: GatewayProcess;
  let client: ApiClient;

  const run = (command: string, args: readonly string[], cwd: string): void => {
    const { status, stderr, stdout } = spawnSync(command, args, {
      ...{ cwd, encoding: 'utf8' },
      env: { ...process.env, DATA_DIR: dataDir },
    });
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}: ${stdout}${stderr}`);
  };
  const start = async (): Promise<void> => {
    gateway = await startGatewayProcess({
      dataDir,
      env: {
        STRATEGY_STEP_TIMEOUT_MS: '3000',
        STRATEGY_NAMESPACES: level === 'namespaces' ? 'required' : 'preferred',
      },
    });
    client = await signIn(() => gateway.address, gateway.demo);
  };
  const begin = (strategy: string, config: object = {}): Promise<string> =>
    startStrategy(client, gateway.demo.accountId, strategy, { config });
  const look = async (id: string): Promise<Told> =>
    (await client.ask<{ strategy: Told }>(STRATEGY, { id })).strategy;
  const sandboxes = () =>
    processesBelow(gateway.pid).filter(({ command }) => /strategy-process/.test(command));

  beforeAll(async () => {
    folder = makeEmptyDataDir('strangers');
    dataDir = join(folder, 'data');
    run(process.execPath, [COMMAND, 'plugin', 'create', NAME, '--kind', 'strategy'], folder);
    run('npm', ['run', 'build'], join(folder, NAME));
    run('npm', ['pack'], join(folder, NAME));
    run(process.execPath, [COMMAND, 'plugin', 'add', `${NAME}/${NAME}-0.1.0.tgz`], folder);
    const file = join(dataDir, 'plugins.json');
    const listed = JSON.parse(readFileSync(file, 'utf8')) as readonly object[];
    const isolated = [...listed, { plugin: STRANGER }].map((entry) => ({ ...entry, isolation: 'process' }));
    writeFileSync(file, JSON.stringify(isolated));
    await start();
  });

  afterAll(async () => {
    if (gateway.isRunning) await gateway.stop();
    await removeDataDir(folder);
  });

  it('have their parameters checked by their own code, elsewhere', async () => {
    const input = { accountId: gateway.demo.accountId, strategy: 'steady-one', symbols: ['AAPL'] };
    const wrong = { ...input, interval: 'MINUTE_1', config: { quantity: '0' } };
    await expect(client.ask(START, { input: wrong })).rejects.toThrow(/quantity has to be more than nothing/);
  });

  it('trade on paper beside one that is put in quarantine, and go on after kill -9 where they were', async () => {
    const stranger = await begin(NAME, { period: 3, quantity: '5' });
    const steady = await begin('steady-one');
    const flooding = await begin('floods');
    const orders = (id: string) => strategyOrders(client, gateway.demo.accountId, id);
    const both = async (count: number): Promise<boolean> =>
      (await orders(stranger)).length >= count && (await orders(steady)).length >= count;
    await until('some orders of both', () => both(3), 90_000);
    const ended = await until(
      'the quarantine',
      async () => {
        const told = await look(flooding);
        return told.status === 'FAILED' ? told : null;
      },
      90_000,
    );
    expect(ended.error).toMatch(/STRATEGY_QUARANTINED: floods crashed 3 times .* start it anew/);

    const running = sandboxes();
    expect(running.length).toBeGreaterThanOrEqual(2);
    await gateway.kill9();
    await until('the end of what it ran', () => stillRunning(running).length === 0);

    await start();
    await until('more orders of both', () => both(8), 90_000);
    for (const id of [stranger, steady]) {
      expect(await look(id)).toEqual({ status: 'RUNNING', error: null, restarts: 0 });
      expect(faultsInTurns(await orders(id))).toEqual([]);
    }
    expect((await look(flooding)).status).toBe('FAILED');
  });
});
