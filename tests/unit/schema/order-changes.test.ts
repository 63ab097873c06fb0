import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import {
  type ApiWorld,
  at,
  type Caller,
  createApiWorld,
  principalOf,
  textAt,
} from '../../support/api-world.ts';
import { DENIED, limitOrderOf, ORDER, PLACE } from './order-documents.ts';

const REPLACE = `mutation($input: ReplaceOrderInput!) { replaceOrder(input: $input) {
  __typename ... on ReplaceRequested { order { ${ORDER} } } ${DENIED} } }`;
const CANCEL = `mutation($id: ID!) { cancelOrder(id: $id) {
  __typename ... on CancelRequested { order { ${ORDER} } } ${DENIED} } }`;
const CANCEL_ALL = `mutation($accountId: ID!, $symbol: String) {
  cancelAllOrders(accountId: $accountId, symbol: $symbol) { id pending } }`;
const CLOSE = `mutation($accountId: ID!, $clientOrderId: String!, $quantity: Decimal) {
  closePosition(accountId: $accountId, symbol: "AAPL", clientOrderId: $clientOrderId, quantity: $quantity) {
    __typename ... on OrderPlaced { replayed order { ${ORDER} reduceOnly } } ${DENIED} } }`;

let world: ApiWorld;
let alice: Caller;
let accountId: string;

beforeEach(async () => {
  world = await createApiWorld();
  alice = world.caller(principalOf('workspace-1'));
  accountId = await world.openAccount(alice);
});
afterEach(() => world.gateway.kill());

const place = (input: object) => alice.ask(PLACE, { input });

describe('changing orders', () => {
  const working = async (clientOrderId: string): Promise<string> => {
    const id = textAt(await place(limitOrderOf(accountId, clientOrderId)), 'placeOrder.order.id');
    await world.trading.clock.advance(50);
    return id;
  };

  it('replaces, keeping the id', async () => {
    const id = await working('r');
    const input = { id, requestId: 'once', limitPrice: '181.50' };
    expect(await alice.ask(REPLACE, { input })).toMatchObject({
      replaceOrder: {
        __typename: 'ReplaceRequested',
        order: { id, pending: ['REPLACE'], limitPrice: '180' },
      },
    });
    await world.trading.clock.advance(50);
    expect(
      await alice.ask(`query($id: ID!) { order(id: $id) { limitPrice revision pending } }`, { id }),
    ).toEqual({
      order: { limitPrice: '181.5', revision: 1, pending: [] },
    });
  });

  it('cancels, and denies what is over', async () => {
    const id = await working('c');
    expect(await alice.ask(CANCEL, { id })).toMatchObject({
      cancelOrder: { __typename: 'CancelRequested', order: { id, pending: ['CANCEL'] } },
    });
    await world.trading.clock.advance(50);
    expect(await alice.ask(CANCEL, { id })).toMatchObject({
      cancelOrder: { __typename: 'OrderDenied', code: 'ORDER_NOT_OPEN' },
    });
    expect(await alice.ask(REPLACE, { input: { id, requestId: 'r', quantity: '5' } })).toMatchObject({
      replaceOrder: { __typename: 'OrderDenied', code: 'ORDER_NOT_OPEN' },
    });
  });

  it('cancels all, or all of a symbol', async () => {
    const ids = [await working('1'), await working('2')];
    expect(await alice.ask(CANCEL_ALL, { accountId, symbol: 'MSFT' })).toEqual({ cancelAllOrders: [] });
    const answer = await alice.ask(CANCEL_ALL, { accountId });
    expect(at(answer, 'cancelAllOrders')).toEqual(ids.map((id) => ({ id, pending: ['CANCEL'] })));
  });

  it('closes a position reduce-only, the same again for the same id', async () => {
    const id = await working('entry');
    world.trading.venue.fill(`oq-${id}-0`, '10', '180');
    await world.trading.clock.advance(50);
    const closing = { accountId, clientOrderId: 'close', quantity: '4' };
    expect(await alice.ask(CLOSE, closing)).toMatchObject({
      closePosition: { replayed: false, order: { side: 'SELL', quantity: '4', reduceOnly: true } },
    });
    expect(await alice.ask(CLOSE, closing)).toMatchObject({ closePosition: { replayed: true } });
    expect(await alice.ask(CLOSE, { ...closing, quantity: '5' })).toMatchObject({
      closePosition: { code: 'DUPLICATE_CLIENT_ORDER_ID' },
    });
  });

  it('lets an operator end what the venue cannot account for', async () => {
    world.trading.venue.script('submit', 'lost');
    const id = textAt(await place(limitOrderOf(accountId, 'doubt')), 'placeOrder.order.id');
    const resolve = `mutation($id: ID!, $reason: String!) {
      resolveOrder(id: $id, resolution: NOT_AT_VENUE, reason: $reason) { id status reason } }`;
    expect(await alice.ask(resolve, { id, reason: 'asked by telephone' })).toMatchObject({
      resolveOrder: { id, status: 'REJECTED', reason: expect.stringContaining('telephone') },
    });
    expect(await alice.refusal(resolve, { id, reason: 'again' })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'id',
    });
    expect(await alice.refusal(resolve, { id, reason: ' ' })).toMatchObject({ field: 'reason' });
  });
});
