import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createApiClient, refusalOf } from '../support/gateway/api-client.ts';
import type { Desk } from '../support/gateway/desk.ts';
import { type Floor, openFloor } from '../support/gateway/floor.ts';
import { until } from '../support/gateway/until.ts';

const FIELDS =
  'id accountId strategy symbols interval config status error startedAt stoppedAt realizedPnl restarts';
const START = `mutation($input: StartStrategyInput!) { startStrategy(input: $input) { ${FIELDS} } }`;
const STOP = `mutation($id: ID!, $cancel: Boolean! = true) {
  stopStrategy(id: $id, cancelOpenOrders: $cancel) { ${FIELDS} } }`;
const GET = `query($id: ID!) { strategy(id: $id) { ${FIELDS} } }`;
const LIST = `query($id: ID!) { strategies(accountId: $id) { id status } }`;
const EVENTS = 'subscription($id: ID!) { strategyEvents(strategyId: $id) { at level message data } }';

const PLUGIN = fileURLToPath(new URL('../support/plugins/unruly-strategies.ts', import.meta.url));
const MINUTE = 60_000;

interface StrategyData {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly stoppedAt: string | null;
  readonly realizedPnl: string;
}

/** The whole of it: plugin, worker, venue, PostgreSQL, socket. */
describe('strategies of a plugin', () => {
  let folder: string;
  let floor: Floor;
  let desk: Desk;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plugins-'));
    const list = join(folder, 'plugins.json');
    writeFileSync(list, JSON.stringify([{ plugin: PLUGIN }]));
    floor = await openFloor({ PLUGINS_FILE: list });
    desk = await floor.openDesk();
  });
  afterAll(async () => {
    await floor.close();
    rmSync(folder, { recursive: true });
  });

  const input = (overrides: object = {}) => ({
    ...{ accountId: desk.accountId, strategy: 'steady', symbols: ['AAPL'], interval: 'MINUTE_1' },
    ...overrides,
  });
  const start = async (overrides: object = {}): Promise<StrategyData> =>
    (await floor.client.ask<{ startStrategy: StrategyData }>(START, { input: input(overrides) }))
      .startStrategy;
  const stop = async (id: string, cancel = true): Promise<StrategyData> =>
    (await floor.client.ask<{ stopStrategy: StrategyData }>(STOP, { id, cancel })).stopStrategy;
  const get = async (id: string): Promise<StrategyData> =>
    (await floor.client.ask<{ strategy: StrategyData }>(GET, { id })).strategy;
  /** The market goes on until a strategy is as wanted. */
  const moveUntil = (what: string, id: string, wanted: (strategy: StrategyData) => boolean) =>
    until(what, async () => {
      await floor.venue.advance(MINUTE);
      await sleep(200);
      const strategy = await get(id);
      return wanted(strategy) ? strategy : null;
    });

  it('are listed with their schemas', async () => {
    const { plugins } = await floor.client.ask<{ plugins: { name: string }[] }>(
      '{ plugins { name version status error extensions { id kind configSchema } } }',
    );
    expect(plugins.map(({ name }) => name)).toContain('@omniquant/broker-simulated');
    expect(plugins.find(({ name }) => name === 'unruly-strategies')).toMatchObject({
      ...{ version: '1.0.0', status: 'READY', error: null },
      extensions: expect.arrayContaining([
        {
          ...{ id: 'steady', kind: 'STRATEGY' },
          configSchema: expect.objectContaining({
            properties: { quantity: expect.objectContaining({ default: '1' }) },
          }),
        },
      ]),
    });
  });

  it.each([
    ['an unknown account', { accountId: 'nobody' }, 'NOT_FOUND', 'input.accountId'],
    ['no symbols', { symbols: [] }, 'BAD_USER_INPUT', 'input.symbols'],
    ['an unknown symbol', { symbols: ['AAPL', 'NOPE'] }, 'BAD_USER_INPUT', 'input.symbols[1]'],
    ['a symbol twice', { symbols: ['AAPL', 'AAPL'] }, 'BAD_USER_INPUT', 'input.symbols[1]'],
    ['an unknown strategy', { strategy: 'stedy' }, 'BAD_USER_INPUT', 'input.strategy'],
    ['a parameter of another type', { config: { quantity: 5 } }, 'BAD_USER_INPUT', 'input.config.quantity'],
    ['a parameter that there is not', { config: { size: '5' } }, 'BAD_USER_INPUT', 'input.config.size'],
    ['an interval that is none', { interval: 'MINUTE_7' }, 'BAD_USER_INPUT', 'input.interval'],
    ['parameters that are no object', { config: ['1'] }, 'BAD_USER_INPUT', 'input.config'],
  ])('do not start with %s', async (_what, overrides, code, field) => {
    const refused = await refusalOf(floor.client, START, { input: input(overrides) });
    expect(refused).toMatchObject({ code, field });
    if (field === 'input.strategy') expect(refused.message).toContain('the nearest is steady');
    expect(await floor.client.ask(LIST, { id: desk.accountId })).toEqual({ strategies: [] });
  });

  it('are no matter of keys without the scope', async () => {
    const { createApiKey } = await floor.client.ask<{ createApiKey: { secret: string } }>(
      'mutation { createApiKey(input: { name: "k", scopes: [READ, TRADE] }) { secret } }',
    );
    const headers = { 'x-api-key': createApiKey.secret };
    const client = createApiClient({ address: () => floor.local.address, headers });
    expect(await refusalOf(client, START, { input: input() })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(client, STOP, { id: 'nobody' })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await client.ask(LIST, { id: desk.accountId })).toEqual({ strategies: [] });
  });

  it('start, speak, trade, are stopped, and are all in the audit log', async () => {
    const started = await start({ config: { quantity: '3' } });
    expect(started).toEqual({
      ...{ ...input(), id: started.id, config: { quantity: '3' }, status: 'STARTING', error: null },
      ...{ startedAt: expect.any(String), stoppedAt: null, realizedPnl: '0', restarts: 0 },
    });
    const { id } = started;
    const socket = floor.client.socket();
    const heard: unknown[] = [];
    const listening = (async () => {
      for await (const { data } of socket.iterate({ query: EVENTS, variables: { id } })) heard.push(data);
    })();

    await moveUntil('a profit or a loss', id, ({ realizedPnl }) => realizedPnl !== '0');
    expect(await get(id)).toMatchObject({ status: 'RUNNING', stoppedAt: null });
    await until('words of the strategy', () => Promise.resolve(heard.length > 0));
    expect(heard[0]).toMatchObject({
      strategyEvents: { level: 'INFO', message: 'a bar', data: { bars: expect.any(Number) } },
    });

    const stopping = await stop(id);
    expect(stopping.status).toMatch(/^(STOPPING|STOPPED)$/);
    const stopped = await moveUntil('its end', id, ({ status }) => status === 'STOPPED');
    expect(stopped).toMatchObject({ error: null, stoppedAt: expect.any(String) });
    await listening;
    await socket.dispose();
    // Nobody else trades on this account.
    await until('the last fill', async () => {
      const { realizedPnl } = await desk.account();
      return (await get(id)).realizedPnl === realizedPnl;
    });
    expect(await stop(id)).toEqual(await get(id));

    const { auditLog } = await floor.client.ask<{ auditLog: { nodes: unknown[] } }>(
      'query($id: ID!) { auditLog(accountId: $id, first: 2) { nodes { actor action target details } } }',
      { id: desk.accountId },
    );
    expect(auditLog.nodes).toMatchObject([
      { action: 'stopStrategy', target: id, details: { cancelOpenOrders: true } },
      { action: 'startStrategy', target: id, actor: expect.stringMatching(/^user:/) },
    ]);
  });

  it('that fail for good say why, and those that run come first in the list', async () => {
    const own = await floor.openDesk();
    const failing = await start({ accountId: own.accountId, strategy: 'throws' });
    const running = await start({ accountId: own.accountId });
    const restarted = await moveUntil('a failure', failing.id, ({ error }) => error !== null);
    expect(restarted.error).toContain('a bug of its author');
    await stop(failing.id);
    await moveUntil('its end', failing.id, ({ stoppedAt }) => stoppedAt !== null);
    const { strategies } = await floor.client.ask<{ strategies: { id: string }[] }>(LIST, {
      id: own.accountId,
    });
    expect(strategies.map(({ id }) => id)).toEqual([running.id, failing.id]);
    await stop(running.id);
  });
});
