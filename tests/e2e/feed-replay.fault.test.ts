import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type ApiClient, signIn } from '../support/gateway/api-client.ts';
import { makeDataDir, removeDataDir } from '../support/gateway/data-dir.ts';
import { type Desk, openDesk } from '../support/gateway/desk.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway/gateway-process.ts';
import { faultsInTurns, startStrategy, strategyOrders } from '../support/gateway/strategy-orders.ts';
import { until } from '../support/gateway/until.ts';
import { controlVenue } from '../support/gateway/venue-control.ts';
import { type DataFolder, makeDataFolder } from '../support/market-files.ts';

// Two starts of a whole gateway.
jest.setTimeout(180_000);

const MINUTE = 60_000;
/** The open in New York on the day on which the venue begins, a Monday. */
const OPEN = Date.UTC(2016, 0, 4, 14, 30);
const MARKET = '{ market { at replayed speed session } quote(symbol: "AAPL") { at bid ask last } }';
const BARS = `query($to: DateTime!) { bars(symbol: "AAPL", interval: MINUTE_1, to: $to, first: 500) {
  nodes { at close isClosed } } }`;
const LIVE = 'subscription { bars(symbols: ["AAPL"], interval: MINUTE_1) { at close isClosed } }';

interface Market {
  readonly market: { readonly at: string; readonly replayed: boolean; readonly speed: number };
  readonly quote: { readonly at: string; readonly bid: string | null; readonly last: string } | null;
}
interface BarData {
  readonly at: string;
  readonly close: string;
  readonly isClosed: boolean;
}

/** Five days of minutes that go up and down, so that averages cross every few bars. */
function recorded(): { readonly lines: readonly string[]; readonly closes: ReadonlyMap<number, string> } {
  const closes = new Map<number, string>();
  const lines = ['time,open,high,low,close,volume'];
  for (let day = 0; day < 5; day += 1) {
    for (let minute = 0; minute < 390; minute += 1) {
      const at = OPEN + day * 24 * 60 * MINUTE + minute * MINUTE;
      const close = (100 + 5 * Math.sin(minute / 3)).toFixed(2);
      closes.set(at, String(Number(close)));
      lines.push(`${new Date(at).toISOString()},100,106,94,${close},1000`);
    }
  }
  return { lines, closes };
}

describe('a gateway whose market is a replay of files', () => {
  const { closes, lines } = recorded();
  let dataDir: string;
  let folder: DataFolder;
  let gateway: GatewayProcess;
  let client: ApiClient;
  let desk: Desk;

  const start = async (): Promise<void> => {
    gateway = await startGatewayProcess({ dataDir, env: { MARKET_DATA_FEEDS: 'simulated=replay' } });
    client = await signIn(() => gateway.address, gateway.demo);
  };
  const timeOf = async (): Promise<number> => Date.parse((await client.ask<Market>(MARKET)).market.at);

  beforeAll(async () => {
    dataDir = makeDataDir('feed-replay');
    folder = makeDataFolder();
    folder.write('aapl.csv', lines);
    const config = {
      sources: [{ folder: folder.path, files: 'aapl.csv', symbol: 'AAPL', interval: 'MINUTE_1' }],
      ...{ speed: 300, loop: true, longestGapMs: 5 * MINUTE },
    };
    const entry = {
      plugin: '@omniquant/feed-replay',
      grants: ['storage'],
      config: { 'feed:replay': config },
    };
    writeFileSync(join(dataDir, 'plugins.json'), JSON.stringify([entry]));
    await start();
    const venue = controlVenue(dataDir);
    await venue.hold();
    await venue.advance(MINUTE);
    desk = await openDesk(client, { name: 'Replayed' });
  });
  afterAll(async () => {
    if (gateway.isRunning) await gateway.stop();
    await removeDataDir(dataDir);
    folder.remove();
  });

  it('shows what was recorded, in the time of the recording, and nothing later', async () => {
    const { market, quote } = await until('a quote', async () => {
      const answer = await client.ask<Market>(MARKET);
      return answer.quote === null ? null : answer;
    });
    expect(market).toMatchObject({ replayed: true, speed: 300 });
    expect(quote?.bid).toBeNull();
    const now = await timeOf();
    const { bars } = await client.ask<{ bars: { nodes: readonly BarData[] } }>(BARS, {
      to: new Date(OPEN + 600 * MINUTE).toISOString(),
    });
    expect(bars.nodes.length).toBeGreaterThan(0);
    for (const { at, close, isClosed } of bars.nodes) {
      expect(close).toBe(closes.get(Date.parse(at)));
      expect(isClosed).toBe(true);
    }
    // A second's worth of market time may have passed between both questions.
    expect(Date.parse(bars.nodes.at(-1)?.at ?? '')).toBeLessThan(now + 60 * MINUTE);
    const { plugins } = await client.ask<{ plugins: readonly { name: string; status: string }[] }>(
      '{ plugins { name status } }',
    );
    expect(plugins.find(({ name }) => name === '@omniquant/feed-replay')?.status).toBe('READY');
  });

  it('delivers its bars to subscribers, each once and in order, at the speed that is set', async () => {
    await client.ask('mutation { setMarketSpeed(speed: 1200) { speed } }');
    expect((await client.ask<Market>(MARKET)).market.speed).toBe(1_200);
    const socket = client.socket();
    const seen: number[] = [];
    for await (const { data } of socket.iterate({ query: LIVE })) {
      const { at, close, isClosed } = (data as { bars: BarData }).bars;
      expect(isClosed).toBe(true);
      expect(close).toBe(closes.get(Date.parse(at)));
      seen.push(Date.parse(at));
      if (seen.length === 20) break;
    }
    await socket.dispose();
    const minutes = [...closes.keys()];
    const first = minutes.indexOf(seen[0] ?? 0);
    // Also where one recorded day ends and the next begins.
    expect(seen).toEqual(minutes.slice(first, first + seen.length));
  });

  it('has strategies trade by its bars; after a kill it goes on later, never earlier', async () => {
    const id = await startStrategy(client, desk.accountId, 'sma-cross', { config: { fast: 2, slow: 5 } });
    const orders = () => strategyOrders(client, desk.accountId, id);
    const before = await until('orders', async () => {
      const placed = await orders();
      return placed.length >= 3 ? placed : null;
    });
    const at = await timeOf();
    await gateway.kill9();
    await start();
    await until('the market', async () => (await client.ask<Market>(MARKET)).quote !== null);
    expect(await timeOf()).toBeGreaterThanOrEqual(at);
    const after = await until('more orders', async () => {
      const placed = await orders();
      return placed.length >= before.length + 2 ? placed : null;
    });
    expect(after.slice(0, before.length)).toEqual(before);
    expect(faultsInTurns(after)).toEqual([]);
  });
});
