import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ONE } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../../../core/market/bar.ts';
import { createInstrument } from '../../../core/market/instrument.ts';
import { UnavailableError } from '../../../core/runtime/command-reply.ts';
import type { MarketData } from '../../../core/runtime/market-data.ts';
import { createMarketService } from '../../../gateway/services/market-service.ts';
import { type ApiWorld, at, type Caller, createApiWorld, principalOf } from '../../support/api-world.ts';

const DAY = 86_400_000;

const instrumentOf = (symbol: string, name: string, minQuantity: string | null = null) =>
  createInstrument({
    symbol,
    name,
    assetClass: 'EQUITY',
    currency: 'USD',
    tickSize: '0.01',
    lotSize: '0.5',
    multiplier: '1',
    minQuantity,
    maxQuantity: null,
    shortable: true,
    fractionable: true,
    exchange: null,
    calendar: 'ALWAYS',
  });

const INSTRUMENTS = [
  instrumentOf('SPY', 'S&P 500 fund'),
  instrumentOf('AAPL', 'Apple', '2'),
  instrumentOf('MSFT', 'Microsoft'),
];

const BARS: readonly Bar[] = Array.from({ length: 10 }, (_, index) => ({
  symbol: 'AAPL',
  interval: 'DAY_1',
  at: index * DAY,
  open: ONE,
  high: 2n * ONE,
  low: ONE / 2n,
  close: ONE,
  volume: index === 0 ? null : 100n * ONE,
  isClosed: true,
  revision: 0,
}));

let replayed = true;
let down = false;
let speed = 1;

const market = {
  instruments: () => INSTRUMENTS,
  instrument: (symbol) => INSTRUMENTS.find((each) => each.symbol === symbol),
  quote: (symbol) =>
    symbol === 'AAPL'
      ? { symbol, at: DAY, bid: ONE, ask: 2n * ONE, bidSize: null, askSize: null, last: null }
      : undefined,
  bars: (_symbol, _interval, from, to, limit) =>
    down
      ? Promise.reject(new UnavailableError('NOT_PLACED', 'internal words'))
      : Promise.resolve(
          BARS.filter((bar) => bar.at >= (from ?? -Infinity) && bar.at < (to ?? Infinity)).slice(0, limit),
        ),
  clock: () => ({ at: 5 * DAY, replayed, speed, session: 'OPEN' as const, nextChangeAt: null }),
  setSpeed: (wanted) => {
    speed = wanted;
    return Promise.resolve();
  },
} satisfies Partial<MarketData> as unknown as MarketData;

let world: ApiWorld;
let alice: Caller;

beforeAll(async () => {
  world = await createApiWorld();
  const isOperator = ({ workspaceId }: { readonly workspaceId: string }) =>
    Promise.resolve(workspaceId === 'workspace-1');
  Object.assign(world.services, { market: createMarketService(market, isOperator) });
  alice = world.caller(principalOf('workspace-1'));
});
afterAll(() => world.gateway.kill());

describe('instruments', () => {
  const LIST = `query($search: String, $first: Int!, $after: String) {
    instruments(search: $search, first: $first, after: $after) {
      nodes { symbol } pageInfo { hasNextPage endCursor } } }`;
  const symbols = (answer: unknown): unknown =>
    (at(answer, 'instruments.nodes') as { symbol: string }[]).map(({ symbol }) => symbol);

  it('come by symbol, page by page', async () => {
    const first = await alice.ask(LIST, { first: 2 });
    expect(symbols(first)).toEqual(['AAPL', 'MSFT']);
    const after = at(first, 'instruments.pageInfo.endCursor');
    const second = await alice.ask(LIST, { first: 2, after });
    expect(symbols(second)).toEqual(['SPY']);
    expect(at(second, 'instruments.pageInfo.hasNextPage')).toBe(false);
  });

  it('are found by parts of symbol and name', async () => {
    expect(symbols(await alice.ask(LIST, { first: 9, search: ' soft ' }))).toEqual(['MSFT']);
    expect(symbols(await alice.ask(LIST, { first: 9, search: 'sp' }))).toEqual(['SPY']);
    expect(symbols(await alice.ask(LIST, { first: 9, search: '%' }))).toEqual([]);
  });

  it('trade from one lot on where the venue sets no minimum', async () => {
    const ask = (symbol: string) =>
      alice.ask(`query($symbol: String!) { instrument(symbol: $symbol) { symbol minQuantity tickSize } }`, {
        symbol,
      });
    expect(await ask('AAPL')).toEqual({ instrument: { symbol: 'AAPL', minQuantity: '2', tickSize: '0.01' } });
    expect(await ask('SPY')).toMatchObject({ instrument: { minQuantity: '0.5' } });
    expect(await ask('NOBODY')).toEqual({ instrument: null });
  });
});

describe('quotes and the clock', () => {
  it('are what they are, or null', async () => {
    expect(
      await alice.ask(`{ quote(symbol: "AAPL") { bid ask last at } none: quote(symbol: "SPY") { bid } }`),
    ).toEqual({
      quote: { bid: '1', ask: '2', last: null, at: '1970-01-02T00:00:00.000Z' },
      none: null,
    });
    expect(await alice.ask(`{ market { at replayed speed session nextChangeAt } }`)).toEqual({
      market: {
        at: '1970-01-06T00:00:00.000Z',
        replayed: true,
        speed: 1,
        session: 'OPEN',
        nextChangeAt: null,
      },
    });
  });

  const SPEED = `mutation($speed: Float!) { setMarketSpeed(speed: $speed) { speed } }`;

  it('lets the operator change the speed of a replay', async () => {
    expect(await alice.ask(SPEED, { speed: 60 })).toEqual({ setMarketSpeed: { speed: 60 } });
    expect(await world.caller(principalOf('workspace-2')).refusal(SPEED, { speed: 1 })).toMatchObject({
      code: 'FORBIDDEN',
    });
    for (const wrong of [0, -1, 100_001]) {
      expect(await alice.refusal(SPEED, { speed: wrong })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'speed',
      });
    }
    replayed = false;
    expect(await alice.refusal(SPEED, { speed: 2 })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'speed',
    });
    replayed = true;
    expect(speed).toBe(60);
  });
});

describe('bars', () => {
  const LIST = `query($symbol: String!, $from: DateTime, $to: DateTime, $first: Int!, $after: String) {
    bars(symbol: $symbol, interval: DAY_1, from: $from, to: $to, first: $first, after: $after) {
      nodes { at volume } pageInfo { hasNextPage endCursor } } }`;
  const days = (answer: unknown): unknown =>
    (at(answer, 'bars.nodes') as { at: string }[]).map((bar) => Date.parse(bar.at) / DAY);
  const day = (number: number): string => new Date(number * DAY).toISOString();

  it('come oldest first, page by page, within their times', async () => {
    const seen: unknown[] = [];
    let after: unknown = null;
    for (let more = true; more;) {
      const answer = await alice.ask(LIST, { symbol: 'AAPL', from: day(1), to: day(8), first: 3, after });
      seen.push(days(answer));
      after = at(answer, 'bars.pageInfo.endCursor');
      more = at(answer, 'bars.pageInfo.hasNextPage') as boolean;
    }
    expect(seen).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it('have the volume zero where it is not known', async () => {
    expect(await alice.ask(LIST, { symbol: 'AAPL', first: 1 })).toMatchObject({
      bars: { nodes: [{ volume: '0' }] },
    });
  });

  it('are none from after to before, and far out in time', async () => {
    expect(days(await alice.ask(LIST, { symbol: 'AAPL', from: day(8), to: day(1), first: 3 }))).toEqual([]);
    const forged = Buffer.from(JSON.stringify(['bars', Number.MAX_SAFE_INTEGER])).toString('base64url');
    expect(days(await alice.ask(LIST, { symbol: 'AAPL', first: 3, after: forged }))).toEqual([]);
    expect(
      days(await alice.ask(LIST, { symbol: 'AAPL', from: '0001-01-01T00:00:00.000Z', first: 1 })),
    ).toEqual([0]);
  });

  it('say when there is no such symbol, or no source', async () => {
    expect(await alice.refusal(LIST, { symbol: 'NOBODY', first: 3 })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'symbol',
    });
    down = true;
    expect(await alice.refusal(LIST, { symbol: 'AAPL', first: 3 })).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.not.stringContaining('internal'),
    });
    down = false;
  });
});
