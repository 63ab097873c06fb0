import { isDeepStrictEqual } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { principalOf } from '../support/api-world.ts';
import { until } from '../support/gateway/until.ts';
import {
  CHROMIUM,
  type GraphiqlPage,
  launchBrowser,
  openGraphiqlPage,
} from '../support/graphiql/graphiql-page.ts';
import { type PublicApi, startPublicApi } from '../support/server/public-api.ts';

// Without a browser on the machine there is nothing to look with.
const withBrowser = CHROMIUM === undefined ? describe.skip : describe;

withBrowser('GraphiQL in a browser that knows no other host', () => {
  let api: PublicApi;
  let browser: Browser;
  let tab: GraphiqlPage;
  const outside: string[] = [];
  const refused: string[] = [];

  beforeAll(async () => {
    api = await startPublicApi();
    api.tokens.set('good', principalOf('w1'));
    await api.journal.openAccount('a1', 'w1');
    browser = await launchBrowser();
    tab = await openGraphiqlPage(browser);
    tab.page.on('request', (request) => {
      if (!request.url().startsWith(api.address) && !request.url().startsWith('data:')) {
        outside.push(request.url());
      }
    });
    tab.page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await api.close();
  });

  it('loads from the gateway alone, runs a query and follows a subscription with its headers', async () => {
    await tab.open(api.address);
    await tab.setHeaders({ authorization: 'Bearer good' });
    await tab.type('{ accounts { id name } }');
    expect(await tab.answer()).toMatchObject({ data: { accounts: [{ name: 'Main' }] } });

    await tab.type('subscription { quotes(symbols: ["AAPL"]) { symbol last } }');
    api.market.tellQuote('AAPL', 100n * 10n ** 18n);
    await tab.follow();
    for (let price = 100n; price <= 103n; price++) {
      api.market.tellQuote('AAPL', price * 10n ** 18n);
      const expected = { data: { quotes: { symbol: 'AAPL', last: String(price) } } };
      await until(`the quote ${String(price)}`, async () => isDeepStrictEqual(await tab.shown(), expected));
    }
    expect(outside).toEqual([]);
    expect(refused).toEqual([]);
  }, 120_000);
});
