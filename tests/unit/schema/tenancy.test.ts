import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import canonicalize from 'canonicalize';

import type { StrategyCatalog } from '../../../core/ports/plugin-catalog.ts';
import { buildSchema } from '../../../schema/build-schema.ts';
import type { Streams } from '../../../schema/streams.ts';
import { type ApiWorld, type Caller, createApiWorld, principalOf, textAt } from '../../support/api-world.ts';
import { idArguments, type SampleOperation, sampleOperations } from '../../support/sample-operations.ts';
import { orderEachBar } from '../../support/strategy-world.ts';

/** What an argument called `id` names. */
const ID_OF: Readonly<Record<string, 'account' | 'order' | 'key' | 'strategy'>> = {
  account: 'account',
  order: 'order',
  cancelOrder: 'order',
  resolveOrder: 'order',
  replaceOrder: 'order',
  revokeApiKey: 'key',
  strategy: 'strategy',
  stopStrategy: 'strategy',
};

/** Of orders `strategyId` is a name that is looked up nowhere. */
const isLabel = (operation: string, path: string): boolean =>
  last(path) === 'strategyId' && operation !== 'strategyEvents';

const last = (path: string): string => path.split('.').at(-1) ?? path;
const idsOf = ({ args, name }: SampleOperation): readonly string[] =>
  idArguments(args).filter((path) => !isLabel(name, path));
const operations = sampleOperations(buildSchema()).filter((operation) => idsOf(operation).length > 0);
const mine = operations.filter(({ name }) => ID_OF[name] !== 'key');
const requests = mine.filter(({ root }) => root !== 'Subscription');
const subscriptions = mine.filter(({ root }) => root === 'Subscription');

const catalog: StrategyCatalog = {
  strategies: () => [orderEachBar.id],
  checkStrategy: (_strategy, config) => ({ config: { warmup: 0, ...config } }),
};

let world: ApiWorld;
let alice: Caller;
let mallory: Caller;
let accountId: string;
let orderId: string;
let strategyId: string;
let begun: string[];

beforeAll(async () => {
  begun = [];
  const record = (name: string) => () => {
    begun.push(name);
    return (async function* () {
      // Nothing ever comes.
    })();
  };
  const streams: Partial<Streams> = {
    orderEvents: record('orderEvents'),
    accountUpdates: record('accountUpdates'),
    riskAlerts: record('riskAlerts'),
    strategyEvents: record('strategyEvents'),
  };
  world = await createApiWorld({ streams, strategies: { run: [orderEachBar], catalog } });
  alice = world.caller(principalOf('workspace-1'));
  mallory = world.caller(principalOf('workspace-2'));
  accountId = await world.openAccount(alice);
  await world.openAccount(mallory);
  const placed = await alice.ask(
    `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { ... on OrderPlaced { order { id } } } }`,
    {
      input: {
        accountId,
        clientOrderId: 'first',
        symbol: 'AAPL',
        side: 'BUY',
        type: 'LIMIT',
        quantity: '1',
        limitPrice: '150',
      },
    },
  );
  orderId = textAt(placed, 'placeOrder.order.id');
  const started = await alice.ask(
    `mutation($input: StartStrategyInput!) { startStrategy(input: $input) { id } }`,
    {
      input: { accountId, strategy: 'order-each-bar', symbols: ['AAPL'], interval: 'MINUTE_1' },
    },
  );
  strategyId = textAt(started, 'startStrategy.id');
  await world.trading.clock.advance(50);
});
afterAll(() => world.gateway.kill());

const ABSENT = {
  accountId: 'account-that-is-not-there',
  orderId: 'order-that-is-not-there',
  strategyId: 'strategy-that-is-not-there',
};

function valuesFor(
  { name }: SampleOperation,
  { accountId: account, orderId: order, strategyId: strategy }: typeof ABSENT,
) {
  const byKind = { account, order, strategy, key: '' };
  return {
    accountId: account,
    id: byKind[ID_OF[name] ?? 'account'],
    ...(name === 'strategyEvents' ? { strategyId: strategy } : {}),
    symbol: 'AAPL',
    clientOrderId: 'first',
    quantity: '1',
    secrets: { apiKey: 'k' },
  };
}

const ask = async (by: Caller, operation: SampleOperation, ids: typeof ABSENT): Promise<string> => {
  const answer = await by.answer(operation.source, operation.variables(valuesFor(operation, ids)));
  return canonicalize(JSON.parse(JSON.stringify(answer)))!
    .replaceAll(ids.accountId, 'ACCOUNT')
    .replaceAll(ids.orderId, 'ORDER')
    .replaceAll(ids.strategyId, 'STRATEGY');
};

test('every operation that takes an id is known here', () => {
  const unknown = operations.filter(
    (operation) => idsOf(operation).some((path) => last(path) === 'id') && !(operation.name in ID_OF),
  );
  expect(unknown.map(({ name }) => name)).toEqual([]);
  expect(mine.length).toBeGreaterThan(20);
});

describe("another workspace's id answers as one that does not exist", () => {
  it.each(requests.map((operation) => [`${operation.root}.${operation.name}`, operation] as const))(
    '%s',
    async (_name, operation) => {
      const events = () => world.trading.events(accountId).length;
      const [before, settings, audited] = [events(), world.savedSettings.length, world.audited.length];
      const theirs = await ask(mallory, operation, { accountId, orderId, strategyId });
      expect(theirs).toBe(await ask(mallory, operation, ABSENT));
      expect(theirs).toMatch(/"NOT_FOUND"|:null\}/);
      expect([events(), world.savedSettings.length, world.audited.length]).toEqual([
        before,
        settings,
        audited,
      ]);
      // To its owner it exists.
      expect(await ask(alice, operation, { accountId, orderId, strategyId })).not.toBe(theirs);
    },
  );

  it.each(subscriptions.map((operation) => [operation.name, operation] as const))(
    'Subscription.%s',
    async (name, operation) => {
      const field = name === 'strategyEvents' ? 'strategyId' : 'accountId';
      const refusal = async (by: Caller, ids: typeof ABSENT) => {
        const result = await by.subscribe(operation.source, operation.variables(valuesFor(operation, ids)));
        return 'errors' in result ? result.errors[0]?.extensions : undefined;
      };
      expect(await refusal(mallory, { accountId, orderId, strategyId })).toEqual({
        code: 'NOT_FOUND',
        field,
      });
      expect(await refusal(mallory, ABSENT)).toEqual({ code: 'NOT_FOUND', field });
      expect(begun).not.toContain(name);
      expect(await refusal(alice, { accountId, orderId, strategyId })).toBeUndefined();
      expect(begun).toContain(name);
    },
  );
});

test('lists show only one’s own', async () => {
  const all = `{ accounts { id workspaceId } }`;
  expect(await mallory.ask(all)).toEqual({
    accounts: [{ id: expect.not.stringMatching(accountId), workspaceId: 'workspace-2' }],
  });
  expect(await mallory.ask(`{ auditLog { nodes { actor } } }`)).not.toMatchObject({
    auditLog: { nodes: expect.arrayContaining([{ actor: 'user:user-of-workspace-1' }]) },
  });
});

test('the order that was seen by its owner is not remembered for others', async () => {
  const cancel = `mutation($id: ID!) { cancelOrder(id: $id) { __typename } }`;
  expect(await mallory.refusal(cancel, { id: orderId })).toMatchObject({ code: 'NOT_FOUND', field: 'id' });
  expect(await alice.ask(cancel, { id: orderId })).toMatchObject({
    cancelOrder: { __typename: expect.any(String) },
  });
});
