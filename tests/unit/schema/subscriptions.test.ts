import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from 'graphql';

import type { JournaledEvent } from '../../../core/engine/account-event.ts';
import { createOrderFold } from '../../../schema/order/fold-order-events.ts';
import type { Streams } from '../../../schema/streams.ts';
import { type ApiWorld, type Caller, createApiWorld, principalOf, textAt } from '../../support/api-world.ts';

let world: ApiWorld;
let alice: Caller;
let accountId: string;
/** What the streams were asked for. */
let asked: unknown[];

const events = (): JournaledEvent[] => world.trading.events(accountId);

beforeAll(async () => {
  asked = [];
  const streams: Partial<Streams> = {
    async *orderEvents(_context, account, afterSeq) {
      asked.push(['orderEvents', account, afterSeq]);
      await Promise.resolve();
      yield* createOrderFold()
        .follow(events())
        .filter(({ seq }) => seq > (afterSeq ?? 0));
    },
    async *accountUpdates(context, account) {
      asked.push(['accountUpdates', account]);
      yield* await context.reader.accountsByIds([account]);
    },
    async *quotes(_context, symbols) {
      asked.push(['quotes', symbols]);
      await Promise.resolve();
      yield {
        symbol: 'AAPL',
        at: 0,
        bid: 10n ** 18n,
        ask: null,
        bidSize: null,
        askSize: null,
        last: 15n * 10n ** 17n,
      };
    },
    async *bars(_context, symbols, interval) {
      asked.push(['bars', symbols, interval]);
      await Promise.resolve();
      const one = 10n ** 18n;
      yield {
        symbol: 'AAPL',
        interval,
        at: 0,
        open: one,
        high: one,
        low: one,
        close: one,
        volume: null,
        isClosed: false,
        revision: 0,
      };
    },
    async *riskAlerts(_context, account, afterSeq) {
      asked.push(['riskAlerts', account, afterSeq]);
      await Promise.resolve();
      const alert = {
        seq: 9,
        at: 0,
        recordedAt: 0,
        severity: 'WARNING',
        code: 'LATE_FILL',
        message: 'm',
      } as const;
      yield { accountId: account, alert };
    },
  };
  world = await createApiWorld({ streams });
  alice = world.caller(principalOf('workspace-1', 'VIEWER'));
  const admin = world.caller(principalOf('workspace-1'));
  accountId = await world.openAccount(admin);
  const input = {
    accountId,
    clientOrderId: 'first',
    symbol: 'AAPL',
    side: 'BUY',
    type: 'LIMIT',
    quantity: '10',
    limitPrice: '180',
    timeInForce: 'GTC',
  };
  const place = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { ... on OrderPlaced { order { id } } } }`;
  const id = textAt(await admin.ask(place, { input }), 'placeOrder.order.id');
  await world.trading.clock.advance(50);
  world.trading.venue.fill(`oq-${id}-0`, '10', '180');
  await world.trading.clock.advance(50);
});
afterAll(() => world.gateway.kill());

async function received(by: Caller, source: string, variables: object): Promise<unknown[]> {
  const stream = await by.subscribe(source, variables as Record<string, unknown>);
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  const results: ExecutionResult[] = [];
  for await (const result of stream) results.push(result);
  return results.map((result) => JSON.parse(JSON.stringify(result)) as unknown);
}

async function refused(by: Caller, source: string, variables: object): Promise<unknown> {
  const result = await by.subscribe(source, variables as Record<string, unknown>);
  if (Symbol.asyncIterator in result) throw new Error('it began');
  return result.errors?.[0]?.originalError ?? result.errors?.[0];
}

const ORDER_EVENTS = `subscription($accountId: ID!, $after: String) { orderEvents(accountId: $accountId, after: $after) {
  cursor type order { status filledQuantity } fill { price } } }`;

describe('orderEvents', () => {
  it('shows each event with its order, and goes on after a cursor', async () => {
    const all = await received(alice, ORDER_EVENTS, { accountId });
    expect(all.map((result) => textAt(result, 'data.orderEvents.type'))).toEqual([
      'INITIALIZED',
      'SUBMITTED',
      'ACCEPTED',
      'FILLED',
    ]);
    expect(all.at(-1)).toMatchObject({
      data: { orderEvents: { order: { status: 'FILLED' }, fill: { price: '180' } } },
    });
    const after = textAt(all[1], 'data.orderEvents.cursor');
    const rest = await received(alice, ORDER_EVENTS, { accountId, after });
    expect(rest).toEqual(all.slice(2));
  });

  it('refuses cursors of another history or account, and what is none', async () => {
    const cursor = (...parts: unknown[]): string =>
      Buffer.from(JSON.stringify(['journal', ...parts])).toString('base64url');
    const count = asked.length;
    for (const [after, code] of [
      [cursor('other-history', accountId, 3), 'CURSOR_INVALID'],
      [cursor('first-history', 'other', 3), 'CURSOR_INVALID'],
      ['nonsense', 'BAD_USER_INPUT'],
    ]) {
      expect(await refused(alice, ORDER_EVENTS, { accountId, after })).toMatchObject({
        extensions: { code, field: 'after' },
      });
    }
    expect(asked).toHaveLength(count);
  });
});

it('accountUpdates shows the account at the market', async () => {
  const source = `subscription($id: ID!) { accountUpdates(accountId: $id) { cash equity positions { marketPrice } risk { beta } } }`;
  expect(await received(alice, source, { id: accountId })).toMatchObject([
    {
      data: {
        accountUpdates: { cash: '998200', equity: '1000100.1', positions: [{ marketPrice: '190.01' }] },
      },
    },
  ]);
});

it('riskAlerts have cursors to go on from', async () => {
  const source = `subscription($id: ID!, $after: String) { riskAlerts(accountId: $id, after: $after) { id cursor severity accountId } }`;
  const [alert] = await received(alice, source, { id: accountId });
  expect(alert).toMatchObject({
    data: { riskAlerts: { id: `${accountId}:9`, severity: 'WARNING', accountId } },
  });
  await received(alice, source, { id: accountId, after: textAt(alert, 'data.riskAlerts.cursor') });
  expect(asked.at(-1)).toEqual(['riskAlerts', accountId, 9]);
});

describe('market data', () => {
  const QUOTES = `subscription($symbols: [String!]!) { quotes(symbols: $symbols) { symbol bid ask last } }`;
  const BARS = `subscription($symbols: [String!]!) { bars(symbols: $symbols, interval: MINUTE_1) { open volume isClosed } }`;

  it('streams', async () => {
    expect(await received(alice, QUOTES, { symbols: ['AAPL'] })).toEqual([
      { data: { quotes: { symbol: 'AAPL', bid: '1', ask: null, last: '1.5' } } },
    ]);
    expect(await received(alice, BARS, { symbols: ['AAPL'] })).toEqual([
      { data: { bars: { open: '1', volume: '0', isClosed: false } } },
    ]);
    expect(asked.at(-1)).toEqual(['bars', ['AAPL'], 'MINUTE_1']);
  });

  it.each([
    [[], 'symbols'],
    [Array<string>(101).fill('AAPL'), 'symbols'],
    [['AAPL', 'NOBODY'], 'symbols[1]'],
    [['AA\0PL'], 'symbols[0]'],
  ])('refuses %p', async (symbols, field) => {
    for (const source of [QUOTES, BARS]) {
      expect(await refused(alice, source, { symbols })).toMatchObject({
        extensions: { code: 'BAD_USER_INPUT', field },
      });
    }
  });
});

it.each([
  ['nobody', null, 'UNAUTHENTICATED'],
  ['a key without READ', principalOf('workspace-1', 'TRADER', ['TRADE']), 'FORBIDDEN'],
])('lets %s not begin', async (_who, principal, code) => {
  const count = asked.length;
  const caller = world.caller(principal);
  const variables = { accountId, id: accountId, symbols: ['AAPL'] };
  for (const source of [
    ORDER_EVENTS,
    `subscription($id: ID!) { accountUpdates(accountId: $id) { cash } }`,
    `subscription($id: ID!) { riskAlerts(accountId: $id) { id } }`,
    `subscription($symbols: [String!]!) { quotes(symbols: $symbols) { symbol } }`,
    `subscription($symbols: [String!]!) { bars(symbols: $symbols, interval: DAY_1) { at } }`,
  ]) {
    expect(await refused(caller, source, variables)).toMatchObject({ code });
  }
  expect(asked).toHaveLength(count);
});
