import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  type ApiWorld,
  at,
  type Caller,
  createApiWorld,
  principalOf,
  textAt,
} from '../../support/api-world.ts';

const PLACE = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { ... on OrderPlaced { order { id } } } }`;
const ORDERS = `query($accountId: ID!, $first: Int!, $after: String, $filter: OrderFilter) {
  orders(accountId: $accountId, first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor } nodes { clientOrderId } } }`;

let world: ApiWorld;
let alice: Caller;
let accountId: string;
let filledId: string;

beforeAll(async () => {
  world = await createApiWorld();
  alice = world.caller(principalOf('workspace-1'));
  accountId = await world.openAccount(alice);
  for (let index = 0; index < 5; index += 1) {
    const input = {
      accountId,
      clientOrderId: `n-${String(index)}`,
      symbol: 'AAPL',
      side: 'BUY',
      type: 'LIMIT',
      quantity: '10',
      limitPrice: '180',
      timeInForce: 'GTC',
    };
    filledId = textAt(await alice.ask(PLACE, { input }), 'placeOrder.order.id');
    await world.trading.clock.advance(50);
  }
  world.trading.venue.fill(`oq-${filledId}-0`, '4', '179.50');
  world.trading.venue.fill(`oq-${filledId}-0`, '6', '180');
  await world.trading.clock.advance(50);
});
afterAll(() => world.gateway.kill());
beforeEach(() => void (world.readers.queries.length = 0));

const clientIds = (answer: unknown): unknown =>
  (at(answer, 'orders.nodes') as { clientOrderId: string }[]).map(({ clientOrderId }) => clientOrderId);

describe('lists', () => {
  it('page through orders, newest first, each once', async () => {
    const seen: unknown[] = [];
    let after: unknown = null;
    for (let more = true; more;) {
      const answer = await alice.ask(ORDERS, { accountId, first: 2, after });
      seen.push(...(clientIds(answer) as unknown[]));
      after = at(answer, 'orders.pageInfo.endCursor');
      more = at(answer, 'orders.pageInfo.hasNextPage') as boolean;
    }
    expect(seen).toEqual(['n-4', 'n-3', 'n-2', 'n-1', 'n-0']);
  });

  it('filter, null being no filter', async () => {
    const ask = async (filter: object) =>
      clientIds(await alice.ask(ORDERS, { accountId, first: 10, filter }));
    expect(await ask({ open: false })).toEqual(['n-4']);
    expect(await ask({ status: ['FILLED', 'REJECTED'] })).toEqual(['n-4']);
    expect(await ask({ symbol: 'MSFT' })).toEqual([]);
    expect(await ask({ symbol: null, open: null, status: null })).toHaveLength(5);
  });

  it.each([
    ['first 0', { first: 0 }, 'first'],
    ['first 501', { first: 501 }, 'first'],
    ['a cursor of nonsense', { after: 'nonsense' }, 'after'],
    ['a cursor of another list', { after: Buffer.from('["fills",3]').toString('base64url') }, 'after'],
    [
      'a cursor that was padded',
      { after: `${Buffer.from('["orders",3,"x"]').toString('base64url')}==` },
      'after',
    ],
    ['a negative position', { after: Buffer.from('["orders",-3,"x"]').toString('base64url') }, 'after'],
  ])('refuse %s', async (_what, variables, field) => {
    expect(await alice.refusal(ORDERS, { accountId, first: 10, ...variables })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
    });
  });

  it('show fills of an account', async () => {
    const answer = await alice.ask(
      `query($accountId: ID!) { fills(accountId: $accountId) { pageInfo { hasNextPage }
        nodes { id orderId executionId price quantity fee liquidity busted } } }`,
      { accountId },
    );
    expect(at(answer, 'fills.nodes')).toMatchObject([
      { price: '180', quantity: '6', orderId: filledId, busted: false },
      { price: '179.5', quantity: '4', orderId: filledId, fee: '0', liquidity: 'TAKER' },
    ]);
  });
});

describe('one order', () => {
  it('is found by its id and by the client’s', async () => {
    const byId = await alice.ask(
      `query($id: ID!) { order(id: $id) { clientOrderId status averageFillPrice } }`,
      {
        id: filledId,
      },
    );
    expect(byId).toEqual({ order: { clientOrderId: 'n-4', status: 'FILLED', averageFillPrice: '179.8' } });
    const byClientId = await alice.ask(
      `query($accountId: ID!) { orderByClientOrderId(accountId: $accountId, clientOrderId: "n-4") { id } }`,
      { accountId },
    );
    expect(byClientId).toEqual({ orderByClientOrderId: { id: filledId } });
  });

  it('shows each event with the order as it stood then', async () => {
    const answer = await alice.ask(
      `query($id: ID!) { order(id: $id) { events { pageInfo { hasNextPage } nodes {
        type fill { quantity price } order { status filledQuantity leavesQuantity brokerOrderId } } } } }`,
      { id: filledId },
    );
    expect(at(answer, 'order.events.nodes')).toMatchObject([
      { type: 'INITIALIZED', fill: null, order: { status: 'INITIALIZED', brokerOrderId: null } },
      { type: 'SUBMITTED', order: { status: 'SUBMITTED', filledQuantity: '0', leavesQuantity: '10' } },
      { type: 'ACCEPTED', order: { status: 'ACCEPTED', brokerOrderId: expect.any(String) } },
      {
        type: 'FILLED',
        fill: { quantity: '4', price: '179.5' },
        order: { status: 'PARTIALLY_FILLED', filledQuantity: '4', leavesQuantity: '6' },
      },
      { type: 'FILLED', fill: { quantity: '6' }, order: { status: 'FILLED', leavesQuantity: '0' } },
    ]);
  });

  it('pages through its events by the cursors of the stream', async () => {
    const events = `query($id: ID!, $after: String) { order(id: $id) { events(first: 3, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { type cursor } } } }`;
    const first = await alice.ask(events, { id: filledId });
    const after = textAt(first, 'order.events.pageInfo.endCursor');
    expect(at(first, 'order.events.pageInfo.hasNextPage')).toBe(true);
    expect(at(first, 'order.events.nodes.2.cursor')).toBe(after);
    const rest = await alice.ask(events, { id: filledId, after });
    expect(at(rest, 'order.events.nodes')).toMatchObject([{ type: 'FILLED' }, { type: 'FILLED' }]);
    const restored = Buffer.from(JSON.stringify(['journal', 'other-history', accountId, 3])).toString(
      'base64url',
    );
    expect(await alice.refusal(events, { id: filledId, after: restored })).toMatchObject({
      code: 'CURSOR_INVALID',
    });
  });
});

describe('related objects', () => {
  it('are one query a kind, however many orders', async () => {
    await alice.ask(
      `query($accountId: ID!) { orders(accountId: $accountId, first: 50) { nodes {
        id fills(first: 5) { nodes { id } } events(first: 5) { nodes { order { id } } } legs { id } parent { id } } } }`,
      { accountId },
    );
    expect(world.readers.queries.sort()).toEqual(['eventsOfOrders', 'fillsOfOrders', 'orders']);
  });

  it('are one query for all accounts, too', async () => {
    await alice.ask(`{ accounts { id equity risk { valueAtRisk } } }`);
    expect(world.readers.queries.sort()).toEqual(['accounts', 'equityDays']);
  });

  it('leave no reader open', async () => {
    await alice.ask(`{ accounts { id } }`);
    expect(world.readers.stillOpen).toBe(0);
  });
});
