/* The performance of an account that trades, and its tear sheet in a browser: a real gateway, days that pass quickly. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, signIn, signUp } from '../support/gateway/api-client.ts';
import { type Desk, isPlaced, openDesk } from '../support/gateway/desk.ts';
import { type LocalGateway, startLocalGateway } from '../support/gateway/local-gateway.ts';
import { until } from '../support/gateway/until.ts';
import { CHROMIUM, launchBrowser } from '../support/graphiql/graphiql-page.ts';

jest.setTimeout(120_000);

const ASKED = `query($id: ID!, $from: DateTime, $to: DateTime, $benchmark: String) { account(id: $id) {
  equity realizedPnl reportPath(from: $from, to: $to, benchmark: $benchmark)
  performance(from: $from, to: $to, benchmark: $benchmark) {
    startEquity endEquity netProfit totalFees totalReturn volatility beta trades exposure turnover bestDay worstDay } } }`;

interface Asked {
  readonly equity: string;
  readonly realizedPnl: string;
  readonly reportPath: string;
  readonly performance: Readonly<Record<string, number | string | null>>;
}

interface Report {
  readonly fills: readonly { readonly symbol: string }[];
  readonly performance: {
    readonly series: { readonly days: readonly string[]; readonly equity: readonly string[] };
    readonly trades: { readonly closed: readonly { readonly grossPnl: string }[] };
  };
}

let local: LocalGateway;
let client: ApiClient;
let desk: Desk;

const asked = async (range: object = {}): Promise<Asked> =>
  (await client.ask<{ account: Asked }>(ASKED, { id: desk.accountId, ...range })).account;
const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${local.address}${path}`, { headers });
const documentOf = (path: string, name: string): string => path.replace('report.html', name);
const reportOf = async (path: string): Promise<Report> =>
  (await (await get(documentOf(path, 'report.json'))).json()) as Report;
const dayNow = async (): Promise<string> =>
  (await client.ask<{ market: { at: string } }>('{ market { at } }')).market.at.slice(0, 10);

async function daysPass(count: number): Promise<void> {
  const seen = new Set<string>();
  await client.ask('mutation { setMarketSpeed(speed: 60000) { speed } }');
  await until('days of the market', async () => seen.add(await dayNow()).size > count);
  await client.ask('mutation { setMarketSpeed(speed: 600) { speed } }');
}

/** Filled, once the market is open: days pass quickly, and it may close between a look and an order. */
async function trade(side: 'BUY' | 'SELL', quantity: string): Promise<void> {
  const { order } = await until('an open market', async () => {
    const outcome = await desk.place({ side, quantity });
    if (isPlaced(outcome)) return outcome;
    if (outcome.code === 'MARKET_CLOSED') return null;
    throw new Error(`denied ${outcome.code}: ${outcome.message}`);
  });
  await desk.settled(order.id, 'FILLED');
}

beforeAll(async () => {
  local = await startLocalGateway({ VENUE_SPEED: '600' });
  client = await signIn(() => local.address, local.demo);
  desk = await openDesk(client);
  await trade('BUY', '100');
  await daysPass(3);
  await trade('SELL', '40');
  await trade('SELL', '60');
  await daysPass(2);
  await trade('BUY', '10');
});
afterAll(() => local.close());

describe('the performance of an account that trades', () => {
  it('adds up to what the account says of itself, with the benchmark of its days', async () => {
    const { equity, performance, realizedPnl } = await asked({ benchmark: 'SPX' });
    expect(performance).toMatchObject({ trades: 1, beta: expect.any(Number), exposure: expect.any(Number) });
    const [start, end, net] = ['startEquity', 'endEquity', 'netProfit'].map((name) =>
      Number(performance[name]),
    );
    expect(net).toBeCloseTo(end! - start!, 6);
    expect(performance.totalReturn).toBeCloseTo(end! / start! - 1, 9);
    // The market goes on between what is asked.
    expect(Math.abs(end! - Number(equity))).toBeLessThan(100);
    expect(Number(realizedPnl)).not.toBe(0);
    expect(performance.turnover).toBeGreaterThan(0);
  });

  it('is of the days that are asked for, which begin with what is held', async () => {
    const whole = await reportOf((await asked()).reportPath);
    const { days, equity } = whole.performance.series;
    expect(days.length).toBeGreaterThanOrEqual(6);
    const from = `${days[2]!}T15:00:00.000Z`;
    const part = await asked({ from, to: `${days[4]!}T00:00:00.000Z` });
    const report = await reportOf(part.reportPath);
    expect(report.performance.series.days).toEqual(days.slice(2, 4));
    expect(report.performance.series.equity).toEqual(equity.slice(2, 4));
    expect(part.performance.startEquity).toBe(equity[1]);
    expect(part.performance.endEquity).toBe(equity[3]);
    expect(whole.performance.trades.closed.map(({ grossPnl }) => Number(grossPnl))).toEqual([
      expect.closeTo(Number((await asked()).realizedPnl), 6),
    ]);
    expect(whole.fills).toHaveLength(4);
  });

  it('is refused for days that cannot be, and for a benchmark that nobody knows', async () => {
    for (const range of [{ from: '2099-01-01T00:00:00Z' }, { benchmark: 'NOPE' }]) {
      const answer = await client.answer(ASKED, { id: desk.accountId, ...range });
      expect(answer.errors?.[0]?.extensions).toMatchObject({
        ...{ code: 'BAD_USER_INPUT', field: Object.keys(range)[0] },
      });
    }
  });

  it('has documents for who has the link or the credentials, and for nobody else', async () => {
    const { reportPath: path } = await asked();
    for (const name of ['report.html', 'report.json', 'performance.csv', 'equity.csv', 'trades.csv']) {
      expect([name, (await get(documentOf(path, name))).status]).toEqual([name, 200]);
    }
    const bare = `/accounts/${desk.accountId}/report.json`;
    const stranger = await signUp(() => local.address, 'stranger@omniquant.example');
    const answers = await Promise.all([
      get(`${bare}?benchmark=SPX`, client.headers),
      get(`${bare}?from=yesterday`, client.headers),
      get(`${bare}?benchmark=NOPE`, client.headers),
      get(bare),
      get(bare, stranger.headers),
      get(path.replace(/signature=..../, 'signature=AAAA')),
      get(`${path}&benchmark=SPX`),
      get(path.replace(desk.accountId, local.demo.accountId ?? '')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 401, 404, 403, 403, 403]);
  });

  (CHROMIUM === undefined ? it.skip : it)('draws its tear sheet in a browser, today included', async () => {
    const { reportPath } = await asked({ benchmark: 'SPX' });
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const troubles: string[] = [];
      page.on('console', (message) => troubles.push(message.text()));
      page.on('pageerror', (error) => troubles.push(error.message));
      await page.goto(`${local.address}${reportPath}`);
      const drawn = await page.evaluate<Record<string, number>>(`Object.fromEntries(
        [...document.querySelectorAll('figure.chart')].map((figure) => {
          const { width, height } = figure.querySelector('canvas');
          const { data } = figure.querySelector('canvas').getContext('2d').getImageData(0, 0, width, height);
          return [figure.id, data.filter((value, at) => at % 4 === 3 && value > 0).length];
        }))`);
      for (const id of ['figure-equity', 'figure-drawdown', 'figure-distribution', 'figure-price-1']) {
        expect([id, (drawn[id] ?? 0) > 500]).toEqual([id, true]);
      }
      expect(await page.locator('.eyebrow').innerText()).toMatch(/paper account/i);
      expect(await page.locator('.notices').innerText()).toContain('is not over');
      expect(await page.locator('dl.facts').innerText()).toContain('SPX');
      expect((await page.screenshot({ fullPage: true })).length).toBeGreaterThan(50_000);
      expect(troubles).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
