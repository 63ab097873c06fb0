import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { isObjectType } from 'graphql';

import { API_SCOPES, type ApiScope } from '../../../core/identity/access.ts';
import type { Principal } from '../../../core/identity/principal.ts';
import { buildSchema } from '../../../schema/build-schema.ts';
import { RULES } from '../../../schema/permissions.ts';
import { type ApiWorld, createApiWorld, principalOf } from '../../support/api-world.ts';
import { sampleOperations } from '../../support/sample-operations.ts';

const schema = buildSchema();
const requests = sampleOperations(schema).filter(({ root }) => root !== 'Subscription');

/** The scopes that operations need; null for whoever is known. */
const NEEDED: Readonly<Record<string, ApiScope | null>> = {
  viewer: null,
  signOut: null,
  createApiKey: null,
  revokeApiKey: null,
  auditLog: 'ADMIN',
  notificationChannels: 'ADMIN',
  undeliveredNotifications: 'ADMIN',
  createNotificationChannel: 'ADMIN',
  updateNotificationChannel: 'ADMIN',
  deleteNotificationChannel: 'ADMIN',
  testNotificationChannel: 'ADMIN',
  startStrategy: 'STRATEGIES',
  stopStrategy: 'STRATEGIES',
  openAccount: 'ADMIN',
  setBrokerCredentials: 'ADMIN',
  setRiskLimits: 'ADMIN',
  setGatewayTradingState: 'ADMIN',
  resolveOrder: 'ADMIN',
  resolveMismatch: 'ADMIN',
  setMarketSpeed: 'ADMIN',
  enablePlugin: 'ADMIN',
  disablePlugin: 'ADMIN',
  configurePlugin: 'ADMIN',
  runBacktest: 'BACKTESTS',
  cancelBacktest: 'BACKTESTS',
  runSweep: 'BACKTESTS',
  cancelSweep: 'BACKTESTS',
};
const PUBLIC = ['health', 'signUp', 'verifyEmail', 'signIn', 'refreshSession'];

let world: ApiWorld;
/** Whose services nobody must get to. */
let fenced: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld();
  fenced = await createApiWorld();
  const unreachable = new Proxy(
    {},
    {
      get(): never {
        throw new Error('a service was reached');
      },
    },
  );
  for (const name of Object.keys(fenced.services)) Object.assign(fenced.services, { [name]: unreachable });
});
afterAll(() => {
  world.gateway.kill();
  fenced.gateway.kill();
});

test.each(['Query', 'Mutation', 'Subscription'] as const)(
  'every field of %s has a rule, and no rule is left over',
  (root) => {
    const type = schema.getType(root);
    const fields = isObjectType(type) ? Object.keys(type.getFields()) : [];
    expect(Object.keys(RULES[root]).sort()).toEqual(['*', ...fields].sort());
  },
);

describe('callers who may not get no further than the fence', () => {
  it.each(requests.filter(({ name }) => !PUBLIC.includes(name)))(
    '$root.$name',
    async ({ root, name, source, variables }) => {
      const wanted = variables({});
      expect(await fenced.caller(null).refusal(source, wanted)).toMatchObject({ code: 'UNAUTHENTICATED' });
      const scope = NEEDED[name] === undefined ? (root === 'Query' ? 'READ' : 'TRADE') : NEEDED[name];
      if (scope === null) return;
      const others = API_SCOPES.filter((each) => each !== scope);
      expect(
        await fenced.caller(principalOf('workspace-1', 'VIEWER', others)).refusal(source, wanted),
      ).toMatchObject({
        code: 'FORBIDDEN',
        message: `This needs the scope ${scope}.`,
      });
    },
  );

  it('learn of the gateway’s health, but not of its parts', async () => {
    const health = `{ health { status version components { name status message } } }`;
    expect(await world.caller(null).ask(health)).toEqual({
      health: { status: 'DEGRADED', version: '1.2.3', components: null },
    });
    expect(await world.caller(principalOf('workspace-1', 'VIEWER')).ask(health)).toEqual({
      health: {
        status: 'DEGRADED',
        version: '1.2.3',
        components: [
          { name: 'database', status: 'OK', message: null },
          { name: 'brokers', status: 'DEGRADED', message: 'does not work' },
        ],
      },
    });
  });
});

describe('services without the fence before them', () => {
  const place = {
    accountId: 'a',
    clientOrderId: 'c',
    symbol: 'S',
    side: 'BUY',
    type: 'MARKET',
    timeInForce: 'DAY',
    postOnly: false,
    reduceOnly: false,
    extendedHours: false,
  } as const;
  const state = { state: 'HALTED', cancelOpenOrders: false, reason: 'r' } as const;
  const opening = { name: 'n', broker: 'scripted', environment: 'PAPER', baseCurrency: 'USD' } as const;
  const starting = { accountId: 'a', strategy: 's', symbols: ['AAPL'], interval: 'DAY_1' } as const;
  const bars = { symbol: 'AAPL', interval: 'DAY_1', from: null, to: null, first: 1, after: null } as const;

  const calls: Record<string, (world: ApiWorld, principal: Principal | null) => unknown> = {
    order: ({ services, context }, by) => services.orders.order(context(by), 'x'),
    orderByClientId: ({ services, context }, by) => services.orders.orderByClientId(context(by), 'x', 'y'),
    orders: ({ services, context }, by) => services.orders.orders(context(by), { accountId: 'x', first: 1 }),
    fills: ({ services, context }, by) => services.orders.fills(context(by), { accountId: 'x', first: 1 }),
    preview: ({ services, context }, by) => services.orders.preview(context(by), place),
    place: ({ services, context }, by) => services.orders.place(context(by), place),
    placeAll: ({ services, context }, by) => services.orders.placeAll(context(by), 'a', [place]),
    replace: ({ services, context }, by) => services.orders.replace(context(by), { id: 'x', requestId: 'r' }),
    cancel: ({ services, context }, by) => services.orders.cancel(context(by), 'x'),
    cancelAll: ({ services, context }, by) => services.orders.cancelAll(context(by), 'a', null),
    closePosition: ({ services, context }, by) =>
      services.orders.closePosition(context(by), {
        accountId: 'a',
        symbol: 'S',
        clientOrderId: 'c',
        quantity: null,
      }),
    resolve: ({ services, context }, by) => services.orders.resolve(context(by), 'x', 'EXPIRED', 'r'),
    accounts: ({ services, context }, by) => services.accounts.all(context(by)),
    account: ({ services, context }, by) => services.accounts.find(context(by), 'a'),
    open: ({ services, context }, by) => services.accounts.open(context(by), opening),
    credentials: ({ services, context }, by) => services.accounts.setBrokerCredentials(context(by), 'a', {}),
    limits: ({ services, context }, by) => services.accounts.setRiskLimits(context(by), 'a', {}),
    state: ({ services, context }, by) => services.accounts.setTradingState(context(by), 'a', state),
    mismatch: ({ services, context }, by) => services.accounts.resolveMismatch(context(by), 'a', null, 'r'),
    alerts: ({ services, context }, by) => services.risk.alerts(context(by), 'a', 1, null),
    historical: ({ services, context }, by) => services.risk.historical(context(by), ['a']),
    instrument: ({ services, context }, by) => services.market.instrument(context(by), 'AAPL'),
    instruments: ({ services, context }, by) => services.market.instruments(context(by), null, 1, null),
    quote: ({ services, context }, by) => services.market.quote(context(by), 'AAPL'),
    bars: ({ services, context }, by) => services.market.bars(context(by), bars),
    clock: ({ services, context }, by) => services.market.clock(context(by)),
    speed: ({ services, context }, by) => services.market.setSpeed(context(by), 1),
    gateway: ({ services, context }, by) => services.tradingState.setGateway(context(by), state),
    audit: ({ services, context }, by) => services.audit.entries(context(by), null, 1, null),
    plugins: ({ services, context }, by) => services.plugins.all(context(by)),
    enablePlugin: ({ services, context }, by) => services.plugins.enable(context(by), 'p'),
    disablePlugin: ({ services, context }, by) => services.plugins.disable(context(by), 'p', null),
    configurePlugin: ({ services, context }, by) => services.plugins.configure(context(by), { plugin: 'p' }),
    strategies: ({ services, context }, by) => services.strategies.all(context(by), 'a'),
    strategy: ({ services, context }, by) => services.strategies.find(context(by), 's'),
    startStrategy: ({ services, context }, by) => services.strategies.start(context(by), starting),
    stopStrategy: ({ services, context }, by) => services.strategies.stop(context(by), 's', true),
    streamStrategy: ({ services, context }, by) => services.streamAccess.strategy(context(by), 's'),
    streamAccount: ({ services, context }, by) => services.streamAccess.account(context(by), 'a'),
    streamSymbols: ({ services, context }, by) => services.streamAccess.symbols(context(by), ['AAPL']),
  };

  it.each(Object.entries(calls))('%s', async (_name, call) => {
    const as = async (principal: Principal | null): Promise<unknown> => call(world, principal);
    await expect(as(null)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(as(principalOf('workspace-1', 'VIEWER', []))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
