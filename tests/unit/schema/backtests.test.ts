import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { BacktestRow } from '../../../core/ports/backtests.ts';
import {
  type ApiWorld,
  at,
  type Caller,
  createApiWorld,
  principalOf,
  textAt,
} from '../../support/api-world.ts';
import { backtestResult } from '../../support/backtest-fixtures.ts';
import { createMemoryBacktests } from '../../support/memory-backtests.ts';

const FIELDS = 'id status progress error createdAt settings resultHash eventsProcessed reportPath';
const RUN = `mutation($input: RunBacktestInput!) { runBacktest(input: $input) { ${FIELDS} } }`;
const CANCEL = `mutation($id: ID!) { cancelBacktest(id: $id) { ${FIELDS} } }`;
const GET = `query($id: ID!) { backtest(id: $id) { ${FIELDS} performance { endEquity trades sharpe } } }`;
const LIST = `query($first: Int!, $after: String) {
  backtests(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`;
const ORDERS = `query($id: ID!, $first: Int!, $after: String) { backtest(id: $id) {
  orders(first: $first, after: $after) {
    nodes { id symbol side type quantity filledQuantity averageFillPrice fees status reason at }
    pageInfo { hasNextPage endCursor } } } }`;
const CURVE = `query($id: ID!, $most: Int!) { backtest(id: $id) {
  equityCurve(maxPoints: $most) { at equity drawdown benchmark } } }`;

const input = (overrides: object = {}) => ({
  input: { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1', ...overrides },
});

const backtests = createMemoryBacktests();
let world: ApiWorld;
let workspaces = 0;
let alice: Caller;

beforeAll(async () => {
  world = await createApiWorld({ backtests });
});
beforeEach(() => {
  workspaces += 1;
  alice = world.caller(principalOf(`workspace-${String(workspaces)}`, 'TRADER', ['READ', 'BACKTESTS']));
});
afterAll(() => world.gateway.kill());

const run = async (): Promise<string> => textAt(await alice.ask(RUN, input()), 'runBacktest.id');

describe('runBacktest', () => {
  it('answers with what is run, all defaults filled in', async () => {
    const answer = await alice.ask(
      RUN,
      input({ config: { fast: 5 }, from: '2014-01-02T00:00:00Z', seed: 7 }),
    );
    expect(at(answer, 'runBacktest')).toMatchObject({
      ...{
        status: 'QUEUED',
        progress: 0,
        error: null,
        resultHash: null,
        eventsProcessed: null,
        reportPath: null,
      },
    });
    expect(at(answer, 'runBacktest.settings')).toMatchObject({
      ...{ strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1', startingCash: '100000', seed: 7 },
      ...{ baseCurrency: 'USD', calendar: 'US_EQUITY', from: Date.parse('2014-01-02T00:00:00Z'), to: null },
      config: { fast: 5 },
      limits: { maxDrawdown: '0.15' },
    });
    const lifted = await alice.ask(RUN, input({ limits: { maxDrawdown: null, maxOpenOrders: 3 } }));
    expect(at(lifted, 'runBacktest.settings.limits')).toMatchObject({ maxDrawdown: null, maxOpenOrders: 3 });
  });

  it.each([
    ['a strategy that is mistyped', { strategy: 'sma-cros' }, 'input.strategy', 'sma-cross'],
    ['a strategy that nobody has', { strategy: 'astrology' }, 'input.strategy', 'sma-cross'],
    ['a parameter that is unknown', { config: { fst: 5 } }, 'input.config.fst', 'fast'],
    ['a parameter out of range', { config: { fast: 0 } }, 'input.config.fast', ''],
    ['no symbols', { symbols: [] }, 'input.symbols', ''],
    ['a symbol twice', { symbols: ['AAPL', 'AAPL'] }, 'input.symbols[1]', 'AAPL'],
    ['a symbol that is mistyped', { symbols: ['APPL'] }, 'input.symbols[0]', 'AAPL'],
    ['an empty symbol', { symbols: [''] }, 'input.symbols[0]', ''],
    ['an interval without bars', { interval: 'MINUTE_1' }, 'input.interval', 'DAY_1'],
    ['a benchmark that is mistyped', { benchmark: 'SPY' }, 'input.benchmark', 'SPX'],
    ['no cash', { startingCash: '0' }, 'input.startingCash', ''],
    ['a fee below nothing', { fees: { model: 'percent', rate: 'x' } }, 'input.fees', ''],
    ['fills that nobody models', { fills: { model: 'magic' } }, 'input.fills', ''],
    ['latency below nothing', { latencyMs: -1 }, 'input.latencyMs', ''],
    ['a limit below nothing', { limits: { maxLeverage: '-1' } }, 'input.limits.maxLeverage', ''],
    ['a period after all bars', { from: '2031-01-01T00:00:00Z' }, 'input.from', '2018'],
    ['a period before all bars', { to: '1990-01-01T00:00:00Z' }, 'input.to', '2013'],
    [
      'a period that ends before it begins',
      { from: '2015-01-01T00:00:00Z', to: '2014-01-01T00:00:00Z' },
      'input.from',
      '2014',
    ],
  ])('refuses %s', async (_what, overrides, field, nearest) => {
    const refusal = await alice.refusal(RUN, input(overrides));
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(refusal['field']).toMatch(new RegExp(`^${field.replaceAll(/[[\].]/g, '\\$&')}`));
    expect(refusal['message']).toContain(nearest);
    expect(refusal['message']).toMatch(/^input\.\S+ .+\.$/s);
    expect(at(await alice.ask(LIST, { first: 10 }), 'backtests.nodes')).toEqual([]);
  });

  it('is refused while too many of the workspace wait, and again possible when one has begun', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, run));
    expect(await alice.refusal(RUN, input())).toMatchObject({ code: 'RATE_LIMITED' });
    backtests.change(ids[0] ?? '', { status: 'RUNNING' });
    await run();
  });

  it('needs the scope BACKTESTS', async () => {
    const id = await run();
    const reader = world.caller(principalOf(`workspace-${String(workspaces)}`, 'VIEWER', ['READ']));
    expect(await reader.refusal(RUN, input())).toMatchObject({ code: 'FORBIDDEN' });
    expect(await reader.refusal(CANCEL, { id })).toMatchObject({ code: 'FORBIDDEN' });
    // Behind the fence, too.
    const context = world.context(principalOf(`workspace-${String(workspaces)}`, 'VIEWER', ['READ']));
    const { backtests: service } = world.services;
    for (const refused of [service.cancel(context, id), service.run(context, input().input as never)]) {
      await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(at(await reader.ask(GET, { id }), 'backtest.id')).toBe(id);
    expect(await world.caller(null).refusal(GET, { id })).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('a backtest', () => {
  it('shows its result, and a path of its report', async () => {
    const id = await run();
    backtests.finish(id, backtestResult(3, 10));
    expect(at(await alice.ask(GET, { id }), 'backtest')).toMatchObject({
      ...{ status: 'COMPLETED', progress: 1, resultHash: '0123456789abcdef', eventsProcessed: 19 },
      performance: { endEquity: '100600', trades: 3 },
      reportPath: expect.stringMatching(
        new RegExp(`^/backtests/${id}/report\\.html\\?workspace=.+&expires=\\d+&signature=`),
      ),
    });
  });

  it('says why it failed', async () => {
    const id = await run();
    const error: BacktestRow['error'] = { code: 'TIMED_OUT', message: 'too long' };
    backtests.change(id, { status: 'FAILED', error });
    const answer = await alice.ask(GET, { id });
    expect(at(answer, 'backtest')).toMatchObject({ status: 'FAILED', error: 'TIMED_OUT: too long' });
  });

  it('is called off, also twice, and not when it has ended', async () => {
    const [id, done] = [await run(), await run()];
    backtests.finish(done, backtestResult(0, 1));
    for (let time = 0; time < 2; time += 1) {
      expect(at(await alice.ask(CANCEL, { id }), 'cancelBacktest.status')).toBe('CANCELED');
    }
    expect(at(await alice.ask(CANCEL, { id: done }), 'cancelBacktest.status')).toBe('COMPLETED');
    expect(await alice.refusal(CANCEL, { id: 'nobodys' })).toMatchObject({ code: 'NOT_FOUND', field: 'id' });
  });

  it('has its orders page by page', async () => {
    const id = await run();
    backtests.finish(id, backtestResult(7, 1));
    const seen: unknown[] = [];
    let after: unknown = null;
    do {
      const answer = await alice.ask(ORDERS, { id, first: 3, after });
      seen.push(...(at(answer, 'backtest.orders.nodes') as unknown[]));
      const { endCursor, hasNextPage } = at(answer, 'backtest.orders.pageInfo') as Record<string, unknown>;
      after = hasNextPage === true ? endCursor : null;
    } while (after !== null);
    expect(seen.map((order) => at(order, 'id'))).toEqual(
      backtestResult(7, 1).orders.map((order) => order.id),
    );
    expect(seen[0]).toMatchObject({
      symbol: 'AAPL',
      status: 'FILLED',
      averageFillPrice: '100.5',
      fees: '0.1',
    });
    for (const wrong of ['x', 'WyJiYWNrdGVzdCIsMV0']) {
      expect(await alice.refusal(ORDERS, { id, first: 3, after: wrong })).toMatchObject({ field: 'after' });
    }
    expect(await alice.refusal(ORDERS, { id, first: 501 })).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('has its equity, of which an answer may be too large', async () => {
    const id = await run();
    backtests.finish(id, backtestResult(0, 12));
    const points = at(await alice.ask(CURVE, { id, most: 12 }), 'backtest.equityCurve') as unknown[];
    expect(points).toHaveLength(12);
    expect(points[0]).toMatchObject({ equity: '100000', drawdown: 0, benchmark: 100_000 });
    expect(at(points[7], 'drawdown')).toBeCloseTo(100_000 / 100_600 - 1, 12);
    expect(at(points[11], 'benchmark')).toBeCloseTo((100_000 * 2_011) / 2_000, 6);
    expect(await alice.refusal(CURVE, { id, most: 4 })).toMatchObject({ field: 'maxPoints' });
    expect(await alice.refusal(CURVE, { id, most: 5_001 })).toMatchObject({ field: 'maxPoints' });
    const many = '{ backtests(first: 50) { nodes { equityCurve(maxPoints: 1000) { equity } } } }';
    expect(await alice.refusal(many)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('is there in its workspace alone', async () => {
    const id = await run();
    backtests.finish(id, backtestResult(3, 3));
    const mallory = world.caller(principalOf('another'));
    expect(await mallory.ask(GET, { id })).toEqual({ backtest: null });
    expect(at(await mallory.ask(LIST, { first: 5 }), 'backtests.nodes')).toEqual([]);
    const [theirs, nobodys] = [
      await mallory.refusal(CANCEL, { id }),
      await mallory.refusal(CANCEL, { id: 'nobodys' }),
    ];
    expect(JSON.stringify(theirs).replaceAll(id, 'nobodys')).toBe(JSON.stringify(nobodys));
  });
});

describe('the list of backtests', () => {
  it('has the newest first, page by page', async () => {
    const ids = [await run(), await run(), await run()];
    const first = await alice.ask(LIST, { first: 2 });
    const after = at(first, 'backtests.pageInfo.endCursor');
    const second = await alice.ask(LIST, { first: 2, after });
    const listed = [first, second].flatMap((page) => at(page, 'backtests.nodes') as { id: string }[]);
    expect(listed.map(({ id }) => id)).toEqual([...ids].sort().reverse());
    expect(at(second, 'backtests.pageInfo.hasNextPage')).toBe(false);
  });
});
