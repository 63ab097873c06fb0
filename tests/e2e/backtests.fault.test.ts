import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, signIn, signUp } from '../support/gateway/api-client.ts';
import { runBacktest, SLOW_STRATEGIES, standingOf, standsAt } from '../support/gateway/backtests.ts';
import { makeDataDir } from '../support/gateway/data-dir.ts';
import { type LocalGateway, openLocalGateway } from '../support/gateway/local-gateway.ts';

/* Backtests as a client of the API has them, on the bars that come by npm. */
jest.setTimeout(120_000);

const RESULT = `query($id: ID!) { backtest(id: $id) {
  settings
  orders(first: 500) { nodes { id symbol side status filledQuantity averageFillPrice at } pageInfo { hasNextPage } }
  equityCurve(maxPoints: 200) { at equity drawdown benchmark }
  performance { startEquity endEquity netProfit maxDrawdown trades } } }`;
const PROGRESS = 'subscription($id: ID!) { backtestProgress(id: $id) { status progress resultHash } }';
const CANCEL = 'mutation($id: ID!) { cancelBacktest(id: $id) { status } }';

interface Result {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly orders: { readonly nodes: readonly { readonly status: string; readonly at: string }[] };
  readonly equityCurve: readonly { readonly equity: string; readonly drawdown: number }[];
  readonly performance: { readonly endEquity: string; readonly maxDrawdown: number; readonly trades: number };
}

let local: LocalGateway;
let client: ApiClient;

beforeAll(async () => {
  const dataDir = makeDataDir('backtests');
  writeFileSync(join(dataDir, 'plugins.json'), JSON.stringify([{ plugin: SLOW_STRATEGIES }]));
  local = await openLocalGateway(dataDir, { BACKTEST_HEAP_MB: '96', BACKTEST_TIMEOUT_MS: '60000' });
  client = await signIn(() => local.address, local.demo);
});
afterAll(() => local.close());

interface Progress {
  readonly status: string;
  readonly progress: number;
}

/** Until it has ended, or as far as is wanted. */
const progressOf = async (
  id: string,
  isEnough: (step: Progress) => boolean = () => false,
): Promise<Progress[]> => {
  const socket = client.socket();
  const seen: Progress[] = [];
  try {
    for await (const { data, errors } of socket.iterate<{ backtestProgress: Progress }>({
      query: PROGRESS,
      variables: { id },
    })) {
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      if (data?.backtestProgress === undefined) continue;
      seen.push(data.backtestProgress);
      if (isEnough(data.backtestProgress)) break;
    }
    return seen;
  } finally {
    await socket.dispose();
  }
};

describe('a backtest', () => {
  it('is run to its end, with orders, equity and figures that belong together', async () => {
    const id = await runBacktest(client, { config: { fast: 10, slow: 30 }, benchmark: 'SPX' });
    await standsAt(client, id, 'COMPLETED');
    const { backtest } = await client.ask<{ backtest: Result }>(RESULT, { id });
    expect(backtest.settings).toMatchObject({ config: { fast: 10, slow: 30 }, benchmark: 'SPX', seed: 0 });
    expect(backtest.orders.nodes.length).toBeGreaterThan(10);
    expect(backtest.orders.nodes.filter(({ status }) => status === 'FILLED').length).toBeGreaterThan(10);
    expect(backtest.equityCurve.length).toBeLessThanOrEqual(200);
    expect(backtest.equityCurve.at(-1)?.equity).toBe(backtest.performance.endEquity);
    const deepest = Math.min(...backtest.equityCurve.map(({ drawdown }) => drawdown));
    expect(deepest).toBeCloseTo(-Math.abs(backtest.performance.maxDrawdown), 9);
  });

  it('has the same hash each time, and another with other settings', async () => {
    const ids = [
      await runBacktest(client),
      await runBacktest(client),
      await runBacktest(client, { config: { fast: 5 } }),
    ];
    const hashes: (string | null)[] = [];
    for (const id of ids) hashes.push((await standsAt(client, id, 'COMPLETED')).resultHash);
    expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('tells how far it has come, up to its end, also to whoever comes later', async () => {
    const slow = await runBacktest(client, { strategy: 'slow', config: { blockMs: 10 } });
    const seen = await progressOf(slow, ({ progress }) => progress > 0);
    expect(seen.at(-1)).toMatchObject({ status: 'RUNNING' });
    await client.ask(CANCEL, { id: slow });
    const id = await runBacktest(client);
    const steps = (await progressOf(id)).map(({ progress, status }) => ({ progress, status }));
    expect(steps.at(-1)).toEqual({ status: 'COMPLETED', progress: 1 });
    expect(await progressOf(id)).toEqual([expect.objectContaining({ status: 'COMPLETED' })]);
  });

  it('is called off in the middle', async () => {
    const id = await runBacktest(client, { strategy: 'slow', config: { blockMs: 1_000 } });
    await standsAt(client, id, 'RUNNING');
    const progress = progressOf(id);
    expect(await client.ask(CANCEL, { id })).toEqual({ cancelBacktest: { status: 'CANCELED' } });
    expect((await progress).at(-1)).toMatchObject({ status: 'CANCELED', resultHash: null });
    // What ran it is free for the next ones: there are no more than two places.
    const next = await Promise.all([runBacktest(client), runBacktest(client)]);
    for (const each of next) await standsAt(client, each, 'COMPLETED');
    expect(await standingOf(client, id)).toMatchObject({ status: 'CANCELED', error: null });
  });

  it('that needs too much memory fails, and nothing else does', async () => {
    const id = await runBacktest(client, { strategy: 'hungry' });
    const standing = await standsAt(client, id, 'FAILED');
    expect(standing.error).toMatch(/^OUT_OF_MEMORY: /);
    await standsAt(client, await runBacktest(client), 'COMPLETED');
  });

  it('has a report, for whoever has its link or the credentials of its workspace', async () => {
    const id = await runBacktest(client, { benchmark: 'SPX' });
    const { reportPath, resultHash } = await standsAt(client, id, 'COMPLETED');
    const path = reportPath ?? '';
    const get = (where: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
      fetch(`${local.address}${where}`, { method, headers });
    const page = await get(path);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain(resultHash);
    expect(text).toContain('sma-cross');

    for (const name of ['report.json', 'performance.csv', 'equity.csv', 'trades.csv']) {
      const sheet = await get(path.replace('report.html', name));
      expect([name, sheet.status]).toEqual([name, 200]);
      expect(sheet.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
      expect((await sheet.text()).length).toBeGreaterThan(100);
    }
    const bare = `/backtests/${id}/report.json`;
    const json = (await (await get(bare, client.headers)).json()) as { resultHash: string };
    expect(json.resultHash).toBe(resultHash);

    const stranger = await signUp(() => local.address, 'reader@omniquant.example');
    const other = await runBacktest(client);
    await standsAt(client, other, 'COMPLETED');
    const refused: readonly (readonly [number, Promise<Response>])[] = [
      [401, get(bare)],
      [401, get(bare, { authorization: 'Bearer nonsense' })],
      [403, get(path.replace(/signature=..../, 'signature=AAAA'))],
      [403, get(path.replace(id, other))],
      [403, get(path.replace(/expires=\d/, 'expires=9'))],
      [403, get(path.replace(/workspace=[^&]+/, 'workspace=another'))],
      [404, get(bare, stranger.headers)],
      [404, get(`/backtests/nobodys/report.json`, client.headers)],
      [404, get(`/backtests/${id}/report.pdf`, client.headers)],
      [405, get(path, {}, 'POST')],
    ];
    for (const [index, [status, answer]] of refused.entries()) {
      expect([index, (await answer).status]).toEqual([index, status]);
    }
  });

  it('is not there for another workspace, and its cursor leads nowhere', async () => {
    const id = await runBacktest(client);
    await standsAt(client, id, 'COMPLETED');
    const stranger = await signUp(() => local.address, 'stranger@omniquant.example');
    expect(await stranger.ask('query($id: ID!) { backtest(id: $id) { id } }', { id })).toEqual({
      backtest: null,
    });
    const { backtests } = await client.ask<{ backtests: { pageInfo: { endCursor: string } } }>(
      '{ backtests(first: 1) { pageInfo { endCursor } } }',
    );
    const page = await stranger.ask(
      'query($after: String) { backtests(after: $after) { nodes { id } pageInfo { hasNextPage } } }',
      { after: backtests.pageInfo.endCursor },
    );
    expect(page).toEqual({ backtests: { nodes: [], pageInfo: { hasNextPage: false } } });
  });
});
