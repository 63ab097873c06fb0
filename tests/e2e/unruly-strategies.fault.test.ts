import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { deskOf, isPlaced } from '../support/gateway/desk.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { faultsInTurns, startStrategy, strategyOrders } from '../support/gateway/strategy-orders.ts';
import { until } from '../support/gateway/until.ts';

/* Strategies that misbehave beside one that does not, on a gateway that serves orders meanwhile. */
jest.setTimeout(240_000);

const PLUGIN = fileURLToPath(new URL('../support/plugins/unruly-strategies.ts', import.meta.url));
const STRATEGY = `query($id: ID!) { strategy(id: $id) { status error restarts } }`;
const ENOUGH_RESTARTS = 2;

/** What each of them ends with, as the API tells it. */
const UNRULY: readonly (readonly [string, RegExp])[] = [
  ['throws', /a bug of its author/],
  ['blocks', /took longer than 3000 ms/],
  // On a busy machine a leak may take longer than a step may.
  ['leaks-heap', /memory|took longer/i],
  ['leaks-buffers', /MB outside its heap|took longer/],
  ['exits', /ended with code 3/],
  ['throws-later', /nobody catches this/],
  ['yields-nonsense', /no type of effect/],
];

interface Told {
  readonly status: string;
  readonly error: string | null;
  readonly restarts: number;
}

describe('a gateway with strategies that misbehave', () => {
  let dataDir: string;
  let gateway: GatewayProcess;
  let client: ApiClient;

  const start = (strategy: string): Promise<string> =>
    startStrategy(client, gateway.demo.accountId, strategy);
  const look = async (id: string): Promise<Told> =>
    (await client.ask<{ strategy: Told }>(STRATEGY, { id })).strategy;

  beforeAll(async () => {
    dataDir = makeDataDir('unruly');
    writeFileSync(join(dataDir, 'plugins.json'), JSON.stringify([{ plugin: PLUGIN }]));
    gateway = await startGatewayProcess({
      dataDir,
      env: { STRATEGY_STEP_TIMEOUT_MS: '3000', STRATEGY_HEAP_MB: '64' },
    });
    client = await signIn(() => gateway.address, gateway.demo);
  });

  afterAll(async () => {
    if (gateway.isRunning) await gateway.stop();
    await removeDataDir(dataDir);
  });

  it('ends each of them alone and begins again with it, while another and its users trade on', async () => {
    const steady = await start('steady');
    const ids = new Map<string, string>();
    for (const [strategy] of UNRULY) ids.set(strategy, await start(strategy));
    const desk = deskOf(client, gateway.demo.accountId ?? '');
    for (const [strategy, error] of UNRULY) {
      const told = await until(
        `restarts of ${strategy}`,
        async () => {
          expect(isPlaced(await desk.place({ type: 'LIMIT', limitPrice: '1', timeInForce: 'IOC' }))).toBe(
            true,
          );
          const now = await look(ids.get(strategy) ?? '');
          return now.restarts >= ENOUGH_RESTARTS && now.status === 'RUNNING' ? now : null;
        },
        90_000,
      );
      expect(told.error).toMatch(error);
    }
    expect(await look(steady)).toEqual({ status: 'RUNNING', error: null, restarts: 0 });

    const own = await until('orders of the steady one', async () => {
      const orders = await strategyOrders(client, gateway.demo.accountId, steady);
      return orders.length > 5 ? orders : null;
    });
    expect(faultsInTurns(own)).toEqual([]);
    expect(gateway.isRunning).toBe(true);
  });
});
