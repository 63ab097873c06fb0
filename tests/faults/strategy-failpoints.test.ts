import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { Failpoint } from '../../core/ports/failpoints.ts';
import { signIn } from '../support/gateway/api-client.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { faultsInTurns, startStrategy, strategyOrders } from '../support/gateway/strategy-orders.ts';
import { until, within } from '../support/gateway/until.ts';

/* A gateway that dies around a step of its strategy, and goes on: nothing is repeated, nothing skipped. */
jest.setTimeout(180_000);

const PLUGIN = fileURLToPath(new URL('../support/plugins/unruly-strategies.ts', import.meta.url));

describe('a strategy whose gateway is killed', () => {
  let dataDir: string;
  let gateway: GatewayProcess | null = null;

  beforeEach(() => {
    dataDir = makeDataDir('strategy');
    writeFileSync(join(dataDir, 'plugins.json'), JSON.stringify([{ plugin: PLUGIN }]));
  });

  afterEach(async () => {
    if (gateway?.isRunning === true) await gateway.stop();
    await removeDataDir(dataDir);
  });

  it.each<Failpoint>(['strategy.before-step', 'strategy.after-step'])(
    'at %s goes on where it was',
    async (name) => {
      const doomed = await startGatewayProcess({ dataDir, failpoint: { name, passage: 4 } });
      const { accountId } = doomed.demo;
      const user = await signIn(() => doomed.address, doomed.demo);
      const id = await startStrategy(user, accountId, 'steady');
      expect(await within('the death', doomed.ended)).toMatchObject({ signal: 'SIGKILL' });

      const next = await startGatewayProcess({ dataDir });
      gateway = next;
      const client = await signIn(() => next.address, next.demo);
      const orders = await until('more orders', async () => {
        const own = await strategyOrders(client, accountId, id);
        return own.length >= 8 ? own : null;
      });
      expect(faultsInTurns(orders)).toEqual([]);
    },
  );
});
