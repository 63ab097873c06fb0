import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type ApiClient, signIn, signUp, type Variables } from '../support/gateway/api-client.ts';
import { type Desk, openDesk } from '../support/gateway/desk.ts';
import { type LocalGateway, startLocalGateway } from '../support/gateway/local-gateway.ts';
import { controlVenue } from '../support/gateway/venue-control.ts';
import {
  CHANNEL,
  documentOf,
  ID_ARGUMENTS,
  type IdArgument,
  type Kind,
  needed,
  withValue,
} from '../support/id-arguments.ts';

/*
 * What one workspace owns does not exist for another: every argument of the schema that takes an id is
 * given one of the first user's by the second, and the answer has to be the one for an id that nobody
 * has. The list of arguments comes from the schema, so that a new operation is held to it by itself.
 */

const SWEEP = {
  backtest: { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1' },
  space: { fast: [5, 10] },
};

/** One that no plugin has: it is there, and has failed. */
async function startUnknownStrategy({ gateway }: LocalGateway, accountId: string): Promise<string> {
  const strategyId = randomUUID();
  const terms = { strategyId, strategy: 'nobodys', symbols: ['AAPL'], config: {}, seed: '' } as const;
  const meta = { actor: 'user:owner', correlationId: 'c', traceparent: null, deadline: Date.now() + 10_000 };
  const command = { kind: 'startStrategy', terms: { ...terms, interval: 'MINUTE_1' } } as const;
  await gateway.cradle.runtime.execute(accountId, command, meta);
  return strategyId;
}

describe('another workspace', () => {
  let local: LocalGateway;
  let owner: ApiClient;
  let stranger: ApiClient;
  let desk: Desk;
  let own: Desk;
  let ids: Readonly<Record<Kind, string>>;

  beforeAll(async () => {
    local = await startLocalGateway();
    owner = await signIn(() => local.address, local.demo);
    stranger = await signUp(() => local.address, 'stranger@omniquant.example');
    const venue = controlVenue(local.dataDir);
    await venue.hold();
    await venue.advance(60_000);
    [desk, own] = await Promise.all([openDesk(owner), openDesk(stranger)]);
    const order = await desk.placed({
      clientOrderId: 'someone-1',
      type: 'LIMIT',
      limitPrice: '60',
      timeInForce: 'GTC',
    });
    await desk.placed({ quantity: '4' });
    const { createApiKey } = await owner.ask<{ createApiKey: { apiKey: { id: string } } }>(
      'mutation { createApiKey(input: { name: "k", scopes: [READ] }) { apiKey { id } } }',
    );
    const { createNotificationChannel } = await owner.ask<{ createNotificationChannel: { id: string } }>(
      'mutation($input: CreateNotificationChannelInput!) { createNotificationChannel(input: $input) { id } }',
      { input: CHANNEL },
    );
    const { runBacktest } = await owner.ask<{ runBacktest: { id: string } }>(
      'mutation { runBacktest(input: { strategy: "sma-cross", symbols: ["AAPL"], interval: DAY_1 }) { id } }',
    );
    const { runSweep } = await owner.ask<{ runSweep: { id: string } }>(
      'mutation($input: RunSweepInput!) { runSweep(input: $input) { id } }',
      { input: SWEEP },
    );
    const strategyId = await startUnknownStrategy(local, desk.accountId);
    ids = {
      account: desk.accountId,
      order: order.id,
      apiKey: createApiKey.apiKey.id,
      strategy: strategyId,
      backtest: runBacktest.id,
      sweep: runSweep.id,
      channel: createNotificationChannel.id,
      label: randomUUID(),
    };
    await desk.settled(order.id, 'ACCEPTED');
  });

  afterAll(async () => {
    await local.close();
  });

  /** The first thing that a subscription says, or the answer of a request. */
  const answerTo = async (
    client: ApiClient,
    argument: IdArgument,
    variables: Variables,
  ): Promise<unknown> => {
    const query = documentOf(argument, variables);
    if (argument.operation !== 'subscription') return client.answer(query, variables);
    const socket = client.socket();
    try {
      for await (const result of socket.iterate({ query, variables })) return result;
      return 'ended';
    } catch (error) {
      return error;
    } finally {
      await socket.dispose();
    }
  };

  const ask = async (client: ApiClient, argument: IdArgument, id: string): Promise<string> => {
    const base = needed(argument.field.args);
    // Of what is asked for beside the id everything is the caller's own.
    const accounts = ID_ARGUMENTS.filter(
      ({ field, path, kind }) => field === argument.field && kind === 'account' && path !== argument.path,
    );
    const filled = accounts.reduce<unknown>(
      (variables, { path }) => withValue(variables, path, own.accountId),
      base,
    );
    const answer = await answerTo(client, argument, withValue(filled, argument.path, id) as Variables);
    return JSON.stringify(answer)
      .replaceAll(id, '<id>')
      .replaceAll(/"correlationId":"[^"]*"/g, '');
  };

  const nameOf = ({ operation, field, path }: IdArgument): string =>
    `${operation} ${field.name}(${path.join('.')})`;

  it('is asked for by enough arguments for this to mean something', () => {
    expect(ID_ARGUMENTS.length).toBeGreaterThan(20);
    expect(new Set(ID_ARGUMENTS.map(({ kind }) => kind)).size).toBe(8);
  });

  it.each(
    ID_ARGUMENTS.filter(({ kind }) => kind !== 'label').map(
      (argument) => [nameOf(argument), argument] as const,
    ),
  )('%s answers as for an id that nobody has', async (_name, argument) => {
    const theirs = await ask(stranger, argument, ids[argument.kind]);
    const nobodys = await ask(stranger, argument, randomUUID());
    expect(theirs).toBe(nobodys);
    expect(theirs).toMatch(/NOT_FOUND|null/);
    expect(theirs).not.toContain('GRAPHQL_VALIDATION_FAILED');
    // Reading changes nothing, so that the owner can show that there is something to see.
    if (argument.operation === 'query') {
      expect(await ask(owner, argument, ids[argument.kind])).not.toBe(nobodys);
    }
  });

  it('has changed nothing by all that', async () => {
    expect(await desk.order(ids.order)).toMatchObject({ status: 'ACCEPTED', revision: 0, quantity: '1' });
    expect(await desk.account()).toMatchObject({
      tradingState: 'ACTIVE',
      limits: { maxOpenOrders: null },
      positions: [{ symbol: 'AAPL', quantity: '4' }],
    });
    const { viewer } = await owner.ask<{
      viewer: { user: { apiKeys: { id: string; revokedAt: string | null }[] } };
    }>('{ viewer { user { apiKeys { id revokedAt } } } }');
    expect(viewer.user.apiKeys).toEqual([{ id: ids.apiKey, revokedAt: null }]);
  });

  it('shows none of it in lists, nor through cursors', async () => {
    const { accounts } = await stranger.ask<{ accounts: { id: string }[] }>('{ accounts { id } }');
    expect(accounts).toEqual([{ id: own.accountId }]);
    const audit = JSON.stringify(
      await stranger.ask('{ auditLog(first: 500) { nodes { actor target details } } }'),
    );
    expect(audit).not.toContain(desk.accountId);
    expect(audit).toContain(own.accountId);

    const { orders } = await owner.ask<{ orders: { pageInfo: { endCursor: string } } }>(
      'query($id: ID!) { orders(accountId: $id, first: 1) { pageInfo { endCursor } } }',
      { id: desk.accountId },
    );
    const page = await stranger.answer(
      'query($id: ID!, $after: String) { orders(accountId: $id, after: $after) { nodes { id } } }',
      { id: own.accountId, after: orders.pageInfo.endCursor },
    );
    expect(JSON.stringify(page)).not.toContain(ids.order);
  });

  it('may use the same client order ids, and stop no one else', async () => {
    expect((await own.placed({ clientOrderId: 'someone-1' })).clientOrderId).toBe('someone-1');
    const halted = await stranger.answer(
      'mutation { setGatewayTradingState(state: HALTED, reason: "mine") }',
    );
    expect(halted.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const faster = await stranger.answer('mutation { setMarketSpeed(speed: 9000) { speed } }');
    expect(faster.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
