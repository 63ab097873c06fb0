import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  type ApiWorld,
  at,
  type Caller,
  createApiWorld,
  principalOf,
  textAt,
} from '../../support/api-world.ts';

const ACCOUNT = `id workspaceId name broker environment baseCurrency tradingState cash equity buyingPower
  grossExposure leverage realizedPnl unrealizedPnl dailyPnl drawdown
  balances { currency total available }
  positions { symbol quantity averagePrice marketPrice marketValue unrealizedPnl realizedPnl }
  limits { maxPositionNotional maxLeverage maxConcentration maxOpenOrders }
  risk { valueAtRisk conditionalValueAtRisk volatility beta }`;
const GET = `query($id: ID!) { account(id: $id) { ${ACCOUNT} } }`;
const OPEN = `mutation($input: OpenAccountInput!) { openAccount(input: $input) { id name cash environment buyingPower } }`;
const LIMITS = `mutation($id: ID!, $limits: RiskLimitsInput!) {
  setRiskLimits(accountId: $id, limits: $limits) { limits { maxPositionNotional maxLeverage maxOpenOrders } } }`;
const STATE = `mutation($id: ID!, $state: TradingState!, $cancel: Boolean!) {
  setTradingState(accountId: $id, state: $state, cancelOpenOrders: $cancel, reason: "a test") { tradingState } }`;
const PLACE = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
  ... on OrderPlaced { order { id } } ... on OrderDenied { code } } }`;

let world: ApiWorld;
let alice: Caller;
let accountId: string;

beforeAll(async () => {
  world = await createApiWorld({ operator: 'workspace-1' });
  alice = world.caller(principalOf('workspace-1'));
  accountId = await world.openAccount(alice);
});
afterAll(() => world.gateway.kill());

const order = (clientOrderId: string, overrides: object = {}) => ({
  accountId,
  clientOrderId,
  symbol: 'AAPL',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '100',
  limitPrice: '180',
  timeInForce: 'GTC',
  ...overrides,
});

describe('an account', () => {
  it('is valued at the market', async () => {
    const id = textAt(await alice.ask(PLACE, { input: order('filled') }), 'placeOrder.order.id');
    await world.trading.clock.advance(50);
    world.trading.venue.fill(`oq-${id}-0`, '100', '180');
    await alice.ask(PLACE, { input: order('waiting', { limitPrice: '150' }) });
    await world.trading.clock.advance(2_000);
    // Quoted 190.00 to 190.02: worth 190.01 each. 18,000 were paid, 15,000 are reserved.
    expect(await alice.ask(GET, { id: accountId })).toEqual({
      account: {
        id: accountId,
        workspaceId: 'workspace-1',
        name: 'Main',
        broker: 'scripted',
        environment: 'PAPER',
        baseCurrency: 'USD',
        tradingState: 'ACTIVE',
        cash: '982000',
        equity: '1001001',
        buyingPower: '1968001',
        grossExposure: '19001',
        leverage: expect.stringMatching(/^0\.01898/),
        realizedPnl: '0',
        unrealizedPnl: '1001',
        dailyPnl: '1001',
        drawdown: '0',
        balances: [{ currency: 'USD', total: '982000', available: '967000' }],
        positions: [
          {
            symbol: 'AAPL',
            quantity: '100',
            averagePrice: '180',
            marketPrice: '190.01',
            marketValue: '19001',
            unrealizedPnl: '1001',
            realizedPnl: '0',
          },
        ],
        limits: {
          maxPositionNotional: '500000',
          maxLeverage: '2',
          maxConcentration: null,
          maxOpenOrders: null,
        },
        risk: { valueAtRisk: null, conditionalValueAtRisk: null, volatility: null, beta: null },
      },
    });
  });

  it('is null where there is none', async () => {
    expect(await alice.ask(GET, { id: 'nobody' })).toEqual({ account: null });
  });
});

describe('openAccount', () => {
  it('opens, with its settings kept and its opening in the audit log', async () => {
    const input = {
      name: ' Own ',
      broker: 'scripted',
      environment: 'LIVE',
      startingCash: '5.50',
      config: { delay: 3 },
      secrets: { apiKey: 'k' },
    };
    const answer = await alice.ask(OPEN, { input });
    const id = textAt(answer, 'openAccount.id');
    expect(at(answer, 'openAccount')).toEqual({
      id,
      name: 'Own',
      cash: '5.5',
      environment: 'LIVE',
      buyingPower: '11',
    });
    expect(world.savedSettings).toContainEqual({
      accountId: id,
      config: { delay: 3 },
      secrets: { apiKey: 'k' },
    });
    expect(world.audited).toContainEqual(
      expect.objectContaining({
        action: 'account.opened',
        target: `account:${id}`,
        workspaceId: 'workspace-1',
      }),
    );
    expect(JSON.stringify(world.audited)).not.toContain('"k"');
  });

  it.each([
    ['a broker that is not there', { broker: 'nobody' }, 'input.broker', 'broker "nobody" here.'],
    ['no name', { name: '  ' }, 'input.name'],
    ['a long name', { name: 'n'.repeat(101) }, 'input.name'],
    ['a currency that is none', { baseCurrency: 'dollars' }, 'input.baseCurrency'],
    ['less than no cash', { startingCash: '-1' }, 'input.startingCash'],
    ['a wrong setting', { config: { delay: 'x' } }, 'input.config.delay'],
    ['an unknown setting', { config: { dealy: 3 } }, 'input.config.dealy', 'option: the nearest is delay.'],
    ['a broker that is mistyped', { broker: 'scriptd' }, 'input.broker', 'the nearest is scripted.'],
    ['no settings where some are needed', { broker: 'needy' }, 'input.config.room'],
    ['settings without what is needed', { broker: 'needy', config: { delay: 1 } }, 'input.config.room'],
    ['what is missing under another name', { broker: 'needy', config: { rooom: 'a' } }, 'input.config.rooom'],
    ['the gateway’s own setting', { config: { url: 'http://elsewhere' } }, 'input.config.url'],
    ['a missing credential', { secrets: {} }, 'input.secrets.apiKey'],
    ['a credential that is no text', { secrets: { apiKey: 3 } }, 'input.secrets.apiKey'],
    ['a NUL', { name: 'a\0b' }, 'input.name'],
    ['a NUL inside of settings', { config: { deep: [{ er: '\0' }] } }, 'input.config.deep[0].er'],
    ['half a surrogate pair', { name: '\ud800' }, 'input.name'],
  ])('refuses %s', async (_what, wrong, field, message = '') => {
    const accounts = world.trading.store.directory.size;
    const input = { name: 'Main', broker: 'scripted', ...wrong };
    const refused = await alice.refusal(OPEN, { input });
    expect(refused).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(refused['message']).toContain(message);
    expect(world.trading.store.directory.size).toBe(accounts);
  });
});

describe('setBrokerCredentials', () => {
  const SET = `mutation($id: ID!, $secrets: JSONObject!) { setBrokerCredentials(accountId: $id, secrets: $secrets) { id } }`;

  it('keeps them, audited without them', async () => {
    expect(await alice.ask(SET, { id: accountId, secrets: { apiKey: 'new' } })).toEqual({
      setBrokerCredentials: { id: accountId },
    });
    expect(world.savedSettings).toContainEqual({ accountId, config: null, secrets: { apiKey: 'new' } });
    expect(world.audited.at(-1)).toMatchObject({
      action: 'account.credentials-set',
      target: `account:${accountId}`,
    });
    expect(await alice.refusal(SET, { id: accountId, secrets: { other: 'x' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: expect.stringMatching(/^secrets\./),
    });
  });
});

describe('limits and trading states', () => {
  it('changes what is given, lifts what is null, keeps the rest', async () => {
    const limits = { maxLeverage: '1.50', maxOpenOrders: 7 };
    expect(await alice.ask(LIMITS, { id: accountId, limits })).toEqual({
      setRiskLimits: { limits: { maxPositionNotional: '500000', maxLeverage: '1.5', maxOpenOrders: 7 } },
    });
    expect(await alice.ask(LIMITS, { id: accountId, limits: { maxOpenOrders: null } })).toEqual({
      setRiskLimits: { limits: { maxPositionNotional: '500000', maxLeverage: '1.5', maxOpenOrders: null } },
    });
    expect(await alice.refusal(LIMITS, { id: accountId, limits: { maxDrawdown: '-1' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'limits.maxDrawdown',
    });
  });

  it('halts, canceling what is open, and goes on', async () => {
    expect(await alice.ask(STATE, { id: accountId, state: 'HALTED', cancel: true })).toEqual({
      setTradingState: { tradingState: 'HALTED' },
    });
    await world.trading.clock.advance(50);
    const open = await alice.ask(
      `query($id: ID!) { orders(accountId: $id, filter: { open: true }) { nodes { id } } }`,
      { id: accountId },
    );
    expect(at(open, 'orders.nodes')).toEqual([]);
    expect(await alice.ask(PLACE, { input: order('halted') })).toEqual({
      placeOrder: { code: 'TRADING_HALTED' },
    });
    await alice.ask(STATE, { id: accountId, state: 'ACTIVE', cancel: false });
  });

  it('lets traders stop, and only an ADMIN go on', async () => {
    const trader = world.caller(principalOf('workspace-1', 'TRADER'));
    await trader.ask(STATE, { id: accountId, state: 'REDUCING', cancel: false });
    expect(await trader.refusal(STATE, { id: accountId, state: 'ACTIVE', cancel: false })).toMatchObject({
      code: 'FORBIDDEN',
    });
    await alice.ask(STATE, { id: accountId, state: 'ACTIVE', cancel: false });
  });

  it('stops the whole gateway for its operator alone', async () => {
    const set = `mutation { setGatewayTradingState(state: HALTED, reason: "fire") }`;
    expect(await alice.ask(set)).toEqual({ setGatewayTradingState: 'HALTED' });
    expect(world.gatewayChanges).toMatchObject([{ state: 'HALTED', cancelOpenOrders: true, reason: 'fire' }]);
    const other = world.caller(principalOf('workspace-2'));
    expect(await other.refusal(set)).toMatchObject({ code: 'FORBIDDEN' });
    expect(world.gatewayChanges).toHaveLength(1);
  });

  it('resolves a mismatch only where there is one', async () => {
    const resolve = `mutation($id: ID!, $symbol: String) {
      resolveMismatch(accountId: $id, symbol: $symbol, reason: "a test") { id } }`;
    expect(await alice.refusal(resolve, { id: accountId, symbol: 'AAPL' })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'symbol',
    });
  });
});

describe('the audit log', () => {
  it('shows what operators did, newest first, page by page', async () => {
    const log = `query($after: String) { auditLog(first: 1, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { sequence actor action target hash previousHash details } } }`;
    const first = await alice.ask(log);
    expect(at(first, 'auditLog.nodes.0')).toMatchObject({ actor: 'user:user-of-workspace-1' });
    const next = await alice.ask(log, { after: at(first, 'auditLog.pageInfo.endCursor') });
    expect(Number(at(next, 'auditLog.nodes.0.sequence'))).toBe(
      Number(at(first, 'auditLog.nodes.0.sequence')) - 1,
    );
  });
});
