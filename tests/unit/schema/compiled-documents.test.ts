import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { type ApiWorld, type Caller, createApiWorld, principalOf } from '../../support/api-world.ts';

/*
 * The server interprets a document the first time it sees it and compiles it the second time. What
 * this API's types need must come out the same: defaults of input fields, scalars of its own, unions.
 */

let world: ApiWorld;
let alice: Caller;
let accountId: string;

beforeAll(async () => {
  world = await createApiWorld();
  alice = world.caller(principalOf('workspace-1'));
  accountId = await world.openAccount(alice);
});
afterAll(() => world.gateway.kill());

async function twice(
  source: string,
  variables: (time: number) => Record<string, unknown>,
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const time of [1, 2, 3]) {
    answers.push(JSON.parse(JSON.stringify(await alice.answer(source, variables(time)))));
  }
  return answers;
}

const PLACE = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename
  ... on OrderPlaced { order { timeInForce postOnly expireAt quantity } } ... on OrderDenied { code details } } }`;
const order = (clientOrderId: string, overrides: object = {}) => ({
  accountId,
  clientOrderId,
  symbol: 'AAPL',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '1.00',
  limitPrice: '180',
  ...overrides,
});

it('fills in the defaults of input fields', async () => {
  const answers = await twice(PLACE, (time) => ({ input: order(`default-${String(time)}`) }));
  const placed = { timeInForce: 'DAY', postOnly: false, expireAt: null, quantity: '1' };
  expect(answers).toEqual(
    Array(3).fill({ data: { placeOrder: { __typename: 'OrderPlaced', order: placed } } }),
  );
});

it('reads scalars of our own once', async () => {
  const expireAt = '2030-01-02T15:00:00.000Z';
  const answers = await twice(PLACE, (time) => ({
    input: order(`scalars-${String(time)}`, { timeInForce: 'GTD', expireAt }),
  }));
  expect(answers).toEqual(
    Array(3).fill({
      data: { placeOrder: expect.objectContaining({ order: expect.objectContaining({ expireAt }) }) },
    }),
  );
});

it('names the field of what cannot be read', async () => {
  const answers = await twice(PLACE, (time) => ({ input: order(`bad-${String(time)}`, { quantity: 1 }) }));
  const refused = {
    errors: [expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', field: 'input.quantity' } })],
  };
  expect(answers).toEqual(Array(3).fill(refused));
});

it('takes variables inside of literals, defaults of variables, and conditions', async () => {
  const source = `query($type: OrderStatus = FILLED, $skip: Boolean!, $first: Int = 3, $accountId: ID!) {
    orders(accountId: $accountId, first: $first, filter: { status: [$type], from: null }) {
      nodes { id } pageInfo @skip(if: $skip) { hasNextPage } } }`;
  const answers = await twice(source, (time) => ({ accountId, skip: time > 1 }));
  expect(answers).toEqual([
    { data: { orders: { nodes: [], pageInfo: { hasNextPage: false } } } },
    { data: { orders: { nodes: [] } } },
    { data: { orders: { nodes: [] } } },
  ]);
});
