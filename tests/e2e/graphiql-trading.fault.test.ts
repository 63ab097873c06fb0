import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { verifyChains } from '../support/gateway/admin-database.ts';
import type { ApiAnswer } from '../support/gateway/api-client.ts';
import { type ApiClient, createApiClient } from '../support/gateway/api-client.ts';
import { readBooks } from '../support/gateway/books.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type Desk, deskOf, readyToTrade } from '../support/gateway/desk.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import {
  type FollowedEvent,
  followQuery,
  journalLines,
  lineOf,
  sequenceOf,
} from '../support/gateway/order-follower.ts';
import { until } from '../support/gateway/until.ts';
import { controlVenue, type VenueControl } from '../support/gateway/venue-control.ts';
import {
  CHROMIUM,
  type GraphiqlPage,
  launchBrowser,
  openGraphiqlPage,
} from '../support/graphiql/graphiql-page.ts';

/*
 * What a trader does by hand: signs in in GraphiQL with what the banner says, and places, replaces and
 * cancels orders there, with their events in a second tab, while the gateway is killed three times and
 * started again. The market stands still but where the test moves it.
 */
jest.setTimeout(180_000);

const ENV = { LEASE_TTL_MS: '3000', VENUE_SEED: '7' };

/** So that the page finds the gateway again at the address that it was loaded from. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}
const MINUTE = 60_000;

const DENIAL = '... on OrderDenied { code message details }';
const ORDER = `id clientOrderId type side status pending quantity notional filledQuantity averageFillPrice
  limitPrice stopPrice trailingOffset revision`.replace(/\s+/g, ' ');

interface ShownOrder {
  readonly id: string;
  readonly clientOrderId: string;
  readonly status: string;
  readonly quantity: string | null;
  readonly revision: number;
}
interface ShownDenial {
  readonly code: string;
}
type Placed = Record<'placeOrder', { readonly replayed: boolean; readonly order: ShownOrder } | ShownDenial>;

// Without a browser on the machine there is nothing to trade with.
const withBrowser = CHROMIUM === undefined ? describe.skip : describe;

withBrowser('trading in GraphiQL, with the gateway killed in between', () => {
  let dataDir: string;
  let port: string;
  let gateway: GatewayProcess;
  let venue: VenueControl;
  let browser: Browser;
  let trading: GraphiqlPage;
  let events: GraphiqlPage;
  let headers: Record<string, string>;
  let accountId: string;
  /** Waits for what is to be seen then, so that nobody has to press the button again and again. */
  let desk: Desk;
  let client: ApiClient;
  let firstCursor: string;
  /** Ids by client order id. */
  const placed = new Map<string, string>();

  const start = (): Promise<GatewayProcess> => startGatewayProcess({ dataDir, env: { ...ENV, PORT: port } });

  beforeAll(async () => {
    dataDir = makeDataDir('graphiql');
    port = await freePort();
    gateway = await start();
    venue = controlVenue(dataDir);
    await venue.hold();
    await venue.advance(MINUTE);
    browser = await launchBrowser();
    [trading, events] = [await openGraphiqlPage(browser), await openGraphiqlPage(browser)];
    for (const tab of [trading, events]) await tab.open(gateway.address);
  });

  afterAll(async () => {
    await browser.close();
    if (gateway.isRunning) await gateway.kill9();
    await removeDataDir(dataDir);
  });

  /** Types a document, presses the button, and reads the answer in the page. */
  async function run<T>(document: string): Promise<ApiAnswer<T>> {
    await trading.type(document);
    return await trading.answer<T>();
  }

  async function ask<T>(document: string): Promise<T> {
    const { data, errors } = await run<T>(document);
    if (data === undefined || data === null) throw new Error(JSON.stringify(errors));
    return data;
  }

  const placing = (clientOrderId: string, order: string): string =>
    `mutation { placeOrder(input: { accountId: "${accountId}", clientOrderId: "${clientOrderId}", symbol: "AAPL", ${order} }) ` +
    `{ ... on OrderPlaced { replayed order { ${ORDER} } } ${DENIAL} } }`;

  async function place(clientOrderId: string, order: string): Promise<ShownOrder> {
    const { placeOrder } = await ask<Placed>(placing(clientOrderId, order));
    if ('code' in placeOrder) throw new Error(JSON.stringify(placeOrder));
    placed.set(clientOrderId, placeOrder.order.id);
    return placeOrder.order;
  }

  const idOf = (clientOrderId: string): string => placed.get(clientOrderId) ?? '';

  /** Everything of the account, as GraphiQL shows it. */
  async function overview(): Promise<readonly unknown[]> {
    const orders = await ask<object>(
      `{ orders(accountId: "${accountId}", first: 100) { nodes { ${ORDER} role legs { id role status } } } }`,
    );
    const books = await ask<object>(
      `{ account(id: "${accountId}") { cash realizedPnl equity positions { symbol quantity averagePrice } } ` +
        `fills(accountId: "${accountId}", first: 100) { nodes { id orderId executionId quantity price fee } } }`,
    );
    return [orders, books];
  }

  const followed = (): FollowedEvent[] =>
    events.told.map((result) => (result as { data: { orderEvents: FollowedEvent } }).data.orderEvents);

  /** Goes on in the second tab after the last event that it was told. */
  async function follow(): Promise<void> {
    const after = followed().at(-1)?.cursor ?? firstCursor;
    await events.setHeaders(headers);
    const document = followQuery().replaceAll(/\s+/g, ' ');
    await events.type(
      document
        .replace(/^subscription\(.*?\)/, 'subscription')
        .replace('$id', `"${accountId}"`)
        .replace('$after', `"${after}"`),
    );
    await events.follow();
  }

  const shownAsFollowed = (orderId: string, type: string): Promise<unknown> =>
    until(`${type} in the second tab`, () =>
      followed().some((event) => event.order.id === orderId && event.type === type),
    );

  async function killAndStartAgain(): Promise<void> {
    await gateway.kill9();
    // Left alone it would subscribe again by itself, with the cursor that it began with.
    await events.page.goto('about:blank');
    gateway = await start();
    await readyToTrade(desk);
    for (const tab of [trading, events]) await tab.open(gateway.address);
    await trading.setHeaders(headers);
    await follow();
  }

  async function expectVenuesWord(): Promise<void> {
    const read = () => readBooks({ dataDir, venue, client, accountId });
    const books = await until('equal books', async () => {
      const now = await read();
      return JSON.stringify(now.database) === JSON.stringify(now.venue) ? now : null;
    }).catch(read);
    expect(books.database).toEqual(books.venue);
    expect(books.api).toMatchObject({
      positions: books.venue.positions,
      cash: books.venue.cash,
      working: books.venue.working,
    });
    expect(books.api.fills).toHaveLength(Object.keys(books.venue.executions).length);
  }

  it('signs in and places a first order by pasting what the banner prints', async () => {
    const print = gateway.stdout();
    const printed = (pattern: RegExp): string => {
      const found = pattern.exec(print)?.[1];
      if (found === undefined) throw new Error(`the banner has no ${String(pattern)}: ${print}`);
      return found;
    };
    await trading.paste(printed(/^ {2}(mutation \{ signIn.*)$/m));
    const { data } = await trading.answer<{ signIn: { accessToken: string } }>();
    headers = { Authorization: `Bearer ${data?.signIn.accessToken ?? ''}` };
    await trading.setHeaders(headers);
    accountId = printed(/^ {2}Account +(\S+)$/m);
    client = createApiClient({ address: () => gateway.address, headers });
    desk = deskOf(client, accountId);
    await readyToTrade(desk);

    await trading.paste(printed(/^( {2}mutation \{\n[^]*?\n {2}\})$/m));
    const { data: first } = await trading.answer<{ placeOrder: { order: { id: string } } }>();
    const id = first?.placeOrder.order.id ?? '';
    placed.set('first-1', id);
    await desk.settled(id, 'FILLED');
    const { order } = await ask<{ order: { events: { nodes: { cursor: string }[] } } }>(
      `{ order(id: "${id}") { status events { nodes { cursor type } } } }`,
    );
    firstCursor = order.events.nodes[0]?.cursor ?? '';
    await follow();
    await shownAsFollowed(id, 'FILLED');
    expect(await events.shown()).toEqual(events.told.at(-1));
  });

  it('places orders of half the types, and finds all as it was after a kill', async () => {
    const { quote } = await ask<{ quote: { bid: string; ask: string } }>(
      '{ quote(symbol: "AAPL") { bid ask } }',
    );
    const off = (price: string, by: number): string => (Number(price) + by).toFixed(2);
    await place('market', 'side: BUY, type: MARKET, quantity: "20"');
    await place('limit', 'side: BUY, type: LIMIT, quantity: "2", limitPrice: "60", timeInForce: GTC');
    await place(
      'stop',
      `side: BUY, type: STOP, quantity: "3", stopPrice: "${off(quote.ask, 0.05)}", timeInForce: GTC`,
    );
    await place(
      'stop-limit',
      'side: BUY, type: STOP_LIMIT, quantity: "1", stopPrice: "180", limitPrice: "181", timeInForce: GTC',
    );
    await place(
      'trailing-stop',
      'side: SELL, type: TRAILING_STOP, quantity: "4", trailingOffset: "0.06", trailingOffsetType: PRICE, timeInForce: GTC',
    );
    const bracket = await place(
      'bracket',
      'side: BUY, type: MARKET, quantity: "5", takeProfit: { limitPrice: "300" }, stopLoss: { stopPrice: "50" }',
    );
    await desk.settled(idOf('market'), 'FILLED');
    await desk.settled(bracket.id, 'FILLED');
    for (const id of ['limit', 'stop', 'stop-limit', 'trailing-stop']) {
      await desk.settled(idOf(id), 'ACCEPTED');
    }
    for (const { id, role } of await desk.legs(bracket.id)) {
      await desk.settled(id, role === 'TAKE_PROFIT' ? 'ACCEPTED' : 'HELD');
    }
    await shownAsFollowed(bracket.id, 'FILLED');

    const before = await overview();
    await killAndStartAgain();
    expect(await overview()).toEqual(before);
    await expectVenuesWord();
  });

  it('places the other types, replaces one and cancels one', async () => {
    await place('notional', 'side: BUY, type: MARKET, notional: "1000"');
    await place(
      'trailing-stop-limit',
      'side: SELL, type: TRAILING_STOP_LIMIT, quantity: "2", trailingOffset: "30", trailingOffsetType: PRICE, limitPrice: "50", timeInForce: GTC',
    );
    await place(
      'touched',
      'side: BUY, type: MARKET_IF_TOUCHED, quantity: "1", stopPrice: "60", timeInForce: GTC',
    );
    await place(
      'limit-touched',
      'side: SELL, type: LIMIT_IF_TOUCHED, quantity: "1", stopPrice: "180", limitPrice: "170", timeInForce: GTC',
    );
    await desk.settled(idOf('notional'), 'FILLED');
    for (const id of ['trailing-stop-limit', 'touched', 'limit-touched']) {
      await desk.settled(idOf(id), 'ACCEPTED');
    }

    await ask(
      `mutation { replaceOrder(input: { id: "${idOf('limit')}", requestId: "r1", limitPrice: "61", quantity: "3" }) ` +
        `{ ... on ReplaceRequested { order { ${ORDER} } } ${DENIAL} } }`,
    );
    await ask(
      `mutation { cancelOrder(id: "${idOf('stop-limit')}") { ... on CancelRequested { order { ${ORDER} } } ${DENIAL} } }`,
    );
    await desk.settled(idOf('stop-limit'), 'CANCELED');
    await desk.settled(idOf('limit'), 'ACCEPTED');
    const { order } = await ask<{ order: ShownOrder }>(`{ order(id: "${idOf('limit')}") { ${ORDER} } }`);
    expect(order).toMatchObject({ revision: 1, limitPrice: '61', quantity: '3', status: 'ACCEPTED' });
    await shownAsFollowed(idOf('limit'), 'REPLACED');
    await shownAsFollowed(idOf('stop-limit'), 'CANCELED');
  });

  it('presses the button, the gateway is killed, and pressing it again makes no second order', async () => {
    const document = placing('unknown', 'side: BUY, type: MARKET, quantity: "6"');
    await trading.type(document);
    await trading.press();
    await killAndStartAgain();
    const { placeOrder } = await ask<Placed>(document);
    if ('code' in placeOrder) throw new Error(JSON.stringify(placeOrder));
    await desk.settled(placeOrder.order.id, 'FILLED');
    await shownAsFollowed(placeOrder.order.id, 'FILLED');
    const again = await ask<Placed>(document);
    expect(again.placeOrder).toMatchObject({
      replayed: true,
      order: { id: placeOrder.order.id, status: 'FILLED', filledQuantity: '6' },
    });
    await expectVenuesWord();
  });

  it('sees triggers that outlived the kills fill when the market gets there, also after a last kill', async () => {
    for (const id of ['stop', 'trailing-stop']) {
      await until(`the fill of ${id}`, async () => {
        await venue.advance(MINUTE);
        return (await desk.order(idOf(id))).status === 'FILLED';
      });
      await shownAsFollowed(idOf(id), 'FILLED');
    }
    await expectVenuesWord();
    const before = await overview();
    await killAndStartAgain();
    expect(await overview()).toEqual(before);
    // 10 + 20 + 5 + 6 and the stop's 3 bought, 4 sold, and what 1,000 dollars bought.
    const bought = Number((await desk.order(idOf('notional'))).filledQuantity);
    expect(Number(await desk.position('AAPL'))).toBeCloseTo(40 + bought, 9);
  });

  describe('is told what is wrong with', () => {
    it.each([
      [
        'an unknown symbol',
        'symbol: "NOPE", side: BUY, type: MARKET, quantity: "1"',
        'UNKNOWN_SYMBOL',
        'symbol',
      ],
      ['a negative quantity', 'side: BUY, type: MARKET, quantity: "-1"', 'INVALID_ORDER', 'quantity'],
      ['a limit order without limit', 'side: BUY, type: LIMIT, quantity: "1"', 'INVALID_ORDER', 'limitPrice'],
    ])('%s: a denial', async (_what, order, code, field) => {
      const document = placing(`bad-${code}-${field}`, order).replace('symbol: "AAPL", symbol', 'symbol');
      const { data } = await run<Placed>(document);
      expect(data?.placeOrder).toMatchObject({ code, details: { field } });
    });

    it.each([
      ['a type that there is not', 'side: BUY, type: MARKT, quantity: "1"', 'input.type'],
      ['a number that is no text', 'side: BUY, type: MARKET, quantity: 1', 'input.quantity'],
      ['a quantity that is no number', 'side: BUY, type: MARKET, quantity: "x"', 'input.quantity'],
      ['an unknown field', 'side: BUY, type: MARKET, quantity: "1", colour: "red"', 'input.colour'],
    ])('%s: BAD_USER_INPUT and where', async (_what, order, field) => {
      const { data, errors } = await run(placing('bad-input', order));
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
    });

    it('a document that is none: where it breaks off', async () => {
      const { errors } = await run(placing('bad-syntax', 'side: BUY, type: MARKET, quantity: '));
      expect(errors).toMatchObject([
        { extensions: { code: 'GRAPHQL_PARSE_FAILED' }, locations: [{ line: 1 }] },
      ]);
    });
  });

  it('was told every event once, and every order is there once', async () => {
    const journal = await journalLines(dataDir, accountId, sequenceOf(firstCursor));
    await until('the last event', () => followed().length >= journal.length);
    expect(followed().map(lineOf)).toEqual(journal);
    const { orders } = await ask<{
      orders: { nodes: { clientOrderId: string; id: string; role: string }[] };
    }>(`{ orders(accountId: "${accountId}", first: 100) { nodes { clientOrderId id role status } } }`);
    const ids = orders.nodes.map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [clientOrderId, id] of placed) {
      expect(orders.nodes).toContainEqual(expect.objectContaining({ clientOrderId, id }));
    }
    await expectVenuesWord();
    await verifyChains(dataDir);
  });
});
