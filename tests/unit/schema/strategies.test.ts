import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { StrategyCatalog } from '../../../core/ports/plugin-catalog.ts';
import { UnavailableError } from '../../../core/runtime/command-reply.ts';
import {
  type ApiWorld,
  at,
  type Caller,
  createApiWorld,
  principalOf,
  textAt,
} from '../../support/api-world.ts';
import { orderEachBar } from '../../support/strategy-world.ts';

const FIELDS =
  'id accountId strategy symbols interval config status error startedAt stoppedAt realizedPnl restarts';
const START = `mutation($input: StartStrategyInput!) { startStrategy(input: $input) { ${FIELDS} } }`;
const STOP = `mutation($id: ID!) { stopStrategy(id: $id) { ${FIELDS} } }`;
const GET = `query($id: ID!) { strategy(id: $id) { ${FIELDS} } }`;
const LIST = `query($id: ID!) { strategies(accountId: $id) { id status } }`;

/** `warmup` is a number from 0, and what else there is, is wrong. */
const catalog: StrategyCatalog = {
  strategies: () => ['buy-and-hold', orderEachBar.id, 'sma-cross'],
  checkStrategy(strategy, config, { symbols }) {
    if (strategy !== orderEachBar.id) return null;
    if (config['pair'] === true) {
      return { problems: [{ field: 'symbols', message: 'have to be two', isOfRun: true }] };
    }
    if (config['bare'] === true) return { problems: [{ field: '', message: 'are not for this market' }] };
    const problems = Object.keys(config)
      .filter((name) => name !== 'warmup')
      .map((name) => ({ field: name, message: 'is not a known option' }));
    if (problems.length > 0) return { problems };
    return { config: { warmup: 0, ...config, seen: symbols.length } };
  },
};

let world: ApiWorld;
let alice: Caller;
let accountId: string;
/** What the next commands meet. */
let refusal: Error | null = null;

beforeAll(async () => {
  world = await createApiWorld({
    strategies: { run: [orderEachBar], catalog },
    gate: (runtime) => ({
      ...runtime,
      execute: (id, command, meta) =>
        refusal === null ? runtime.execute(id, command, meta) : Promise.reject(refusal),
    }),
  });
  alice = world.caller(principalOf('workspace-1', 'ADMIN'));
  accountId = await world.openAccount(alice);
  alice = world.caller(principalOf('workspace-1', 'TRADER', ['READ', 'STRATEGIES']));
});
afterAll(() => world.gateway.kill());

const input = (overrides: object = {}) => ({
  ...{ accountId, strategy: orderEachBar.id, symbols: ['AAPL'], interval: 'MINUTE_1' },
  ...overrides,
});
const start = async (overrides: object = {}): Promise<string> =>
  textAt(await alice.ask(START, { input: input(overrides) }), 'startStrategy.id');
const strategy = async (id: string): Promise<unknown> => at(await alice.ask(GET, { id }), 'strategy');
const started = (): number =>
  world.trading.events(accountId).filter(({ event }) => event.type === 'STRATEGY_STARTED').length;

describe('startStrategy', () => {
  it('starts it with the defaults filled in and a seed of its own', async () => {
    const answer = at(await alice.ask(START, { input: input() }), 'startStrategy');
    expect(answer).toEqual({
      id: expect.any(String),
      accountId,
      strategy: 'order-each-bar',
      symbols: ['AAPL'],
      interval: 'MINUTE_1',
      config: { warmup: 0, seen: 1 },
      status: 'STARTING',
      error: null,
      startedAt: new Date(world.trading.clock.now()).toISOString(),
      stoppedAt: null,
      realizedPnl: '0',
      restarts: 0,
    });
    const id = textAt(answer, 'id');
    const [event] = world.trading
      .events(accountId)
      .flatMap(({ event: each }) => (each.type === 'STRATEGY_STARTED' ? [each] : []));
    expect(event).toMatchObject({ strategyId: id, seed: id, config: { warmup: 0, seen: 1 } });
  });

  const many = Array.from({ length: 51 }, (_, index) => `S${String(index)}`);
  it.each([
    ['no symbols', { symbols: [] }, 'input.symbols', '1 to 50'],
    ['too many symbols', { symbols: many }, 'input.symbols', '1 to 50'],
    ['an unknown symbol', { symbols: ['AAPL', 'NOPE'] }, 'input.symbols[1]', 'no instrument'],
    ['a symbol that is mistyped', { symbols: ['APPL'] }, 'input.symbols[0]', 'the nearest is AAPL'],
    ['a symbol twice', { symbols: ['AAPL', 'AAPL'] }, 'input.symbols[1]', 'twice'],
    ['an unknown strategy', { strategy: 'Order-eachbar' }, 'input.strategy', 'the nearest is order-each-bar'],
    ['a strategy that is like none', { strategy: 'zzz' }, 'input.strategy', 'strategy "zzz" here.'],
    ['a wrong parameter', { config: { fast: 1 } }, 'input.config.fast', 'is not a known option'],
    ['symbols that the strategy does not like', { config: { pair: true } }, 'input.symbols', 'to be two.'],
    ['parameters wrong as a whole', { config: { bare: true } }, 'input.config', 'are not for this market'],
  ])('refuses %s', async (_what, overrides, field, message) => {
    const before = started();
    const refused = await alice.refusal(START, { input: input(overrides) });
    expect(refused).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(refused['message']).toContain(message);
    expect(started()).toBe(before);
  });

  it('refuses an account that is not there before it looks at anything else', async () => {
    const refused = await alice.refusal(START, { input: input({ accountId: 'nobody', symbols: [] }) });
    expect(refused).toMatchObject({ code: 'NOT_FOUND', field: 'input.accountId' });
  });

  it('names the account when that runs too many', async () => {
    const other = await world.openAccount(world.caller(principalOf('workspace-1')));
    for (let index = 0; index < 50; index += 1) await start({ accountId: other });
    expect(await alice.refusal(START, { input: input({ accountId: other }) })).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', field: 'input.accountId' },
      message: expect.stringContaining('50 strategies'),
    });
  });

  it('does not say to ask again when nobody knows whether it was done', async () => {
    refusal = new UnavailableError('UNKNOWN', 'the connection broke');
    const refused = await alice.refusal(START, { input: input() });
    refusal = null;
    expect(refused).toMatchObject({ code: 'UNAVAILABLE', outcome: 'UNKNOWN' });
    expect(refused['message']).toContain('look at the strategies of the account');
  });
});

describe('a strategy', () => {
  it('is shown as it runs, trades and stops', async () => {
    const id = await start();
    const { clock, venue } = world.trading;
    for (let minute = 0; minute < 3; minute += 1) {
      venue.quote('AAPL', '190.00', '190.02');
      await clock.advance(30_000);
      venue.quote('AAPL', '190.00', '190.02');
      await clock.advance(30_000);
    }
    expect(await strategy(id)).toMatchObject({ status: 'RUNNING', stoppedAt: null });
    expect(await alice.ask(LIST, { id: accountId })).toMatchObject({
      strategies: expect.arrayContaining([{ id, status: 'RUNNING' }]),
    });
    expect(at(await alice.ask(STOP, { id }), 'stopStrategy')).toMatchObject({
      id,
      status: expect.stringMatching(/^STOP/),
    });
    await clock.advance(500);
    const stopped = await strategy(id);
    expect(stopped).toMatchObject({ status: 'STOPPED', stoppedAt: expect.any(String), error: null });
    // Again: the same answer, and nothing more in the journal.
    const events = world.trading.events(accountId).length;
    expect(at(await alice.ask(STOP, { id }), 'stopStrategy')).toEqual(stopped);
    expect(world.trading.events(accountId)).toHaveLength(events);
  });

  it('that no host can run has failed, with why', async () => {
    const id = await start();
    const terms = { kind: 'endStrategy', strategyId: id, status: 'FAILED', error: 'its own fault' } as const;
    await world.trading.run(world.gateway.runtime.execute(accountId, terms, world.trading.meta()));
    expect(await strategy(id)).toMatchObject({ status: 'FAILED', error: 'its own fault' });
    expect(at(await alice.ask(STOP, { id }), 'stopStrategy.status')).toBe('FAILED');
  });

  it('that ends while it is being stopped, and is forgotten, is answered as it ended', async () => {
    const id = await start();
    const end = { kind: 'endStrategy', strategyId: id, status: 'STOPPED', error: null } as const;
    const { runtime } = world.gateway;
    const find = world.readers.open.bind(world.readers);
    // Between the look at it and the command it ends, and 50 others after it.
    const readers = world.readers as { open: typeof find };
    readers.open = (...args) => {
      readers.open = find;
      const reader = find(...args);
      return {
        ...reader,
        async close() {
          await reader.close();
          await runtime.execute(accountId, end, world.trading.meta());
          for (let index = 0; index < 50; index += 1) {
            const strategyId = `short-${String(index)}`;
            const terms = {
              ...{ strategyId, strategy: 'unknown', symbols: ['AAPL'], config: {}, seed: '' },
              interval: 'MINUTE_1',
            } as const;
            await runtime.execute(accountId, { kind: 'startStrategy', terms }, world.trading.meta());
            const over = { ...end, strategyId };
            await runtime.execute(accountId, over, world.trading.meta());
          }
        },
      };
    };
    expect(at(await alice.ask(STOP, { id }), 'stopStrategy')).toMatchObject({ id, status: 'STOPPED' });
    await expect(runtime.execute(accountId, end, world.trading.meta())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is null, or NOT_FOUND, where there is none', async () => {
    expect(await strategy('nobody')).toBeNull();
    expect(await alice.refusal(STOP, { id: 'nobody' })).toMatchObject({ code: 'NOT_FOUND', field: 'id' });
    expect(await alice.refusal(LIST, { id: 'nobody' })).toMatchObject({
      ...{ code: 'NOT_FOUND', field: 'accountId' },
    });
  });

  it('is started and stopped by people who are in the audit log', async () => {
    const id = await start();
    await alice.ask(STOP, { id });
    const admin = world.caller(principalOf('workspace-1'));
    const log = await admin.ask(
      `query($id: ID!) { auditLog(accountId: $id, first: 2) { nodes { actor action target details } } }`,
      { id: accountId },
    );
    expect(at(log, 'auditLog.nodes')).toEqual([
      {
        ...{ actor: 'user:user-of-workspace-1', action: 'stopStrategy', target: id },
        details: { cancelOpenOrders: true },
      },
      {
        ...{ actor: 'user:user-of-workspace-1', action: 'startStrategy', target: id },
        details: {
          ...{ strategy: 'order-each-bar', symbols: ['AAPL'], interval: 'MINUTE_1' },
          config: { warmup: 0, seen: 1 },
        },
      },
    ]);
  });
});
