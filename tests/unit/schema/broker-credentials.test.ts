import { beforeEach, describe, expect, it } from '@jest/globals';

import {
  type ApiWorld,
  at,
  type Caller,
  createApiWorld,
  principalOf,
  textAt,
} from '../../support/api-world.ts';

const SET = `mutation($id: ID!, $secrets: JSONObject!) { setBrokerCredentials(accountId: $id, secrets: $secrets) { id } }`;
const PLACE = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
  ... on OrderPlaced { order { id status } } ... on OrderDenied { code } } }`;
const STATUS = `query($id: ID!) { order(id: $id) { status } }`;

/** Longer than a change can go unnoticed when the hint of it is lost. */
const NOTICED_MS = 6_000;

describe('new broker credentials', () => {
  let world: ApiWorld;
  let alice: Caller;
  let first: string;
  let second: string;

  beforeEach(async () => {
    world = await createApiWorld();
    alice = world.caller(principalOf('w-1'));
    first = await world.openAccount(alice);
    second = await world.openAccount(alice);
  });

  const opened = (connection: string) =>
    world.trading.venue.opened
      .filter((each) => each.connection === connection)
      .map(({ settings }) => settings);
  const set = (apiKey: string) => alice.ask(SET, { id: first, secrets: { apiKey } });
  let placed = 0;
  const limitOrder = (accountId: string) => ({
    accountId,
    clientOrderId: `client-${String((placed += 1))}`,
    symbol: 'AAPL',
    side: 'BUY',
    type: 'LIMIT',
    quantity: '10',
    limitPrice: '180',
    timeInForce: 'GTC',
  });
  const place = (accountId: string) => alice.ask(PLACE, { input: limitOrder(accountId) });

  it('are used at once by the connection of the account, and by no other', async () => {
    const before = world.trading.venue.opened.length;
    await set('second-key');
    await world.trading.clock.advance(500);
    expect(opened(first)).toEqual([null, '{"apiKey":"second-key"}']);
    expect(opened(second)).toEqual([null]);
    expect(world.trading.venue.opened).toHaveLength(before + 1);
    for (const accountId of [first, second]) {
      expect(textAt(await place(accountId), 'placeOrder.order.status')).toBe('SUBMITTED');
    }
  });

  it('neither lose nor repeat an order that is under way', async () => {
    const { clock, venue } = world.trading;
    venue.script('submit', 'unanswered');
    const id = textAt(await place(first), 'placeOrder.order.id');
    await set('second-key');
    // Longer than the request may take that was given to the old connection.
    await clock.advance(20_000);
    expect(await alice.ask(STATUS, { id })).toEqual({ order: { status: 'ACCEPTED' } });
    expect(venue.arrived.filter(({ kind }) => kind === 'submit')).toHaveLength(1);
    const { brokers } = world.gateway.runtime.status();
    expect(brokers.find(({ ref }) => ref.connection === first)).toMatchObject({
      state: 'READY',
      synced: 1,
      inDoubt: 0,
    });
  });

  it('that are wrong deny orders of their account alone, until right ones are set', async () => {
    world.trading.venue.refused.add(first);
    await set('wrong-key');
    await world.trading.clock.advance(500);
    expect(at(await place(first), 'placeOrder.code')).toBe('BROKER_NOT_READY');
    expect(textAt(await place(second), 'placeOrder.order.status')).toBe('SUBMITTED');
    world.trading.venue.refused.delete(first);
    await set('right-key');
    await world.trading.clock.advance(15_000);
    expect(opened(first).at(-1)).toBe('{"apiKey":"right-key"}');
    expect(textAt(await place(first), 'placeOrder.order.status')).toBe('SUBMITTED');
  });

  it('are noticed, if the hint of them is lost, all the same', async () => {
    world.trading.venue.settings.set(first, 'set elsewhere');
    await world.trading.clock.advance(NOTICED_MS);
    expect(opened(first)).toEqual([null, 'set elsewhere']);
    expect(opened(second)).toEqual([null]);
  });
});
