import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import canonicalize from 'canonicalize';

import type { StrategyCatalog } from '../../../core/ports/plugin-catalog.ts';
import { buildSchema } from '../../../schema/build-schema.ts';
import type { Streams } from '../../../schema/streams.ts';
import { type ApiWorld, type Caller, createApiWorld, principalOf, textAt } from '../../support/api-world.ts';
import { idArguments, type SampleOperation, sampleOperations } from '../../support/sample-operations.ts';
import { orderEachBar } from '../../support/strategy-world.ts';

/** What an argument called `id` names. */
const ID_OF: Readonly<
  Record<string, 'account' | 'order' | 'key' | 'strategy' | 'backtest' | 'sweep' | 'channel' | 'spare'>
> = {
  account: 'account',
  order: 'order',
  cancelOrder: 'order',
  resolveOrder: 'order',
  replaceOrder: 'order',
  revokeApiKey: 'key',
  strategy: 'strategy',
  stopStrategy: 'strategy',
  backtest: 'backtest',
  cancelBacktest: 'backtest',
  backtestProgress: 'backtest',
  sweep: 'sweep',
  cancelSweep: 'sweep',
  sweepProgress: 'sweep',
  updateNotificationChannel: 'channel',
  testNotificationChannel: 'channel',
  deleteNotificationChannel: 'spare',
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
let backtestId: string;
let sweepId: string;
let channelId: string;
let spareId: string;
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
    backtestProgress: record('backtestProgress'),
    sweepProgress: record('sweepProgress'),
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
  const asked = await alice.ask(
    `mutation { runBacktest(input: { strategy: "sma-cross", symbols: ["AAPL"], interval: DAY_1 }) { id } }`,
  );
  backtestId = textAt(asked, 'runBacktest.id');
  const swept = await alice.ask(
    `mutation { runSweep(input: { backtest: { strategy: "sma-cross", symbols: ["AAPL"], interval: DAY_1 } }) { id } }`,
  );
  sweepId = textAt(swept, 'runSweep.id');
  const createChannel = async (): Promise<string> => {
    const made = await alice.ask(
      `mutation { createNotificationChannel(input: { name: "one", notifier: "memo" }) { id } }`,
    );
    return textAt(made, 'createNotificationChannel.id');
  };
  [channelId, spareId] = [await createChannel(), await createChannel()];
  await world.trading.clock.advance(50);
});
afterAll(() => world.gateway.kill());

const ABSENT = {
  accountId: 'account-that-is-not-there',
  orderId: 'order-that-is-not-there',
  strategyId: 'strategy-that-is-not-there',
  backtestId: 'backtest-that-is-not-there',
  sweepId: 'sweep-that-is-not-there',
  channelId: 'channel-that-is-not-there',
  spareId: 'spare-that-is-not-there',
};

function valuesFor(
  { name }: SampleOperation,
  {
    accountId: account,
    backtestId: backtest,
    channelId: channel,
    orderId: order,
    spareId: spare,
    strategyId: strategy,
    sweepId: sweep,
  }: typeof ABSENT,
) {
  const byKind = { account, order, strategy, backtest, sweep, channel, spare, key: '' };
  return {
    accountId: account,
    accountIds: account,
    channelId: channel,
    notifier: 'memo',
    id: byKind[ID_OF[name] ?? 'account'],
    ...(name === 'strategyEvents' ? { strategyId: strategy } : {}),
    symbol: 'AAPL',
    clientOrderId: 'first',
    quantity: '1',
    secrets: { apiKey: 'k' },
  };
}

const ids = (): typeof ABSENT => ({
  ...{ accountId, orderId, strategyId, backtestId, sweepId, channelId, spareId },
});

const ask = async (by: Caller, operation: SampleOperation, names: typeof ABSENT): Promise<string> => {
  const answer = await by.answer(operation.source, operation.variables(valuesFor(operation, names)));
  return canonicalize(JSON.parse(JSON.stringify(answer)))!
    .replaceAll(names.accountId, 'ACCOUNT')
    .replaceAll(names.orderId, 'ORDER')
    .replaceAll(names.strategyId, 'STRATEGY')
    .replaceAll(names.backtestId, 'BACKTEST')
    .replaceAll(names.sweepId, 'SWEEP')
    .replaceAll(names.channelId, 'CHANNEL')
    .replaceAll(names.spareId, 'CHANNEL');
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
      const theirs = await ask(mallory, operation, ids());
      expect(theirs).toBe(await ask(mallory, operation, ABSENT));
      expect(theirs).toMatch(/"NOT_FOUND"|:null\}/);
      expect([events(), world.savedSettings.length, world.audited.length]).toEqual([
        before,
        settings,
        audited,
      ]);
      // To its owner it exists.
      expect(await ask(alice, operation, ids())).not.toBe(theirs);
    },
  );

  it.each(subscriptions.map((operation) => [operation.name, operation] as const))(
    'Subscription.%s',
    async (name, operation) => {
      const field = name === 'strategyEvents' ? 'strategyId' : name.endsWith('Progress') ? 'id' : 'accountId';
      const refusal = async (by: Caller, names: typeof ABSENT) => {
        const result = await by.subscribe(operation.source, operation.variables(valuesFor(operation, names)));
        return 'errors' in result ? result.errors[0]?.extensions : undefined;
      };
      expect(await refusal(mallory, ids())).toEqual({
        code: 'NOT_FOUND',
        field,
      });
      expect(await refusal(mallory, ABSENT)).toEqual({ code: 'NOT_FOUND', field });
      expect(begun).not.toContain(name);
      expect(await refusal(alice, ids())).toBeUndefined();
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
