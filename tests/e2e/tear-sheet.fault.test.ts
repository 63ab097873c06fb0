/** Tear sheets in a real browser: what is drawn, said and asked for, in both colours, widths and on paper. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { renderTearSheet } from '../../gateway/reports/render-tear-sheet.ts';
import type { TearSheetInput } from '../../gateway/reports/tear-sheet-input.ts';
import { CHROMIUM, launchBrowser } from '../support/graphiql/graphiql-page.ts';
import { emptyTearSheet, sampleTearSheet } from '../support/reports/sample-tear-sheet.ts';

const HOSTILE = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'`;
const TEN_YEARS = sampleTearSheet('2008-01-01', '2018-01-01');
const hostile = (): TearSheetInput => ({
  ...TEN_YEARS,
  ...{ title: HOSTILE, subtitle: HOSTILE, benchmark: HOSTILE },
  prices: TEN_YEARS.prices.map(({ bars }) => ({ symbol: HOSTILE, bars })),
  fills: TEN_YEARS.fills.map((fill) => ({ ...fill, symbol: HOSTILE })),
  parameters: [{ title: HOSTILE, values: { [HOSTILE]: HOSTILE } }],
});
const SHEETS: Readonly<Record<string, () => TearSheetInput>> = {
  'ten-years': () => TEN_YEARS,
  hostile,
  months: () => sampleTearSheet('2015-06-01', '2016-01-01'),
  'one-day': () => sampleTearSheet('2017-01-01', '2017-01-04'),
  empty: () => emptyTearSheet(),
};
const WIDTHS = [390, 1440];

/** Of each chart the colours that are on its canvas, by how many pixels each: the paper's apart. */
const COLOURS = `Object.fromEntries([...document.querySelectorAll('figure.chart')].map((figure) => {
  const drawn = figure.querySelector('canvas');
  const canvas = Object.assign(document.createElement('canvas'), { width: drawn.width, height: drawn.height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(drawn, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const counts = {};
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] < 250) continue;
    const colour = 'rgb(' + data[at] + ', ' + data[at + 1] + ', ' + data[at + 2] + ')';
    counts[colour] = (counts[colour] ?? 0) + 1;
  }
  return [figure.id, counts];
}))`;
const INK = (name: string): string => `(() => {
  const probe = document.createElement('i');
  document.body.append(probe);
  probe.style.color = 'var(--${name})';
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
})()`;
const INK_OF: Readonly<Record<string, string>> = {
  'figure-equity': 'strategy',
  'figure-drawdown': 'loss',
  'figure-distribution': 'gain',
  'figure-rolling-sharpe': 'strategy',
  'figure-rolling-volatility': 'strategy',
  'figure-rolling-beta': 'strategy',
  'figure-price-1': 'neutral',
  'figure-exposure': 'strategy',
};

const require = createRequire(import.meta.url);
/** What axe finds against WCAG 2.2 AA and its own best practice, and where. */
const AXE = `${readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')};
axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`;

let browser: Browser;
let server: Server;
let address: string;

interface Visit {
  readonly page: Page;
  /** Errors, warnings and dialogs of the page. */
  readonly troubles: readonly string[];
  readonly requests: readonly string[];
}

async function visit(name: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const page = await browser.newPage(options);
  const troubles: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${address}/${name}`);
  return { page, troubles, requests };
}

const drawn = (page: Page): Promise<Record<string, Record<string, number>>> => page.evaluate(COLOURS);

(CHROMIUM === undefined ? describe.skip : describe)('a tear sheet in a browser (needs Chromium)', () => {
  beforeAll(async () => {
    browser = await launchBrowser();
    server = createServer((request, response) => {
      const sheet = SHEETS[request.url!.slice(1)];
      response.writeHead(sheet === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(sheet === undefined ? '' : renderTearSheet(sheet()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const cases = WIDTHS.flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
  );
  it.each(cases)(
    'draws every chart at $width px, $colorScheme, without a request or error',
    async ({ width, colorScheme }) => {
      const { page, troubles, requests } = await visit('ten-years', {
        viewport: { width, height: 900 },
        colorScheme,
      });
      const charts = await drawn(page);
      expect(Object.keys(charts).sort()).toEqual(Object.keys(INK_OF).sort());
      for (const [id, ink] of Object.entries(INK_OF)) {
        const colour = await page.evaluate<string>(INK(ink));
        expect([id, (charts[id]![colour] ?? 0) > 150]).toEqual([id, true]);
      }
      const isDark = await page.evaluate<boolean>(
        `getComputedStyle(document.body).backgroundColor === 'rgb(20, 22, 26)'`,
      );
      expect(isDark).toBe(colorScheme === 'dark');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(requests).toEqual([`${address}/ten-years`]);
      expect(troubles).toEqual([]);
      await page.close();
    },
  );

  it('draws the benchmark, the drawdowns in shade, and where was bought and sold', async () => {
    const { page } = await visit('ten-years', { viewport: { width: 1440, height: 900 } });
    const charts = await drawn(page);
    const pixels = async (id: string, ink: string): Promise<number> =>
      charts[id]![await page.evaluate<string>(INK(ink))] ?? 0;
    expect(await pixels('figure-equity', 'benchmark')).toBeGreaterThan(500);
    expect(await pixels('figure-price-1', 'strategy')).toBeGreaterThan(500);
    expect(await pixels('figure-price-1', 'sell')).toBeGreaterThan(500);
    await page.close();
  });

  it('shows the figures of the report', async () => {
    const { page } = await visit('ten-years');
    const { summary } = TEN_YEARS.performance;
    const shown = async (field: string): Promise<string> =>
      await page.locator(`#key-${field} data`).innerText();
    expect(await shown('totalReturn')).toBe(`${(summary.totalReturn! * 100).toFixed(2)}%`);
    expect(await shown('sharpe')).toBe(summary.sharpe!.toFixed(2));
    expect(await shown('maxDrawdown')).toBe(`\u2212${Math.abs(summary.maxDrawdown! * 100).toFixed(2)}%`);
    expect(await page.locator('#result-hash').innerText()).toBe(TEN_YEARS.resultHash);
    const readout = page.locator('#figure-equity .readout');
    expect(await readout.innerText()).toContain(`${(summary.totalReturn! * 100).toFixed(2)}%`);
    await page.close();
  });

  it('tells the values under the cursor, in charts that lie over the same days together', async () => {
    const { page, troubles } = await visit('ten-years', { viewport: { width: 1440, height: 900 } });
    await page.locator('#figure-equity .u-over').hover({ position: { x: 500, y: 100 } });
    const [, when] = /(\d+ \w{3} 20\d\d)/.exec(await page.locator('#figure-equity .readout').innerText())!;
    for (const id of ['figure-drawdown', 'figure-rolling-beta', 'figure-exposure']) {
      expect(await page.locator(`#${id} .readout`).innerText()).toContain(when);
    }
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('zooms in by dragging, and out by Escape', async () => {
    const { page, troubles } = await visit('ten-years', { viewport: { width: 1440, height: 900 } });
    const before = (await drawn(page))['figure-equity'];
    const over = page.locator('#figure-equity .u-over');
    const box = (await over.boundingBox())!;
    await page.mouse.move(box.x + 200, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(5, 5);
    expect((await drawn(page))['figure-equity']).not.toEqual(before);
    await page.keyboard.press('Escape');
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    expect((await drawn(page))['figure-equity']).toEqual(before);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('has a switch of colours that outdoes what the system asks for', async () => {
    const { page, troubles } = await visit('ten-years', { colorScheme: 'light' });
    const light = await page.evaluate<string>(INK('strategy'));
    await page.getByText('Dark', { exact: true }).click();
    const dark = await page.evaluate<string>(INK('strategy'));
    expect(dark).not.toBe(light);
    const { 'figure-equity': equity } = await drawn(page);
    expect([(equity![dark] ?? 0) > 150, equity![light] ?? 0]).toEqual([true, 0]);
    await page.getByText('Auto', { exact: true }).click();
    expect(await page.evaluate<string>(INK('strategy'))).toBe(light);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('shows a definition on hover, and all of them on demand', async () => {
    const { page } = await visit('ten-years');
    const definition = page.locator('#ratios-sharpe');
    expect(await definition.isVisible()).toBe(false);
    await page.getByText('Sharpe ratio', { exact: true }).nth(1).hover();
    expect(await definition.isVisible()).toBe(true);
    await page.getByLabel('Show definitions').check();
    expect(await page.locator('.definition:visible').count()).toBe(await page.locator('.definition').count());
    await page.close();
  });

  it('goes to paper in light colours, as wide as paper, and comes back', async () => {
    const { page, troubles } = await visit('ten-years', {
      colorScheme: 'dark',
      viewport: { width: 1440, height: 900 },
    });
    const before = await drawn(page);
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    const onPaper = await page.evaluate<{ widths: number[]; strategy: string }>(`({
      widths: [...document.querySelectorAll('canvas')].map(({ clientWidth }) => clientWidth),
      strategy: ${INK('strategy')},
    })`);
    expect(new Set(onPaper.widths)).toEqual(new Set([688]));
    expect(onPaper.strategy).toBe('rgb(29, 91, 156)');
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await drawn(page)).toEqual(before);
    expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(50_000);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('fits the width that it is given later', async () => {
    const { page } = await visit('ten-years', { viewport: { width: 1440, height: 900 } });
    await page.setViewportSize({ width: 390, height: 800 });
    await page.waitForFunction('document.querySelector("#figure-equity canvas").clientWidth < 390');
    expect(await page.evaluate('document.querySelector("#figure-equity canvas").clientWidth')).toBe(358);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.close();
  });

  it('runs nothing of a hostile name', async () => {
    const { page, troubles, requests } = await visit('hostile');
    expect(Object.keys(await drawn(page))).toHaveLength(8);
    expect(await page.locator('h1').innerText()).toBe(HOSTILE);
    expect(await page.locator('#figure-price-1 h3').innerText()).toBe(HOSTILE);
    expect(await page.evaluate('document.images.length')).toBe(0);
    expect(requests).toHaveLength(1);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it.each(['months', 'one-day', 'empty'])('of %s has no error and fits both widths', async (name) => {
    for (const width of WIDTHS) {
      const { page, troubles } = await visit(name, { viewport: { width, height: 900 } });
      for (const [id, colours] of Object.entries(await drawn(page))) {
        expect([id, Object.values(colours).some((count) => count > 5)]).toEqual([id, true]);
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(troubles).toEqual([]);
      await page.close();
    }
  });

  it.each(cases)(
    'has nothing that axe objects to at $width px, $colorScheme',
    async ({ width, colorScheme }) => {
      for (const name of ['months', 'one-day']) {
        const options = { viewport: { width, height: 900 }, colorScheme, bypassCSP: true };
        const { page } = await visit(name, options);
        await page.getByLabel('Show definitions').setChecked(width > 1_000);
        expect(await page.evaluate<string[]>(AXE)).toEqual([]);
        await page.close();
      }
    },
  );

  it('says without scripts that the charts need them, and has all figures', async () => {
    const { page } = await visit('ten-years', { javaScriptEnabled: false });
    expect(await page.getByText('The charts need JavaScript').isVisible()).toBe(true);
    expect(await page.locator('#key-sharpe data').innerText()).toBe(
      TEN_YEARS.performance.summary.sharpe!.toFixed(2),
    );
    await page.close();
  });
});
