import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type ApiWorld, at, type Caller, createApiWorld, principalOf } from '../../support/api-world.ts';

let world: ApiWorld;
let admin: Caller;
let accountId: string;

beforeEach(async () => {
  world = await createApiWorld();
  admin = world.caller(principalOf('workspace-a'));
  accountId = await world.openAccount(admin);
});
afterEach(() => world.gateway.kill());

const PERFORMANCE = `query($id: ID!, $from: DateTime, $to: DateTime, $benchmark: String) {
  account(id: $id) { equity performance(from: $from, to: $to, benchmark: $benchmark) {
    startEquity endEquity netProfit totalFees totalReturn sharpe trades turnover exposure beta } } }`;
const REPORT = `query($id: ID!, $from: DateTime, $to: DateTime, $benchmark: String) {
  account(id: $id) { reportPath(from: $from, to: $to, benchmark: $benchmark) } }`;

const now = (): number => world.gateway.runtime.market.clock().at;
const day = (offset: number): string => new Date(now() + offset * 86_400_000).toISOString();

describe('the performance of an account', () => {
  it('is that of a new one: nothing yet, and nothing that is not defined', async () => {
    expect(at(await admin.ask(PERFORMANCE, { id: accountId }), 'account.performance')).toEqual({
      ...{ startEquity: '1000000', endEquity: '1000000', netProfit: '0', totalFees: '0', trades: 0 },
      ...{ totalReturn: 0, sharpe: null, turnover: 0, exposure: 0, beta: null },
    });
  });

  it('is asked for with others in one read', async () => {
    const second = await world.openAccount(admin);
    const asked = await admin.ask('{ accounts { id performance { endEquity } } }');
    expect(at(asked, 'accounts')).toEqual(
      [accountId, second].sort().map((id) => ({ id, performance: { endEquity: '1000000' } })),
    );
  });

  it.each([
    ['from', { from: 1, to: 1 }],
    ['from', { from: 2, to: 1 }],
    ['benchmark', { benchmark: '' }],
  ])(
    'refuses a %s that cannot be (%#)',
    async (field, { benchmark, from, to }: Readonly<Record<string, unknown>>) => {
      const range = {
        ...(typeof from === 'number' && { from: day(-from), to: day(-Number(to) - 1) }),
        ...(benchmark !== undefined && { benchmark }),
      };
      for (const source of [PERFORMANCE, REPORT]) {
        expect(await admin.refusal(source, { id: accountId, ...range })).toMatchObject({
          ...{ code: 'BAD_USER_INPUT', field },
        });
      }
    },
  );

  it('says where the market is to who asks for later', async () => {
    const refusal = await admin.refusal(PERFORMANCE, { id: accountId, from: day(400) });
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', field: 'from' });
    expect(refusal.message).toContain(new Date(now()).toISOString().slice(0, 10));
  });

  it('names the nearest of a benchmark that there are no prices of', async () => {
    const refusal = await admin.refusal(PERFORMANCE, { id: accountId, benchmark: 'SPXX' });
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', field: 'benchmark' });
    expect(refusal.message).toContain('SPX');
  });

  it('is too much for a stream, and for many at once', async () => {
    const twenty = Array.from(
      { length: 15 },
      (_, index) => `a${String(index)}: account(id: "x") { id performance { sharpe } }`,
    );
    expect(await admin.ask(`{ ${twenty.join(' ')} }`)).toBeDefined();
    expect(
      await admin.refusal(`{ accounts { a: performance { sharpe } b: performance { beta } } }`),
    ).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    const stream = await admin.subscribe(
      `subscription { accountUpdates(accountId: "${accountId}") { performance { sharpe } } }`,
    );
    expect(JSON.stringify(stream)).toContain('ask for fewer');
  });

  it('has a report of the same days, for its workspace alone', async () => {
    const asked = await admin.ask(REPORT, { id: accountId, to: day(1), benchmark: 'SPX' });
    const path = new URL(String(at(asked, 'account.reportPath')), 'http://gateway');
    expect(path.pathname).toBe(`/accounts/${accountId}/report.html`);
    expect(Object.fromEntries(path.searchParams)).toMatchObject({ to: day(1), benchmark: 'SPX' });
    const stranger = world.caller(principalOf('workspace-b'));
    expect(at(await stranger.ask(REPORT, { id: accountId }), 'account')).toBeNull();
  });
});
