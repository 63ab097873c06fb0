import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

import type { StrategyCatalog } from '../../../core/ports/plugin-catalog.ts';
import { parseBacktestRequest } from '../../../gateway/backtests/backtest-request.ts';
import { buildSchema } from '../../../schema/build-schema.ts';
import {
  type ApiWorld,
  at,
  type Caller,
  createApiWorld,
  principalOf,
  textAt,
} from '../../support/api-world.ts';
import { type SampleOperation, sampleOperations } from '../../support/sample-operations.ts';

/* Whatever arrives, the answer is data, a denial, or an error that names what to mend: never INTERNAL. */

/** Codes that input alone may lead to. */
const CODES = ['BAD_USER_INPUT', 'NOT_FOUND', 'CURSOR_INVALID', 'FORBIDDEN', 'UNAVAILABLE'];

/** Have services of their own, and tests of their own. */
const IDENTITY = [
  'viewer',
  'signUp',
  'verifyEmail',
  'signIn',
  'refreshSession',
  'signOut',
  'createApiKey',
  'revokeApiKey',
];

const operations = sampleOperations(buildSchema()).filter(
  ({ root, name, args }) => root !== 'Subscription' && args.length > 0 && !IDENTITY.includes(name),
);

/** Answers without an error, by operation. */
const counts = new Map<string, number>();

let world: ApiWorld;
let alice: Caller;
let accountId: string;
let orderId: string;
let backtestId: string;
let sweepId: string;
let strategyId: string;
let channelId: string;

/** Takes whatever parameters there are; no host runs it. */
const catalog: StrategyCatalog = {
  strategies: () => ['any'],
  checkStrategy: (strategy, config) => (strategy === 'any' ? { config } : null),
};

beforeAll(async () => {
  world = await createApiWorld({
    operator: 'workspace-1',
    strategies: { run: [], catalog },
    // Any strategy, on bars of anything.
    mostQueuedBacktests: 1_000,
    checkBacktest: async (request) => parseBacktestRequest(request) as never,
  });
  alice = world.caller(principalOf('workspace-1'));
  accountId = await world.openAccount(alice);
  const input = {
    accountId,
    clientOrderId: 'first',
    symbol: 'AAPL',
    side: 'BUY',
    type: 'LIMIT',
    quantity: '1',
    limitPrice: '150',
    timeInForce: 'GTC',
  };
  const place = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { ... on OrderPlaced { order { id } } } }`;
  orderId = textAt(await alice.ask(place, { input }), 'placeOrder.order.id');
  const start = `mutation($input: StartStrategyInput!) { startStrategy(input: $input) { id } }`;
  const terms = { accountId, strategy: 'any', symbols: ['AAPL'], interval: 'DAY_1' };
  const make = `mutation { createNotificationChannel(input: { name: "one", notifier: "memo" }) { id } }`;
  channelId = textAt(await alice.ask(make), 'createNotificationChannel.id');
  const test = `mutation { runBacktest(input: { strategy: "any", symbols: ["AAPL"], interval: DAY_1 }) { id } }`;
  backtestId = textAt(await alice.ask(test), 'runBacktest.id');
  const search = `mutation { runSweep(input: { backtest: { strategy: "any", symbols: ["AAPL"], interval: DAY_1 } }) { id } }`;
  sweepId = textAt(await alice.ask(search), 'runSweep.id');
  strategyId = textAt(await alice.ask(start, { input: terms }), 'startStrategy.id');
});
afterAll(() => world.gateway.kill());

const strange = fc.constantFrom<unknown>(
  '',
  ' ',
  '\0',
  '\ud800',
  '__proto__',
  '😀',
  "'; DROP TABLE orders; --",
  'x'.repeat(2_000),
  '-1',
  'NaN',
);

const wrongType = fc.constantFrom<unknown>(null, 0, 1.5, true, [], {}, 'text', [[]], { a: { b: 1 } });

const mostly = (
  usual: fc.Arbitrary<unknown>,
  other: fc.Arbitrary<unknown>,
  weight = 15,
): fc.Arbitrary<unknown> => fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: other });

/** What is likely to be sensible for a name; else by type. */
const BY_NAME: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  accountId: fc.constant('').map(() => accountId),
  accountIds: fc.constant('').map(() => accountId),
  channelId: fc.constant('').map(() => channelId),
  notifier: fc.constant('memo'),
  codes: fc.constantFrom('DAILY_LOSS', 'DRAWDOWN'),
  symbol: fc.constant('AAPL'),
  symbols: fc.constant('AAPL'),
  strategy: fc.constant('any'),
  clientOrderId: fc.uuid(),
  requestId: fc.uuid(),
  broker: fc.constant('scripted'),
  baseCurrency: fc.constant('USD'),
  environment: fc.constant('PAPER'),
  first: fc.integer({ min: 1, max: 500 }),
  after: fc.constant(null),
  speed: fc.double({ min: 0.1, max: 10, noNaN: true }),
  secrets: fc.constant({ apiKey: 'k' }),
  config: fc.constant({ delay: 3 }),
  space: fc.constant({ delay: [1, 2] }),
  objective: fc.constant('sharpe'),
};

const BY_TYPE: Readonly<Record<string, [usual: fc.Arbitrary<unknown>, edge: fc.Arbitrary<unknown>]>> = {
  ID: [fc.constant('').map(() => orderId), strange],
  Int: [fc.integer({ min: 0, max: 10 }), fc.constantFrom(-1, 2 ** 31 - 1, -(2 ** 31))],
  Float: [fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -1, 1e308)],
  Boolean: [fc.boolean(), fc.boolean()],
  Decimal: [
    fc.constantFrom('1', '10', '100', '123.45', '180'),
    fc.constantFrom('0', '-1', '0.000000000000000001', '99999999999999999999.999999999999999999', '1e5', ''),
  ],
  DateTime: [
    fc.constantFrom('2024-01-02T15:00:00.000Z', '2030-01-02T15:00:00.000Z'),
    fc.constantFrom(
      '0001-01-01T00:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
      '2030-02-30T00:00:00Z',
      'tomorrow',
    ),
  ],
  JSONObject: [fc.constant({}), fc.dictionary(fc.string(), fc.jsonValue())],
  String: [fc.constantFrom('text', 'first'), strange],
};

/** Values for a type: mostly sensible, sometimes at the edge of the type or beyond it. */
function valuesOf(type: GraphQLInputType, name: string): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return valuesOf(type.ofType, name);
  if (isListType(type)) {
    const values = fc.array(valuesOf(type.ofType, name), { minLength: 1, maxLength: 3 });
    // No symbol may be there twice.
    return name === 'symbols' ? mostly(fc.constant(['AAPL']), values, 5) : values;
  }
  const usual = BY_NAME[name];
  if (isEnumType(type)) return usual ?? fc.constantFrom(...type.getValues().map((value) => value.name));
  if (isInputObjectType(type)) return inputsOf(type);
  const [ofType, edge] = BY_TYPE[type.name] ?? [strange, strange];
  return mostly(usual ?? ofType, fc.oneof(edge, wrongType));
}

/** Optional fields are mostly left out, so that many inputs get as far as the engine. */
function inputsOf(type: GraphQLInputObjectType): fc.Arbitrary<unknown> {
  const fields = Object.values(type.getFields()).map((field) => {
    const values = valuesOf(field.type, field.name);
    return [
      field.name,
      isNonNullType(field.type) ? values : mostly(fc.constant(undefined), values, 3),
    ] as const;
  });
  return fc
    .record(Object.fromEntries(fields))
    .map((input) => Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)));
}

describe.each(operations.map((operation) => [`${operation.root}.${operation.name}`, operation] as const))(
  '%s',
  (_name, operation) => {
    const source = sourceOf(operation);
    const ofStrategies = /strategy$/i.test(operation.name);
    const ofBacktests = /backtest$/i.test(operation.name);
    const ofSweeps = /sweep$/i.test(operation.name);
    const ofChannels = /(update|test)NotificationChannel$/.test(operation.name);

    it('answers any values of its types, and wrong ones', async () => {
      const arbitrary = fc.record(
        Object.fromEntries(
          operation.args.map(({ name, type }) => [
            name,
            isNonNullType(type)
              ? valuesOf(type, name)
              : mostly(fc.constant(undefined), valuesOf(type, name), 3),
          ]),
        ),
      );
      await fc.assert(
        fc.asyncProperty(arbitrary, async (drawn) => {
          const ofTests = ofSweeps ? sweepId : ofBacktests ? backtestId : orderId;
          const id = ofStrategies ? strategyId : ofChannels ? channelId : ofTests;
          const variables = drawn['id'] === orderId ? { ...drawn, id } : drawn;
          const { errors } = await alice.answer(source, variables);
          counts.set(operation.name, (counts.get(operation.name) ?? 0) + (errors === undefined ? 1 : 0));
          for (const error of errors ?? []) {
            const { code, field } = error.extensions;
            if (!CODES.includes(String(code))) {
              throw new Error(`${String(code)}: ${JSON.stringify(world.faults.at(-1), errorsAsText)}`);
            }
            if (code === 'BAD_USER_INPUT' && typeof field !== 'string') {
              throw new Error(`no field: ${error.message}`);
            }
          }
        }),
        { numRuns: 60 },
      );
    });
  },
);

it('lets enough of it get through to mean something', () => {
  // The market of this test is not replayed, its order was sent and answered, and its channel stays.
  const never = ['setMarketSpeed', 'resolveOrder', 'deleteNotificationChannel'];
  const few = operations.filter(({ name }) => !never.includes(name) && (counts.get(name) ?? 0) < 5);
  expect(few.map(({ name }) => name)).toEqual([]);
});

it('leaves the account as sound as before', async () => {
  const account = await alice.ask(
    `query($id: ID!) { account(id: $id) { cash equity positions { symbol } } }`,
    { id: accountId },
  );
  expect(at(account, 'account')).toMatchObject({ cash: '1000000', positions: [] });
});

/** All arguments as variables, the optional ones too. */
function sourceOf({ root, name, args, source }: SampleOperation): string {
  const selection = source.includes('{ __typename }') ? ' { __typename }' : '';
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  return `${root.toLowerCase()}(${declared}) { ${name}(${passed})${selection} }`;
}

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.stack : value;
}
