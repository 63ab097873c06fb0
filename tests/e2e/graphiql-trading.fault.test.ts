import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { freePort } from '../support/free-port.ts';
import { verifyChains } from '../support/gateway/admin-database.ts';
import { type ApiClient, createApiClient } from '../support/gateway/api-client.ts';
import { areEqualBooks, readBooks } from '../support/gateway/books.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type Desk, deskOf, readyToTrade } from '../support/gateway/desk.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { journalLines, lineOf, sequenceOf } from '../support/gateway/order-follower.ts';
import { until } from '../support/gateway/until.ts';
import { controlVenue, type VenueControl } from '../support/gateway/venue-control.ts';
import {
  CHROMIUM,
  type GraphiqlPage,
  launchBrowser,
  openGraphiqlPage,
} from '../support/graphiql/graphiql-page.ts';
import {
  createGraphiqlTrader,
  DENIAL,
  type GraphiqlTrader,
  ORDER,
  type Placed,
  type ShownOrder,
} from '../support/graphiql/graphiql-trader.ts';

/*
 * What a trader does by hand: signs in in GraphiQL with what the banner says, and places, replaces and
 * cancels orders there, with their events in a second tab, while the gateway is killed three times and
 * started again. The market stands still but where the test moves it.
 */
jest.setTimeout(180_000);

const ENV = { LEASE_TTL_MS: '3000', VENUE_SEED: '7' };
const MINUTE = 60_000;

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
  let trader: GraphiqlTrader;

  const start = (): Promise<GatewayProcess> => startGatewayProcess({ dataDir, env: { ...ENV, PORT: port } });

  beforeAll(async () => {
    dataDir = makeDataDir('graphiql');
    // The page has to find the gateway again at the address that it was loaded from.
    port = String(await freePort());
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

  async function killAndStartAgain(): Promise<void> {
    await gateway.kill9();
    // Left alone it would subscribe again by itself, with the cursor that it began with.
    await events.page.goto('about:blank');
    gateway = await start();
    await readyToTrade(desk);
    for (const tab of [trading, events]) await tab.open(gateway.address);
    await trading.setHeaders(headers);
    await trader.follow(firstCursor);
  }

  async function expectVenuesWord(): Promise<void> {
    const read = () => readBooks({ dataDir, venue, client, accountId });
    const books = await until('equal books', async () => {
      const now = await read();
      return areEqualBooks(now) ? now : null;
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
    trader = createGraphiqlTrader({ trading, events, headers, accountId });

    await trading.paste(printed(/^( {2}mutation \{\n[^]*?\n {2}\})$/m));
    const { data: first } = await trading.answer<{ placeOrder: { order: { id: string } } }>();
    const id = first?.placeOrder.order.id ?? '';
    trader.placed.set('first-1', id);
    await desk.settled(id, 'FILLED');
    const { order } = await trader.ask<{ order: { events: { nodes: { cursor: string }[] } } }>(
      `{ order(id: "${id}") { status events { nodes { cursor type } } } }`,
    );
    firstCursor = order.events.nodes[0]?.cursor ?? '';
    await trader.follow(firstCursor);
    await trader.shownAsFollowed(id, 'FILLED');
    await trader.lastEventDrawn();
  });

  it('places orders of half the types, and finds all as it was after a kill', async () => {
    const { quote } = await trader.ask<{ quote: { bid: string; ask: string } }>(
      '{ quote(symbol: "AAPL") { bid ask } }',
    );
    const off = (price: string, by: number): string => (Number(price) + by).toFixed(2);
    await trader.place('market', 'side: BUY, type: MARKET, quantity: "20"');
    await trader.place('limit', 'side: BUY, type: LIMIT, quantity: "2", limitPrice: "60", timeInForce: GTC');
    await trader.place(
      'stop',
      `side: BUY, type: STOP, quantity: "3", stopPrice: "${off(quote.ask, 0.05)}", timeInForce: GTC`,
    );
    await trader.place(
      'stop-limit',
      'side: BUY, type: STOP_LIMIT, quantity: "1", stopPrice: "180", limitPrice: "181", timeInForce: GTC',
    );
    await trader.place(
      'trailing-stop',
      'side: SELL, type: TRAILING_STOP, quantity: "4", trailingOffset: "0.06", trailingOffsetType: PRICE, timeInForce: GTC',
    );
    const bracket = await trader.place(
      'bracket',
      'side: BUY, type: MARKET, quantity: "5", takeProfit: { limitPrice: "300" }, stopLoss: { stopPrice: "50" }',
    );
    await desk.settled(trader.idOf('market'), 'FILLED');
    await desk.settled(bracket.id, 'FILLED');
    for (const id of ['limit', 'stop', 'stop-limit', 'trailing-stop']) {
      await desk.settled(trader.idOf(id), 'ACCEPTED');
    }
    for (const { id, role } of await desk.legs(bracket.id)) {
      await desk.settled(id, role === 'TAKE_PROFIT' ? 'ACCEPTED' : 'HELD');
    }
    await trader.shownAsFollowed(bracket.id, 'FILLED');

    const before = await trader.overview();
    await killAndStartAgain();
    expect(await trader.overview()).toEqual(before);
    await expectVenuesWord();
  });

  it('places the other types, replaces one and cancels one', async () => {
    await trader.place('notional', 'side: BUY, type: MARKET, notional: "1000"');
    await trader.place(
      'trailing-stop-limit',
      'side: SELL, type: TRAILING_STOP_LIMIT, quantity: "2", trailingOffset: "30", trailingOffsetType: PRICE, limitPrice: "50", timeInForce: GTC',
    );
    await trader.place(
      'touched',
      'side: BUY, type: MARKET_IF_TOUCHED, quantity: "1", stopPrice: "60", timeInForce: GTC',
    );
    await trader.place(
      'limit-touched',
      'side: SELL, type: LIMIT_IF_TOUCHED, quantity: "1", stopPrice: "180", limitPrice: "170", timeInForce: GTC',
    );
    await desk.settled(trader.idOf('notional'), 'FILLED');
    for (const id of ['trailing-stop-limit', 'touched', 'limit-touched']) {
      await desk.settled(trader.idOf(id), 'ACCEPTED');
    }

    await trader.ask(
      `mutation { replaceOrder(input: { id: "${trader.idOf('limit')}", requestId: "r1", limitPrice: "61", quantity: "3" }) ` +
        `{ ... on ReplaceRequested { order { ${ORDER} } } ${DENIAL} } }`,
    );
    await trader.ask(
      `mutation { cancelOrder(id: "${trader.idOf('stop-limit')}") { ... on CancelRequested { order { ${ORDER} } } ${DENIAL} } }`,
    );
    await desk.settled(trader.idOf('stop-limit'), 'CANCELED');
    await desk.settled(trader.idOf('limit'), 'ACCEPTED');
    const { order } = await trader.ask<{ order: ShownOrder }>(
      `{ order(id: "${trader.idOf('limit')}") { ${ORDER} } }`,
    );
    expect(order).toMatchObject({ revision: 1, limitPrice: '61', quantity: '3', status: 'ACCEPTED' });
    await trader.shownAsFollowed(trader.idOf('limit'), 'REPLACED');
    await trader.shownAsFollowed(trader.idOf('stop-limit'), 'CANCELED');
  });

  it('presses the button, the gateway is killed, and pressing it again makes no second order', async () => {
    const document = trader.placing('unknown', 'side: BUY, type: MARKET, quantity: "6"');
    await trading.type(document);
    await trading.press();
    await killAndStartAgain();
    const { placeOrder } = await trader.ask<Placed>(document);
    if ('code' in placeOrder) throw new Error(JSON.stringify(placeOrder));
    await desk.settled(placeOrder.order.id, 'FILLED');
    await trader.shownAsFollowed(placeOrder.order.id, 'FILLED');
    const again = await trader.ask<Placed>(document);
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
        return (await desk.order(trader.idOf(id))).status === 'FILLED';
      });
      await trader.shownAsFollowed(trader.idOf(id), 'FILLED');
    }
    await expectVenuesWord();
    const before = await trader.overview();
    await killAndStartAgain();
    expect(await trader.overview()).toEqual(before);
    // 10 + 20 + 5 + 6 and the stop's 3 bought, 4 sold, and what 1,000 dollars bought.
    const bought = Number((await desk.order(trader.idOf('notional'))).filledQuantity);
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
      const document = trader
        .placing(`bad-${code}-${field}`, order)
        .replace('symbol: "AAPL", symbol', 'symbol');
      const { data } = await trader.run<Placed>(document);
      expect(data?.placeOrder).toMatchObject({ code, details: { field } });
    });

    it.each([
      ['a type that there is not', 'side: BUY, type: MARKT, quantity: "1"', 'input.type'],
      ['a number that is no text', 'side: BUY, type: MARKET, quantity: 1', 'input.quantity'],
      ['a quantity that is no number', 'side: BUY, type: MARKET, quantity: "x"', 'input.quantity'],
      ['an unknown field', 'side: BUY, type: MARKET, quantity: "1", colour: "red"', 'input.colour'],
    ])('%s: BAD_USER_INPUT and where', async (_what, order, field) => {
      const { data, errors } = await trader.run(trader.placing('bad-input', order));
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
    });

    it('a document that is none: where it breaks off', async () => {
      const { errors } = await trader.run(
        trader.placing('bad-syntax', 'side: BUY, type: MARKET, quantity: '),
      );
      expect(errors).toMatchObject([
        { extensions: { code: 'GRAPHQL_PARSE_FAILED' }, locations: [{ line: 1 }] },
      ]);
    });
  });

  it('was told every event once, and every order is there once', async () => {
    const journal = await journalLines(dataDir, accountId, sequenceOf(firstCursor));
    await until('the last event', () => trader.followed().length >= journal.length);
    expect(trader.followed().map(lineOf)).toEqual(journal);
    const { orders } = await trader.ask<{
      orders: { nodes: { clientOrderId: string; id: string; role: string }[] };
    }>(`{ orders(accountId: "${accountId}", first: 100) { nodes { clientOrderId id role status } } }`);
    const ids = orders.nodes.map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [clientOrderId, id] of trader.placed) {
      expect(orders.nodes).toContainEqual(expect.objectContaining({ clientOrderId, id }));
    }
    await expectVenuesWord();
    await verifyChains(dataDir);
  });
});
