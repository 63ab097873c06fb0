import { existsSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';

import { principalOf } from '../support/api-world.ts';
import { type PublicApi, startPublicApi } from '../support/server/public-api.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
// Without a browser on the machine there is nothing to look with.
const withBrowser = CHROMIUM === undefined ? describe.skip : describe;

withBrowser('GraphiQL in a browser that knows no other host', () => {
  let api: PublicApi;
  let browser: Browser;
  let page: Page;
  const outside: string[] = [];
  const refused: string[] = [];

  beforeAll(async () => {
    api = await startPublicApi();
    api.tokens.set('good', principalOf('w1'));
    await api.journal.openAccount('a1', 'w1');
    browser = await chromium.launch({
      executablePath: CHROMIUM ?? '',
      args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
    page = await browser.newPage();
    page.on('request', (request) => {
      if (!request.url().startsWith(api.address) && !request.url().startsWith('data:')) {
        outside.push(request.url());
      }
    });
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await api.close();
  });

  async function write(editor: string, text: string): Promise<void> {
    await page.locator(`${editor} .monaco-editor`).filter({ visible: true }).first().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
  }

  async function run(): Promise<void> {
    await page.locator('.graphiql-execute-button').click();
  }

  it('loads from the gateway alone, runs a query and follows a subscription with its headers', async () => {
    await page.goto(`${api.address}/graphiql`);
    await page.locator('.graphiql-execute-button').waitFor({ timeout: 45_000 });
    await page.getByRole('button', { name: 'Headers' }).click();
    await write('.graphiql-editor-tool', '{"authorization": "Bearer good"}');
    await write('.graphiql-query-editor', '{ accounts { id name }');
    await run();
    const result = page.locator('.result-window');
    await result.getByText('"Main"').waitFor({ timeout: 15_000 });

    await write('.graphiql-query-editor', 'subscription { quotes(symbols: ["AAPL"]) { symbol last }');
    api.market.tellQuote('AAPL', 100n * 10n ** 18n);
    // The editor takes a moment to see that this is a subscription now; until then it sends it as a query.
    const first = result.getByText('"100"');
    const tooEarly = result.getByText('Subscriptions need a WebSocket');
    do {
      await run();
      await first.or(tooEarly).waitFor({ timeout: 15_000 });
    } while (await tooEarly.isVisible());
    for (let price = 101n; price <= 103n; price++) {
      api.market.tellQuote('AAPL', price * 10n ** 18n);
      await result.getByText(`"${String(price)}"`).waitFor({ timeout: 15_000 });
    }
    expect(outside).toEqual([]);
    expect(refused).toEqual([]);
  }, 120_000);
});
